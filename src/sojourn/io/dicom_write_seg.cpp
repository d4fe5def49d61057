#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/io/dicom_write_common.h"

namespace sojourn::io {
namespace {

using namespace dicom_write;

/// A frame that is stored: segment numbers and plane numbers count from 1.
struct Frame {
  std::uint16_t segment = 1;
  int slice = 0;
};

std::vector<Frame> occupied_frames(const image::Volume<int>& labels, std::size_t segments) {
  const image::Geometry& grid = labels.geometry();
  const std::size_t plane =
      static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]);
  std::vector<Frame> frames;
  std::vector<char> seen(segments * static_cast<std::size_t>(grid.size[2]), 0);
  for (std::size_t i = 0; i < labels.values().size(); ++i) {
    const int value = labels.values()[i];
    if (value < 0 || static_cast<std::size_t>(value) > segments) {
      throw Error(ErrorCode::bad_value,
                  fmt::format("label {} has no segment ({} are described); describe every label",
                              value, segments));
    }
    if (value > 0)
      seen[(static_cast<std::size_t>(value) - 1) * static_cast<std::size_t>(grid.size[2]) +
           i / plane] = 1;
  }
  for (std::size_t n = 0; n < seen.size(); ++n) {
    if (seen[n] == 0) continue;
    frames.push_back({static_cast<std::uint16_t>(n / static_cast<std::size_t>(grid.size[2]) + 1),
                      static_cast<int>(n % static_cast<std::size_t>(grid.size[2]))});
  }
  if (frames.empty()) frames.push_back({1, 0});  // an image has at least one frame
  return frames;
}

/// Frames follow each other bit by bit, the first pixel in the lowest bit. @source DICOM
/// PS3.5 8.1.1
std::vector<Uint8> packed_bits(const image::Volume<int>& labels, const std::vector<Frame>& frames) {
  const image::Geometry& grid = labels.geometry();
  const std::size_t plane =
      static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]);
  std::vector<Uint8> bits((frames.size() * plane + 15) / 16 * 2, 0);  // an even number of bytes
  for (std::size_t f = 0; f < frames.size(); ++f) {
    const int* values = labels.values().data() + grid.offset(0, 0, frames[f].slice);
    for (std::size_t i = 0; i < plane; ++i) {
      if (values[i] != frames[f].segment) continue;
      const std::size_t bit = f * plane + i;
      bits[bit / 8] = static_cast<Uint8>(bits[bit / 8] | (1U << (bit % 8)));
    }
  }
  return bits;
}

void put_segments(DcmItem& dataset, const std::vector<SegmentFacts>& segments) {
  for (std::size_t n = 0; n < segments.size(); ++n) {
    const SegmentFacts& facts = segments[n];
    DcmItem& item = add_item(dataset, DCM_SegmentSequence);
    put_us(item, DCM_SegmentNumber, static_cast<std::uint16_t>(n + 1));
    put(item, DCM_SegmentLabel, facts.label);
    put(item, DCM_SegmentAlgorithmType, "AUTOMATIC");
    put(item, DCM_SegmentAlgorithmName, "Sojourn");
    if (facts.type_code.empty()) {
      add_code(item, DCM_SegmentedPropertyCategoryCodeSequence, "85756007", "SCT", "Tissue");
      add_code(item, DCM_SegmentedPropertyTypeCodeSequence, "85756007", "SCT", "Tissue");
    } else {
      add_code(item, DCM_SegmentedPropertyCategoryCodeSequence, "123037004", "SCT",
               "Anatomical Structure");
      add_code(item, DCM_SegmentedPropertyTypeCodeSequence, facts.type_code, facts.type_scheme,
               facts.type_meaning);
    }
  }
}

void put_dimensions(DcmItem& dataset, const std::string& organization) {
  put(add_item(dataset, DCM_DimensionOrganizationSequence), DCM_DimensionOrganizationUID,
      organization);
  const auto add = [&](const DcmTag& pointer, const DcmTag& group, const char* name) {
    DcmItem& item = add_item(dataset, DCM_DimensionIndexSequence);
    put(item, DCM_DimensionOrganizationUID, organization);
    item.putAndInsertTagKey(DCM_DimensionIndexPointer, pointer);
    item.putAndInsertTagKey(DCM_FunctionalGroupPointer, group);
    put(item, DCM_DimensionDescriptionLabel, name);
  };
  add(DCM_ReferencedSegmentNumber, DCM_SegmentIdentificationSequence, "ReferencedSegmentNumber");
  add(DCM_ImagePositionPatient, DCM_PlanePositionSequence, "ImagePositionPatient");
}

void put_frames(DcmItem& dataset, const image::Geometry& grid, const std::vector<Frame>& frames) {
  DcmItem& shared = add_item(dataset, DCM_SharedFunctionalGroupsSequence);
  put(add_item(shared, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient,
      orientation_text(grid));
  DcmItem& measures = add_item(shared, DCM_PixelMeasuresSequence);
  put_plane_measures(measures, grid);
  put(measures, DCM_SpacingBetweenSlices, decimal(grid.spacing_mm[2]));
  DcmSequenceOfItems* sequence = new DcmSequenceOfItems(DCM_PerFrameFunctionalGroupsSequence);
  if (dataset.insert(sequence, OFTrue).bad()) {
    delete sequence;
    throw Error(ErrorCode::io_failed, "DICOM SEG: the list of frames cannot be made");
  }
  for (const Frame& frame : frames) {
    DcmItem* item = new DcmItem();
    sequence->append(item);  // not add_item: that walks the list from its start
    DcmItem& content = add_item(*item, DCM_FrameContentSequence);
    const Uint32 place[2] = {frame.segment, static_cast<Uint32>(frame.slice + 1)};
    content.putAndInsertUint32Array(DCM_DimensionIndexValues, place, 2);
    put(add_item(*item, DCM_PlanePositionSequence), DCM_ImagePositionPatient,
        slice_position_text(grid, frame.slice));
    put_us(add_item(*item, DCM_SegmentIdentificationSequence), DCM_ReferencedSegmentNumber,
           frame.segment);
  }
}

void put_image(DcmItem& dataset, const image::Geometry& grid, std::size_t frames,
               const std::string& description) {
  put(dataset, DCM_ImageType, "DERIVED\\PRIMARY");
  put(dataset, DCM_InstanceNumber, "1");
  put(dataset, DCM_ContentLabel, "SEGMENTATION");
  put(dataset, DCM_ContentDescription, description);
  put(dataset, DCM_ContentCreatorName, "");
  put_us(dataset, DCM_SamplesPerPixel, 1);
  put(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
  put(dataset, DCM_NumberOfFrames, std::to_string(frames));
  put_us(dataset, DCM_Rows, static_cast<std::uint16_t>(grid.size[1]));
  put_us(dataset, DCM_Columns, static_cast<std::uint16_t>(grid.size[0]));
  put_us(dataset, DCM_BitsAllocated, 1);
  put_us(dataset, DCM_BitsStored, 1);
  put_us(dataset, DCM_HighBit, 0);
  put_us(dataset, DCM_PixelRepresentation, 0);
  put(dataset, DCM_LossyImageCompression, "00");
  put(dataset, DCM_SegmentationType, "BINARY");
  put(dataset, DCM_SegmentsOverlap, "NO");
}

}  // namespace

void write_dicom_seg(const std::filesystem::path& file, const image::Volume<int>& labels,
                     const std::vector<SegmentFacts>& segments, const DicomStudyFacts& study,
                     const std::string& description, int series_number, double start_utc_s) {
  const image::Geometry& grid = labels.geometry();
  check_grid(grid, "label map");
  if (segments.empty() || segments.size() > 65535) {
    throw Error(ErrorCode::bad_value,
                fmt::format("{} segments (a DICOM SEG holds 1 to 65535)", segments.size()));
  }
  const std::vector<Frame> frames = occupied_frames(labels, segments.size());
  const SeriesIdentity identity{"SEG", UID_SegmentationStorage, description, series_number,
                                start_utc_s};
  DcmDataset dataset;
  put_common(dataset, study, identity, "1", "", "");
  put(dataset, DCM_DeviceSerialNumber, "0");
  put_image(dataset, grid, frames.size(), description);
  put_segments(dataset, segments);
  put_dimensions(dataset, uid(study.seed, {"dimensions", study.subject_id,
                                           std::to_string(series_number), description}));
  put_frames(dataset, grid, frames);
  const std::vector<Uint8> bits = packed_bits(labels, frames);
  if (dataset.putAndInsertUint8Array(DCM_PixelData, bits.data(), bits.size()).bad()) {
    throw Error(ErrorCode::io_failed, "DICOM SEG: the pixel data cannot be made");
  }
  core::write_through(file,
                      [&](const std::filesystem::path& temporary) { save(dataset, temporary); });
}

}  // namespace sojourn::io
