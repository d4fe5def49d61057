#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "sojourn/core/tree.h"

namespace sojourn::study {

/// The output folder of a run: one run at a time writes there, remains of a killed one are swept,
/// and the products of finished stages are kept under a key of all that they depend on.
class OutputFolder {
 public:
  /// Makes the folder, takes its lock and sweeps temporary files.
  /// @throws Error(bad_input) where another run holds it or `path` is a file; Error(io_failed)
  /// otherwise.
  explicit OutputFolder(std::filesystem::path path);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The product that was stored under this stage and key; nothing where there is none or it is
  /// damaged.
  [[nodiscard]] std::optional<core::Tree> finished(const std::string& stage,
                                                   const std::string& key) const;
  void store(const std::string& stage, const std::string& key, const core::Tree& product) const;
  void forget(const std::string& stage) const;

 private:
  /// A run that was refused leaves no empty folders behind.
  void remove_if_unused() const;
  [[nodiscard]] std::filesystem::path file_of(const std::string& stage) const;
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace sojourn::study
