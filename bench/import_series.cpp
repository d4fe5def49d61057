// Imports image folders to volumes and says how large they are: what scripts/bench.sh times against
// dcm2niix. Usage: bench_import FOLDER...
#include <cstdio>

#include "sojourn/core/error.h"
#include "sojourn/io/image_import.h"

int main(int argc, char** argv) {
  try {
    std::size_t bytes = 0;
    for (int i = 1; i < argc; ++i) {
      sojourn::records::ImageSeries series;
      try {
        series = sojourn::io::import_image(argv[i], {});
      } catch (const sojourn::Error&) {
        series = sojourn::io::import_image(argv[i], {"CT", "", ""});
      }
      for (const auto& frame : series.frames) bytes += frame.values.values().size() * sizeof(float);
    }
    std::printf("%zu\n", bytes);
    return 0;
  } catch (const sojourn::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return e.exit_status();
  }
}
