#include "io/dicom_builder.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpath.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrploss.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <fmt/core.h>
#include <gdcmImageChangeTransferSyntax.h>
#include <gdcmImageReader.h>
#include <gdcmImageWriter.h>

#include <mutex>
#include <stdexcept>

namespace sojourn::test {
namespace {

void must(const OFCondition& done, const std::string& what) {
  if (done.bad()) throw std::runtime_error(what + ": " + done.text());
}

E_TransferSyntax syntax_of(Coding coding) {
  switch (coding) {
    case Coding::implicit:
      return EXS_LittleEndianImplicit;
    case Coding::explicit_big:
      return EXS_BigEndianExplicit;
    case Coding::deflated:
      return EXS_DeflatedLittleEndianExplicit;
    case Coding::rle:
      return EXS_RLELossless;
    case Coding::jpeg_lossless:
      return EXS_JPEGProcess14;
    case Coding::jpeg_lossless_sv1:
      return EXS_JPEGProcess14SV1;
    case Coding::jpeg_ls:
      return EXS_JPEGLSLossless;
    case Coding::jpeg_lossy:
      return EXS_JPEGProcess2_4;
    default:
      return EXS_LittleEndianExplicit;
  }
}

void recode_jpeg_2000(const std::filesystem::path& file) {
  gdcm::ImageReader reader;
  reader.SetFileName(file.c_str());
  if (!reader.Read()) throw std::runtime_error("gdcm does not read the test file");
  gdcm::ImageChangeTransferSyntax change;
  change.SetTransferSyntax(gdcm::TransferSyntax::JPEG2000Lossless);
  change.SetInput(reader.GetImage());
  if (!change.Change()) throw std::runtime_error("gdcm does not encode JPEG 2000");
  gdcm::ImageWriter writer;
  writer.SetFile(reader.GetFile());
  writer.SetImage(change.GetOutput());
  writer.SetFileName(file.c_str());
  if (!writer.Write()) throw std::runtime_error("gdcm does not write the test file");
}

/// What every test object has.
DicomBuilder base(const std::string& sop_class, const std::string& modality,
                  const std::string& series, int number) {
  static int serial = 0;
  DicomBuilder b;
  b.set("(0008,0016)", sop_class)
      .set("(0008,0018)", fmt::format("1.2.3.4.{}.{}", series, ++serial));
  b.set("(0008,0060)", modality).set("(0010,0010)", "SECRET^NAME").set("(0010,0020)", "SECRETID");
  b.set("(0020,000d)", "1.2.3.4").set("(0020,000e)", "1.2.3.4." + series);
  b.set("(0020,0011)", std::to_string(number)).set("(0020,0052)", "1.2.3.4.9");
  b.set("(0028,0002)", "1")
      .set("(0028,0004)", "MONOCHROME2")
      .set("(0028,0010)", "3")
      .set("(0028,0011)", "4");
  b.set("(0028,0100)", "16")
      .set("(0028,0101)", "16")
      .set("(0028,0102)", "15")
      .set("(0028,0103)", "0");
  return b;
}

void set_place(DicomBuilder& b, double z_mm) {
  b.set("(0020,0032)", fmt::format("-10\\-20\\{:.6g}", z_mm))
      .set("(0020,0037)", "1\\0\\0\\0\\1\\0");
  b.set("(0028,0030)", "3\\2").set("(0018,0050)", "4");
}

std::vector<std::uint16_t> ramp(int start) {
  std::vector<std::uint16_t> values;
  for (int i = 0; i < 12; ++i) values.push_back(static_cast<std::uint16_t>(start + i));
  return values;
}

}  // namespace

DicomBuilder::DicomBuilder() : file_(std::make_unique<DcmFileFormat>()) {}
DicomBuilder::~DicomBuilder() = default;
DicomBuilder::DicomBuilder(DicomBuilder&&) noexcept = default;
DicomBuilder& DicomBuilder::operator=(DicomBuilder&&) noexcept = default;

DicomBuilder& DicomBuilder::set(const std::string& path, const std::string& value) {
  DcmPathProcessor processor;
  must(processor.applyPathWithValue(file_->getDataset(), (path + "=" + value).c_str()), path);
  return *this;
}

DicomBuilder& DicomBuilder::set_private(unsigned group, unsigned element, const std::string& vr,
                                        const std::string& value) {
  DcmTag tag(static_cast<Uint16>(group), static_cast<Uint16>(element));
  tag.setVR(DcmVR(vr.c_str()));
  DcmElement* made = nullptr;
  if (vr == "DT") made = new DcmDateTime(tag);
  if (vr == "DS") made = new DcmDecimalString(tag);
  if (vr == "LO") made = new DcmLongString(tag);
  if (vr == "UN") made = new DcmOtherByteOtherWord(tag);
  if (made == nullptr) throw std::runtime_error("no private element of VR " + vr);
  if (vr == "UN") {
    const std::string even = value + (value.size() % 2 != 0 ? " " : "");
    must(made->putUint8Array(reinterpret_cast<const Uint8*>(even.data()), even.size()), vr);
  } else {
    must(made->putString(value.c_str()), vr);
  }
  must(file_->getDataset()->insert(made, OFTrue), vr);
  return *this;
}

DicomBuilder& DicomBuilder::remove(unsigned group, unsigned element) {
  delete file_->getDataset()->remove(
      DcmTagKey(static_cast<Uint16>(group), static_cast<Uint16>(element)));
  return *this;
}

DicomBuilder& DicomBuilder::pixels(const std::vector<std::uint16_t>& values) {
  must(file_->getDataset()->putAndInsertUint16Array(DCM_PixelData, values.data(), values.size()),
       "pixels");
  return *this;
}

DicomBuilder& DicomBuilder::pixels8(const std::vector<std::uint8_t>& values) {
  auto* element = new DcmPixelData(DcmTag(DCM_PixelData, EVR_OB));
  must(element->putUint8Array(values.data(), static_cast<unsigned long>(values.size())), "pixels");
  must(file_->getDataset()->insert(element, OFTrue), "pixels");
  return *this;
}

DicomBuilder& DicomBuilder::pixels32(const std::vector<std::uint32_t>& values) {
  std::vector<std::uint16_t> words;
  for (const auto value : values) {
    words.push_back(static_cast<std::uint16_t>(value & 0xFFFF));
    words.push_back(static_cast<std::uint16_t>(value >> 16));
  }
  return pixels(words);
}

DicomBuilder& DicomBuilder::pixels_float(const std::vector<float>& values) {
  must(file_->getDataset()->putAndInsertFloat32Array(DCM_FloatPixelData, values.data(),
                                                     values.size()),
       "pixels");
  return *this;
}

void DicomBuilder::write(const std::filesystem::path& file, Coding coding) {
  static std::once_flag codecs;
  std::call_once(codecs, [] {
    OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
    DcmRLEEncoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs();
    DJLSEncoderRegistration::registerCodecs();
  });
  std::filesystem::create_directories(file.parent_path());
  const E_TransferSyntax syntax = syntax_of(coding);
  DJ_RPLossy lossy(80);
  const bool is_lossy = coding == Coding::jpeg_lossy;
  must(file_->getDataset()->chooseRepresentation(syntax, is_lossy ? &lossy : nullptr), "coding");
  must(file_->saveFile(file.c_str(), syntax), "save");
  if (coding == Coding::jpeg_2000) recode_jpeg_2000(file);
}

DicomBuilder pet_slice(double z_mm, const std::string& series, int number) {
  DicomBuilder b = base("1.2.840.10008.5.1.4.1.1.128", "PT", series, number);
  set_place(b, z_mm);
  b.set("(0008,0008)", "ORIGINAL\\PRIMARY")
      .set("(0008,0021)", "20260302")
      .set("(0008,0031)", "100000");
  b.set("(0008,0022)", "20260302").set("(0008,0032)", "100000.00").set("(0008,0070)", "ACME");
  b.set("(0018,1242)", "300000").set("(0054,1300)", "150000").set("(0054,1321)", "1.0159");
  b.set("(0010,1030)", "70").set("(0010,1020)", "1.75").set("(0010,0040)", "F");
  b.set("(0028,0051)", "DECY\\ATTN\\SCAT").set("(0028,1052)", "0").set("(0028,1053)", "2.5");
  b.set("(0054,1000)", "STATIC\\IMAGE").set("(0054,1001)", "BQML").set("(0054,1102)", "START");
  const std::string tracer = "(0054,0016)[0].";
  b.set(tracer + "(0018,0031)", "FDG")
      .set(tracer + "(0018,1074)", "37000000")
      .set(tracer + "(0018,1075)", "6586.2");
  b.set(tracer + "(0018,1076)", "0.967").set(tracer + "(0018,1078)", "20260302090000.00");
  b.set(tracer + "(0054,0300)[0].(0008,0100)", "C-111A1")
      .set(tracer + "(0054,0300)[0].(0008,0102)", "SRT");
  b.set(tracer + "(0054,0300)[0].(0008,0104)", "^18^Fluorine");
  b.pixels(ramp(100));
  return b;
}

DicomBuilder ct_slice(double z_mm, const std::string& series, int number) {
  DicomBuilder b = base("1.2.840.10008.5.1.4.1.1.2", "CT", series, number);
  set_place(b, z_mm);
  b.set("(0008,0008)", "ORIGINAL\\PRIMARY\\AXIAL")
      .set("(0028,1052)", "-1024")
      .set("(0028,1053)", "1");
  b.pixels(ramp(1000));
  return b;
}

DicomBuilder enhanced_pet(const std::vector<std::array<int, 2>>& order) {
  DicomBuilder b = base("1.2.840.10008.5.1.4.1.1.130", "PT", "7", 7);
  b.set("(0008,0021)", "20260302")
      .set("(0008,0031)", "100000")
      .set("(0028,0008)", std::to_string(order.size()));
  b.set("(0018,9758)", "YES").set("(0018,9759)", "YES").set("(0018,9701)", "20260302100000");
  b.set("(0054,0016)[0].(0018,1074)", "37").set("(0054,0016)[0].(0018,1078)", "20260302090000");
  const std::string shared = "(5200,9229)[0].";
  b.set(shared + "(0028,9110)[0].(0028,0030)", "3\\2")
      .set(shared + "(0028,9110)[0].(0018,0050)", "4");
  b.set(shared + "(0020,9116)[0].(0020,0037)", "1\\0\\0\\0\\1\\0");
  std::vector<std::uint16_t> values(12 * order.size(), 10);
  for (std::size_t f = 0; f < order.size(); ++f) {
    const auto [time, slice] = order[f];
    const std::string own = fmt::format("(5200,9230)[{}].", f);
    b.set(own + "(0020,9113)[0].(0020,0032)", fmt::format("-10\\-20\\{}", 4 * slice));
    b.set(own + "(0020,9111)[0].(0020,9128)", std::to_string(time));
    b.set(own + "(0020,9111)[0].(0020,9057)", std::to_string(slice));
    b.set(own + "(0020,9111)[0].(0018,9074)", fmt::format("2026030210{:02}00", time));
    b.set(own + "(0020,9111)[0].(0018,9220)", "60000");
    b.set(own + "(0028,9145)[0].(0028,1052)", "0");
    b.set(own + "(0028,9145)[0].(0028,1053)", std::to_string(f + 1));
    b.set(own + "(0028,9145)[0].(0028,1054)", "BQML");
  }
  b.pixels(values);
  return b;
}

DicomBuilder nm_tomogram(int n, double spacing_mm) {
  DicomBuilder b = base("1.2.840.10008.5.1.4.1.1.20", "NM", "8", 8);
  b.set("(0008,0008)", "ORIGINAL\\PRIMARY\\RECON TOMO\\EMISSION")
      .set("(0028,0008)", std::to_string(n));
  b.set("(0008,0022)", "20260302")
      .set("(0008,0032)", "100000")
      .set("(0028,0030)", "4\\4")
      .set("(0018,0050)", "4");
  b.set("(0018,0088)", fmt::format("{}", spacing_mm)).set("(0028,0009)", "(0054,0080)");
  b.set("(0054,0022)[0].(0020,0032)", "-10\\-20\\30")
      .set("(0054,0022)[0].(0020,0037)", "1\\0\\0\\0\\1\\0");
  b.set("(0054,0052)[0].(0018,1242)", "20000").set("(0054,0052)[0].(0054,0053)", "60");
  b.set("(0054,0016)[0].(0018,1074)", "740").set("(0018,0070)", "1234567");
  std::string slices;
  std::vector<std::uint16_t> values;
  for (int k = 1; k <= n; ++k) {
    slices += (k > 1 ? "\\" : "") + std::to_string(k);
    values.insert(values.end(), 12, static_cast<std::uint16_t>(10 * k));
  }
  b.set("(0054,0080)", slices).pixels(values);
  return b;
}

void write_pet_series(const std::filesystem::path& folder, int n, const std::string& series,
                      int number) {
  for (int k = 0; k < n; ++k) {
    pet_slice(4.0 * k, series, number).write(folder / fmt::format("{}x{}", (k * 7919) % 1000, k));
  }
}

}  // namespace sojourn::test
