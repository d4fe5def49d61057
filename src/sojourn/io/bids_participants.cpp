#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/io/bids_sidecar.h"
#include "sojourn/units/units.h"

namespace sojourn::io {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kLimit = std::uintmax_t{16} << 20;

/// Grams for each unit of the column; nothing where participants.json names a unit that is no mass.
std::optional<double> grams_per_unit(const fs::path& description) {
  constexpr double kGramsPerKilogram = 1000;
  std::error_code ignored;
  if (!fs::is_regular_file(description, ignored)) return kGramsPerKilogram;
  const core::Tree document =
      core::parse_json(core::read_file(description, kLimit), description.filename().string());
  if (document.kind() != core::Tree::Kind::table) return kGramsPerKilogram;
  const core::Tree* weight = document.find("weight");
  if (weight == nullptr || weight->kind() != core::Tree::Kind::table) return kGramsPerKilogram;
  const core::Tree* units = weight->find("Units");
  if (units == nullptr || units->kind() != core::Tree::Kind::string) return kGramsPerKilogram;
  if (units->text() == "kilograms" || units->text() == "kilogram") return kGramsPerKilogram;
  if (units->text() == "grams" || units->text() == "gram") return 1.0;
  try {
    return units::factor(units->text(), units::Dimension::mass);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<double> bids_body_mass_g(const fs::path& image) {
  std::error_code trouble;
  const fs::path whole = fs::absolute(image, trouble);
  if (trouble) return std::nullopt;
  for (fs::path folder = whole.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    const std::string participant = folder.filename().string();
    if (!participant.starts_with("sub-")) continue;
    const fs::path root = folder.parent_path();
    if (!fs::is_regular_file(root / "participants.tsv", trouble)) return std::nullopt;
    const core::Tsv table =
        core::Tsv::parse(core::read_file(root / "participants.tsv", kLimit), "participants.tsv");
    if (!table.find("participant_id") || !table.find("weight")) return std::nullopt;
    const auto factor = grams_per_unit(root / "participants.json");
    for (std::size_t row = 0; factor && row < table.rows(); ++row) {
      if (table.at(row, "participant_id") != participant) continue;
      const auto weight = table.number(row, "weight");
      return weight && *weight > 0 ? std::optional(*factor * *weight) : std::nullopt;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace sojourn::io
