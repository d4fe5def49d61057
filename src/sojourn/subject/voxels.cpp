#include "sojourn/subject/voxels.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::subject {

Voxels::Voxels(image::Geometry geometry, std::size_t organs, std::vector<std::uint32_t> begins,
               std::vector<Fill> fills, std::vector<Overlap> overlaps)
    : geometry_(std::move(geometry)),
      begins_(std::move(begins)),
      fills_(std::move(fills)),
      volumes_ml_(organs, 0.0),
      overlaps_(std::move(overlaps)) {
  SOJOURN_EXPECT(begins_.size() == geometry_.voxels() + 1 && begins_.back() == fills_.size());
  for (const Fill& fill : fills_) {
    SOJOURN_EXPECT(fill.organ < organs);
    volumes_ml_[fill.organ] += static_cast<double>(fill.fraction) * geometry_.voxel_ml();
  }
}

image::Volume<int> Voxels::labels() const {
  image::Volume<int> result(geometry_);
  core::parallel_blocks(geometry_.voxels(), 65536, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) {
      double air = 1;
      const Fill* most = nullptr;
      for (const Fill& fill : fills(v)) {
        air -= static_cast<double>(fill.fraction);
        if (!most || fill.fraction > most->fraction) most = &fill;
      }
      if (most && static_cast<double>(most->fraction) > air) result.values()[v] = most->organ + 1;
    }
  });
  return result;
}

image::Volume<float> Voxels::average(std::span<const double> value_of_organ, double outside) const {
  SOJOURN_EXPECT(value_of_organ.size() == organs());
  image::Volume<float> result(geometry_);
  core::parallel_blocks(geometry_.voxels(), 65536, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) {
      double sum = 0, air = 1;
      for (const Fill& fill : fills(v)) {
        const auto fraction = static_cast<double>(fill.fraction);
        sum += fraction * value_of_organ[fill.organ];
        air -= fraction;
      }
      if (outside != 0) sum += std::max(air, 0.0) * outside;
      result.values()[v] = static_cast<float>(sum);
    }
  });
  return result;
}

image::Volume<float> Voxels::concentration(const Subject& subject,
                                           std::span<const double> bq_of_organ) const {
  SOJOURN_EXPECT(bq_of_organ.size() == organs() && subject.organs.size() == organs());
  std::vector<double> bq(organs(), 0.0);
  for (std::size_t i = 0; i < organs(); ++i) {
    const auto& spread = subject.organs[i].spread;
    if (spread.empty()) bq[i] += bq_of_organ[i];
    for (const Share& share : spread) bq[share.organ] += share.share * bq_of_organ[i];
  }
  std::vector<double> per_ml(organs(), 0.0);
  for (std::size_t i = 0; i < organs(); ++i) {
    if (bq[i] == 0) continue;
    if (!(volumes_ml_[i] > 0))
      throw Error(ErrorCode::bad_value,
                  fmt::format("{} Bq in {}, which fills no voxel of the grid; choose a grid that "
                              "holds it",
                              bq[i], subject.organs[i].id));
    per_ml[i] = bq[i] / volumes_ml_[i];
  }
  return average(per_ml);
}

void refuse_overlaps(const Subject& subject, const Voxels& voxels, double fraction) {
  for (const Overlap& overlap : voxels.overlaps()) {
    const double smaller = std::min(voxels.volumes_ml()[overlap.first],
                                    voxels.volumes_ml()[overlap.second] + overlap.volume_ml);
    if (overlap.volume_ml > fraction * smaller)
      refuse(
          "subject {}: {} and {} share {:.4g} mL in one layer; move one, or give the one that "
          "shall hold it a higher layer",
          subject.id, subject.organs[overlap.first].id, subject.organs[overlap.second].id,
          overlap.volume_ml);
  }
}

std::vector<double> masses_g(const Subject& subject, const Voxels& voxels) {
  SOJOURN_EXPECT(subject.organs.size() == voxels.organs());
  std::vector<double> masses;
  for (std::size_t i = 0; i < voxels.organs(); ++i)
    masses.push_back(voxels.volumes_ml()[i] * subject.organs[i].density_g_per_ml);
  return masses;
}

LabelledSubject subject_from_labels(const image::Volume<int>& labels,
                                    std::span<const LabelledOrgan> organs, const std::string& id,
                                    const std::string& species) {
  std::map<int, std::uint16_t> index;
  Subject subject;
  subject.id = id;
  subject.name = "label map";
  subject.species = species;
  subject.sex = "n/a";
  for (const LabelledOrgan& one : organs) {
    if (one.label == 0) refuse("label map: label 0 is air; {} needs another", one.id);
    if (!index.emplace(one.label, static_cast<std::uint16_t>(subject.organs.size())).second)
      refuse("label map: label {} is named twice", one.label);
    if (subject.find(one.id)) refuse("label map: \"{}\" names two labels", one.id);
    BodyOrgan organ;
    organ.id = one.id;
    organ.tissue = one.tissue;
    organ.density_g_per_ml = one.density_g_per_ml;
    subject.organs.push_back(std::move(organ));
  }
  std::vector<std::uint32_t> begins{0};
  begins.reserve(labels.values().size() + 1);
  std::vector<Fill> fills;
  for (const int label : labels.values()) {
    if (label != 0) {
      const auto found = index.find(label);
      if (found == index.end())
        refuse("label map: label {} has no organ; name it, or set its voxels to 0", label);
      fills.push_back({found->second, 1.0F});
    }
    begins.push_back(static_cast<std::uint32_t>(fills.size()));
  }
  Voxels voxels(labels.geometry(), subject.organs.size(), std::move(begins), std::move(fills), {});
  for (const double mass : masses_g(subject, voxels)) subject.body_mass_g += mass;
  return {std::move(subject), std::move(voxels)};
}

}  // namespace sojourn::subject
