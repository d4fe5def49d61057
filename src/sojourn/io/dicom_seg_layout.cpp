#include "sojourn/io/dicom_seg_layout.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <set>

#include "sojourn/core/error.h"

namespace sojourn::io::seg {
namespace {

using region_file::File;

constexpr const char* kLabelMapClass = "1.2.840.10008.5.1.4.1.1.66.7";
constexpr std::int64_t kMostFrames = 1'000'000, kMostSegments = 65535;

int in_range(const File& file, const DcmTagKey& tag, const char* what, std::int64_t least,
             std::int64_t most) {
  const auto value = file.integer(file.dataset(), tag);
  if (!value) refuse("{}: {} is missing; check the file", file.name(), what);
  if (*value < least || *value > most) {
    refuse("{}: {} is {} (must be {} to {}); check the file", file.name(), what, *value, least,
           most);
  }
  return static_cast<int>(*value);
}

Coding coding_of(const File& file) {
  const std::string type = file.text(file.dataset(), DCM_SegmentationType);
  if (file.sop_class() == kLabelMapClass || type == "LABELMAP") return Coding::label_map;
  if (type == "BINARY") return Coding::binary;
  if (type == "FRACTIONAL") return Coding::fractional;
  refuse("{}: Segmentation Type (0062,0001) is \"{}\" (known: BINARY, FRACTIONAL, LABELMAP)",
         file.name(), type);
}

void read_segments(const File& file, Layout& layout) {
  const std::vector<DcmItem*> items = file.items(file.dataset(), DCM_SegmentSequence);
  if (items.empty()) refuse("{}: no Segment Sequence (0062,0002); check the file", file.name());
  std::vector<std::string> labels;
  std::set<int> numbers;
  for (DcmItem* item : items) {
    const auto number = file.integer(*item, DCM_SegmentNumber);
    if (!number || *number < 0 || *number > kMostSegments) {
      refuse("{}: a segment has no valid Segment Number (0062,0004); check the file", file.name());
    }
    if (*number == 0 && layout.coding == Coding::label_map) continue;  // background
    if (!numbers.insert(static_cast<int>(*number)).second) {
      refuse("{}: Segment Number {} is given twice; check the file", file.name(), *number);
    }
    const std::string label = file.text(*item, DCM_SegmentLabel);
    labels.push_back(region_file::unique_name(label, fmt::format("segment_{}", *number), labels));
    if (labels.back() != label && !label.empty()) {
      layout.warnings.push_back(fmt::format(
          "segment label \"{}\" occurs twice; the second is called \"{}\"", label, labels.back()));
    }
    layout.segments.push_back({static_cast<int>(*number), labels.back()});
  }
}

}  // namespace

Layout read_layout(const File& file) {
  if (file.sop_class() != UID_SegmentationStorage && file.sop_class() != kLabelMapClass) {
    refuse(
        "{}: not a DICOM SEG (its SOP class is another); give a SEG, an RTSTRUCT or a NIfTI label "
        "map",
        file.name());
  }
  Layout layout;
  layout.coding = coding_of(file);
  layout.rows = in_range(file, DCM_Rows, "Rows (0028,0010)", 1, 65535);
  layout.columns = in_range(file, DCM_Columns, "Columns (0028,0011)", 1, 65535);
  in_range(file, DCM_SamplesPerPixel, "Samples per Pixel (0028,0002)", 1, 1);
  layout.bits = in_range(file, DCM_BitsAllocated, "Bits Allocated (0028,0100)", 1, 16);
  const bool fits = layout.coding == Coding::binary       ? layout.bits == 1 || layout.bits == 8
                    : layout.coding == Coding::fractional ? layout.bits == 8
                                                          : layout.bits == 8 || layout.bits == 16;
  if (!fits) {
    refuse(
        "{}: Bits Allocated (0028,0100) is {} (unusual for this Segmentation Type); check the file",
        file.name(), layout.bits);
  }
  if (layout.coding == Coding::fractional) {
    layout.maximum =
        in_range(file, DCM_MaximumFractionalValue, "Maximum Fractional Value (0062,000E)", 1, 255);
    if (file.text(file.dataset(), DCM_SegmentationFractionalType) == "PROBABILITY") {
      layout.warnings.emplace_back(
          "the SEG holds probabilities; they are taken as the covered part of each voxel");
    }
  }
  read_segments(file, layout);
  const int frames =
      in_range(file, DCM_NumberOfFrames, "Number of Frames (0028,0008)", 1, kMostFrames);
  layout.frame_segment.assign(static_cast<std::size_t>(frames), 0);
  layout.frame_layer.assign(static_cast<std::size_t>(frames), 0);
  read_planes(file, layout);
  return layout;
}

}  // namespace sojourn::io::seg
