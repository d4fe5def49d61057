#include "sojourn/simulate/labelled_subject.h"

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/io/image_import.h"
#include "sojourn/io/nifti.h"

namespace sojourn::simulate {
namespace {

using subject::LabelledOrgan;

image::Volume<int> whole_numbers(const image::Volume<float>& values, const std::string& name) {
  image::Volume<int> labels(values.geometry());
  for (std::size_t v = 0; v < values.values().size(); ++v) {
    const float value = values.values()[v];
    if (!(std::abs(value) < 1e6F) || value != std::round(value))
      refuse("{}: holds {}, no whole number; a label map is wanted", name, value);
    labels.values()[v] = static_cast<int>(value);
  }
  return labels;
}

std::vector<LabelledOrgan> read_organs(core::TableReader& in) {
  std::vector<LabelledOrgan> organs;
  for (auto& row : in.tables("organ")) {
    LabelledOrgan organ;
    organ.label = static_cast<int>(row.need(row.integer("label"), "label"));
    organ.id = row.need(row.text("id"), "id");
    organ.tissue = row.text("tissue").value_or("soft-tissue");
    organ.density_g_per_ml = row.number("density_g_per_ml").value_or(1.04);
    if (!(organ.density_g_per_ml > 0 && organ.density_g_per_ml < 25))
      row.fail("density_g_per_ml", "is not between 0 and 25");
    row.finish();
    organs.push_back(std::move(organ));
  }
  return organs;
}

}  // namespace

image::Volume<int> tissue_labels(const image::Volume<float>& ct_hu) {
  constexpr float kAir_hu = -950, kHollow_hu = -300, kBone_hu = 150;
  constexpr int kAir = 0, kLung = 1, kSoft = 2, kBone = 3;
  const auto& grid = ct_hu.geometry();
  image::Volume<int> labels(grid);
  for (std::size_t v = 0; v < ct_hu.values().size(); ++v) {
    const float hu = ct_hu.values()[v];
    labels.values()[v] = hu < kAir_hu      ? kAir
                         : hu < kHollow_hu ? kLung
                         : hu <= kBone_hu  ? kSoft
                                           : kBone;
  }
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t plane) {
    const int k = static_cast<int>(plane), nx = grid.size[0], ny = grid.size[1];
    std::vector<std::array<int, 2>> open;
    std::vector<char> seen(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny), 0);
    const auto at = [&](int i, int j) {
      return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx) +
             static_cast<std::size_t>(i);
    };
    const auto visit = [&](int i, int j) {
      if (i < 0 || j < 0 || i >= nx || j >= ny || seen[at(i, j)]) return;
      if (labels.at(i, j, k) > kLung) return;
      seen[at(i, j)] = 1;
      labels.at(i, j, k) = kAir;
      open.push_back({i, j});
    };
    for (int i = 0; i < nx; ++i) visit(i, 0), visit(i, ny - 1);
    for (int j = 0; j < ny; ++j) visit(0, j), visit(nx - 1, j);
    while (!open.empty()) {
      const auto [i, j] = open.back();
      open.pop_back();
      visit(i - 1, j), visit(i + 1, j), visit(i, j - 1), visit(i, j + 1);
    }
  });
  return labels;
}

RealSubject read_real_subject(const std::filesystem::path& file) {
  const auto tree = core::parse_toml(core::read_file(file), file.filename().string());
  core::TableReader in(tree, file.filename().string());
  const auto id = in.need(in.text("id"), "id"), species = in.need(in.text("species"), "species");
  const auto labels_file = in.text("labels"), ct_file = in.text("ct");
  const auto voxel_mm = in.number("voxel_mm");
  auto organs = read_organs(in);
  in.finish();
  if (voxel_mm && !(*voxel_mm > 0 && *voxel_mm < 100)) in.fail("voxel_mm", "is not a voxel's edge");
  if (!labels_file && !ct_file) in.fail("labels", "is missing, and so is ct; name one at least");
  const auto settled = [&](image::Geometry grid) {
    if (voxel_mm) grid.spacing_mm = {*voxel_mm, *voxel_mm, *voxel_mm};
    return grid;
  };
  std::optional<image::Volume<float>> ct;
  if (ct_file) {
    io::ImportRequest request;
    request.modality = "CT";
    auto series = io::import_image(file.parent_path() / *ct_file, request);
    auto& values = series.frames.at(0).values;
    ct.emplace(settled(values.geometry()), std::move(values.values()));
  }
  if (!labels_file) {
    if (!organs.empty()) in.fail("organ", "rows need labels; the CT's tissues are named already");
    organs = {{1, "lung", "lung", 0.296},
              {2, "soft-tissue", "soft-tissue", 1.04},
              {3, "skeleton", "skeleton", 1.4}};
    return {subject::subject_from_labels(tissue_labels(*ct), organs, id, species), std::move(ct)};
  }
  auto series = io::import_nifti(file.parent_path() / *labels_file);
  auto values = series.frames.at(0).values;
  const image::Volume<float> map(settled(values.geometry()), std::move(values.values()));
  if (ct && !image::same_grid(map.geometry(), ct->geometry()))
    in.fail("ct", "stands on another grid than labels; resample one onto the other");
  return {subject::subject_from_labels(whole_numbers(map, *labels_file), organs, id, species),
          std::move(ct)};
}

}  // namespace sojourn::simulate
