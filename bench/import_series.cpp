// Imports image folders to volumes and says how large they are: what scripts/bench.sh times against
// dcm2niix. Usage: bench_import FOLDER...
#include <cstdio>
#include <string>

#include "sojourn/core/error.h"
#include "sojourn/io/image_import.h"

int main(int argc, char** argv) {
  try {
    std::size_t bytes = 0;
    for (int i = 1; i < argc; ++i) {
      const std::string word = argv[i];
      const bool ct = word.rfind("CT=", 0) == 0;
      const auto series =
          sojourn::io::import_image(ct ? word.substr(3) : word, {ct ? "CT" : "", "", ""});
      for (const auto& frame : series.frames) bytes += frame.values.values().size() * sizeof(float);
    }
    std::printf("%zu\n", bytes);
    return 0;
  } catch (const sojourn::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return e.exit_status();
  }
}
