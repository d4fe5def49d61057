#include "sojourn/study/scan_product.h"

#include "sojourn/core/error.h"
#include "sojourn/core/time.h"

namespace sojourn::study {
namespace {

using core::Tree;

/// One list of fields for both directions: `Io` writes them to a tree or reads them from it.
class Writer {
 public:
  explicit Writer(Tree& tree) : tree_(&tree) {}
  template <typename T>
  void operator()(const char* key, const T& value) {
    tree_->set(key, convert(value));
  }

 private:
  template <typename T>
  static Tree convert(const T& value) {
    return Tree(value);
  }
  template <typename T>
  static Tree convert(const std::vector<T>& values) {
    Tree all = Tree::array();
    for (const auto& value : values) all.push(convert(value));
    return all;
  }
  static Tree convert(const std::optional<image::Vec3>& v) {
    return v ? convert(std::vector<double>(v->begin(), v->end())) : Tree();
  }
  static Tree convert(const records::Measurement& row);
  Tree* tree_;
};

class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_(&tree) {}
  template <typename T>
  void operator()(const char* key, T& value) {
    const Tree* found = tree_->find(key);
    if (found == nullptr) refuse("no {}", key);
    convert(*found, value);
  }

 private:
  static void convert(const Tree& t, double& v) { v = t.number(); }
  static void convert(const Tree& t, int& v) { v = static_cast<int>(t.integer()); }
  static void convert(const Tree& t, bool& v) { v = t.boolean(); }
  static void convert(const Tree& t, std::string& v) { v = t.text(); }
  static void convert(const Tree& t, records::Measurement& v);
  template <typename T>
  static void convert(const Tree& t, std::vector<T>& v) {
    v.clear();
    for (const auto& item : t.items()) convert(item, v.emplace_back());
  }
  static void convert(const Tree& t, std::optional<double>& v) {
    if (t.is_null())
      v.reset();
    else
      v = t.number();
  }
  static void convert(const Tree& t, std::optional<image::Vec3>& v) {
    if (t.is_null()) return v.reset();
    v = image::Vec3{t.items().at(0).number(), t.items().at(1).number(), t.items().at(2).number()};
  }
  const Tree* tree_;
};

template <typename Io, typename Row>
void measurement_fields(Io&& io, Row& m) {
  io("scan", m.scan), io("frame", m.frame), io("hours", m.hours);
  io("frame_start_s", m.frame_start_s), io("frame_duration_s", m.frame_duration_s);
  io("tracer", m.tracer), io("region", m.region), io("roles", m.roles);
  io("role_fraction", m.role_fraction), io("volume_ml", m.volume_ml);
  io("activity_bq", m.activity_bq), io("activity_uncorrected_bq", m.activity_uncorrected_bq);
  io("activity_dc_bq", m.activity_dc_bq), io("percent_id", m.percent_id);
  io("percent_id_per_ml", m.percent_id_per_ml), io("suv_mean", m.suv_mean);
  io("suv_max", m.suv_max), io("suv_peak", m.suv_peak), io("recovery", m.recovery);
  io("recovery_relative_sd", m.recovery_relative_sd), io("noise_bq", m.noise_bq);
  io("detection_limit_bq", m.detection_limit_bq);
  io("calibration_relative_sd", m.calibration_relative_sd);
}

Tree Writer::convert(const records::Measurement& row) {
  Tree t = Tree::table();
  measurement_fields(Writer(t), row);
  return t;
}

void Reader::convert(const Tree& t, records::Measurement& v) { measurement_fields(Reader(t), v); }

template <typename Io, typename Product>
void product_fields(Io&& io, Product& p) {
  io("number", p.number), io("image", p.image_as_written), io("tracer", p.tracer);
  io("method", p.method), io("nuclide", p.nuclide), io("format", p.format);
  io("scanner", p.scanner_text), io("half_life_s", p.half_life_s);
  io("origin_utc_s", p.origin_utc_s), io("administered_utc_s", p.administered_utc_s);
  io("injected_bq", p.injected_bq), io("body_mass_g", p.body_mass_g);
  io("psf_fwhm_mm", p.psf_fwhm_mm), io("whole_body", p.whole_body);
  io("reference_utc_s", p.reference.utc_s), io("reference_rule", p.reference.rule);
  io("reference_by_series_utc_s", p.reference.by_series_utc_s);
  io("reference_by_slices_utc_s", p.reference.by_slices_utc_s);
  io("pixel_sha256", p.pixel_sha256), io("regions_format", p.regions_format);
  io("regions_sha256", p.regions_sha256), io("frame_mid_utc_s", p.frame_mid_utc_s);
  io("frame_to_administration", p.frame_to_administration), io("region_names", p.region_names);
  io("measurements", p.measurements), io("warnings", p.warnings);
}

}  // namespace

Tree to_tree(const ScanProduct& product) {
  Tree t = Tree::table();
  product_fields(Writer(t), product);
  return t;
}

std::optional<ScanProduct> product_from(const Tree& tree) {
  try {
    ScanProduct product;
    product_fields(Reader(tree), product);
    return product;
  } catch (const std::exception&) {  // of another version, or damaged: done again
    return std::nullopt;
  }
}

std::string activity_map(int scan) { return fmt::format("maps/scan-{:02}_activity.nii.gz", scan); }
std::string region_map(int scan) { return fmt::format("maps/scan-{:02}_regions.nii.gz", scan); }
std::string cell_map(int scan) { return fmt::format("maps/scan-{:02}_cells.nii.gz", scan); }
std::string cell_sd_map(int scan) { return fmt::format("maps/scan-{:02}_cells-sd.nii.gz", scan); }

}  // namespace sojourn::study
