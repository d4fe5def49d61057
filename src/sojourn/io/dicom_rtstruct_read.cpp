#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/core/error.h"
#include "sojourn/core/hash.h"
#include "sojourn/core/parallel.h"
#include "sojourn/io/contour_region.h"
#include "sojourn/io/dicom_region_file.h"
#include "sojourn/io/dicom_regions.h"

namespace sojourn::io {
namespace {

using region_file::File;

struct Roi {
  bool on_emission = false;  ///< a contour refers to PET or NM slices
  std::string name;
  int number = 0;
  std::vector<Contour> contours;
  ContourStack stack;
  std::vector<std::string> warnings;
};

std::vector<Roi> read_names(const File& file) {
  std::vector<Roi> rois;
  std::vector<std::string> taken;
  for (DcmItem* item : file.items(file.dataset(), DCM_StructureSetROISequence)) {
    const auto number = file.integer(*item, DCM_ROINumber);
    if (!number) refuse("{}: an ROI has no ROI Number (3006,0022); check the file", file.name());
    Roi roi;
    roi.number = static_cast<int>(*number);
    const std::string name = file.text(*item, DCM_ROIName);
    roi.name = region_file::unique_name(name, fmt::format("roi_{}", *number), taken);
    if (roi.name != name && !name.empty()) {
      roi.warnings.push_back(
          fmt::format("ROI name \"{}\" occurs twice; the second is called \"{}\"", name, roi.name));
    }
    taken.push_back(roi.name);
    rois.push_back(std::move(roi));
  }
  if (rois.empty())
    refuse("{}: no Structure Set ROI Sequence (3006,0020); check the file", file.name());
  return rois;
}

Contour read_contour(const File& file, DcmItem& item, const Roi& roi) {
  const std::vector<double> values =
      file.decimals(item, DCM_ContourData, "Contour Data (3006,0050)");
  if (values.size() % 3 != 0) {
    refuse(
        "{}: a contour of \"{}\" has {} numbers (not triples x, y, z); check Contour Data "
        "(3006,0050)",
        file.name(), roi.name, values.size());
  }
  const auto stated = file.integer(item, DCM_NumberOfContourPoints);
  if (stated && static_cast<std::uint64_t>(*stated) != values.size() / 3) {
    refuse(
        "{}: a contour of \"{}\" has {} points but Number of Contour Points (3006,0046) is {} "
        "(truncated?); copy "
        "the file again",
        file.name(), roi.name, values.size() / 3, *stated);
  }
  Contour contour(values.size() / 3);
  for (std::size_t n = 0; n < contour.size(); ++n) {
    contour[n] = {values[3 * n], values[3 * n + 1], values[3 * n + 2]};
    for (const double mm : contour[n]) {
      if (std::abs(mm) > 1e5) {
        refuse(
            "{}: a contour of \"{}\" lies {:.3g} mm away (outside any scanner); check Contour Data "
            "(3006,0050)",
            file.name(), roi.name, mm);
      }
    }
  }
  return contour;
}

bool is_emission(const std::string& sop_class) {
  return sop_class == UID_PositronEmissionTomographyImageStorage ||
         sop_class == UID_EnhancedPETImageStorage || sop_class == UID_NuclearMedicineImageStorage;
}

void read_contours(const File& file, std::vector<Roi>& rois, core::Sha256& hash) {
  for (DcmItem* item : file.items(file.dataset(), DCM_ROIContourSequence)) {
    const auto number = file.integer(*item, DCM_ReferencedROINumber);
    const auto roi = std::find_if(rois.begin(), rois.end(),
                                  [&](const Roi& r) { return number && r.number == *number; });
    if (roi == rois.end()) {
      refuse(
          "{}: contours belong to an ROI that is not named (Referenced ROI Number (3006,0084)); "
          "check the file",
          file.name());
    }
    std::map<std::string, std::size_t> ignored;
    for (DcmItem* one : file.items(*item, DCM_ContourSequence)) {
      const std::string type = file.text(*one, DCM_ContourGeometricType);
      // CLOSEDPLANAR_XOR (DICOM 2022) says outright what holes mean here anyway.
      if (type != "CLOSED_PLANAR" && type != "CLOSEDPLANAR_XOR") {
        ++ignored[type];
        continue;
      }
      roi->contours.push_back(read_contour(file, *one, *roi));
      if (DcmItem* slice = file.first(*one, DCM_ContourImageSequence)) {
        roi->on_emission =
            roi->on_emission || is_emission(file.text(*slice, DCM_ReferencedSOPClassUID));
      }
      hash.add(std::as_bytes(std::span(roi->contours.back())));
    }
    for (const auto& [type, count] : ignored) {
      roi->warnings.push_back(
          fmt::format("region \"{}\": {} contours of type {} enclose nothing and are left out",
                      roi->name, count, type.empty() ? "unknown" : type));
    }
  }
}

std::size_t axis_along(const image::Geometry& image, const image::Vec3& normal) {
  std::size_t best = 0;
  for (std::size_t a = 1; a < 3; ++a) {
    if (std::abs(image::dot(image.axis[a], normal)) >
        std::abs(image::dot(image.axis[best], normal)))
      best = a;
  }
  return best;
}

/// Two planes far apart are two lone slices, not one thick slab: they are `lone` thick each.
bool far_apart(const ContourStack& stack, double lone_mm) {
  return stack.planes.size() == 2 && stack.step_mm > 3 * lone_mm;
}

}  // namespace

records::RegionSet read_rtstruct(const std::filesystem::path& path, const image::Geometry& image,
                                 ContourRule rule) {
  const File file(path);
  if (file.sop_class() != UID_RTStructureSetStorage) {
    refuse(
        "{}: not an RTSTRUCT (its SOP class is another); give a SEG, an RTSTRUCT or a NIfTI label "
        "map",
        file.name());
  }
  std::vector<Roi> rois = read_names(file);
  core::Sha256 hash;
  read_contours(file, rois, hash);

  double step_mm = 0;  // the smallest of the file, for regions of a single plane
  for (Roi& roi : rois) {
    roi.stack = stack_contours(
        roi.contours, image, fmt::format("{}: region \"{}\"", file.name(), roi.name), roi.warnings);
    if (roi.stack.planes.size() > 2) {
      step_mm = step_mm > 0 ? std::min(step_mm, roi.stack.step_mm) : roi.stack.step_mm;
    }
  }
  records::RegionSet set;
  set.regions.resize(rois.size());
  core::parallel_for(rois.size(), [&](std::size_t n) {
    Roi& roi = rois[n];
    const double lone_mm =
        step_mm > 0 ? step_mm : image.spacing_mm[axis_along(image, roi.stack.normal)];
    if (roi.stack.planes.size() == 1) {
      roi.warnings.push_back(fmt::format(
          "region \"{}\" is a single contour plane; {:.4g} mm thickness taken", roi.name, lone_mm));
    } else if (far_apart(roi.stack, lone_mm)) {
      roi.warnings.push_back(
          fmt::format("region \"{}\" is two planes {:.4g} mm apart; each taken as {:.4g} mm thick",
                      roi.name, roi.stack.step_mm, lone_mm));
      const double layers = std::max(1.0, std::round(roi.stack.step_mm / lone_mm));
      roi.stack.step_mm /= layers;
    }
    const bool centres =
        rule == ContourRule::voxel_centre || (rule == ContourRule::as_drawn && roi.on_emission);
    set.regions[n] = contour_region(roi.name, roi.number, roi.contours, roi.stack, image, lone_mm,
                                    centres && on_slices(roi.stack, image));
  });
  set.format = "RTSTRUCT";
  if (DcmItem* frame = file.first(file.dataset(), DCM_ReferencedFrameOfReferenceSequence)) {
    set.frame_of_reference = file.text(*frame, DCM_FrameOfReferenceUID);
  }
  if (set.frame_of_reference.empty()) {
    set.frame_of_reference = file.text(file.dataset(), DCM_FrameOfReferenceUID);
  }
  set.pixel_sha256 = hash.hex();
  for (Roi& roi : rois) {
    set.warnings.insert(set.warnings.end(), roi.warnings.begin(), roi.warnings.end());
  }
  return set;
}

}  // namespace sojourn::io
