#pragma once
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace sojourn::test {

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

template <typename T>
void append(std::string& bytes, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.append(raw, sizeof(T));
}

inline std::string floats(const std::vector<float>& values) {
  std::string bytes;
  for (const float v : values) append(bytes, v);
  return bytes;
}

/// A small sinogram's header; the data stand in `data`.
inline std::string sinogram_header(const std::string& data, int views, int planes, int bins,
                                   const std::string& more = "") {
  const auto n = [](int i) { return std::to_string(i); };
  return "!INTERFILE  :=\nname of data file := " + data +
         "\n!type of data := PET\nimagedata byte order := LITTLEENDIAN\n"
         "applied corrections := {arc correction}\n!number format := float\n"
         "!number of bytes per pixel := 4\nnumber of dimensions := 4\n"
         "matrix axis label [4] := segment\n!matrix size [4] := 1\n"
         "matrix axis label [3] := view\n!matrix size [3] := " +
         n(views) + "\nmatrix axis label [2] := axial coordinate\n!matrix size [2] := { " +
         n(planes) +
         "}\nmatrix axis label [1] := tangential coordinate\n!matrix size [1] := " + n(bins) +
         "\nminimum ring difference per segment := { 0}\n"
         "maximum ring difference per segment := { 0}\n"
         "Number of detectors per ring := 120\nInner ring diameter (cm) := 20\n"
         "Average depth of interaction (cm) := 0\nDistance between rings (cm) := 0.4\n"
         "effective central bin size (cm) := 0.4\n" +
         more + "!END OF INTERFILE :=\n";
}

}  // namespace sojourn::test
