#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sojourn::catalogue {

/// A number from the literature: native unit, spread, where it comes from.
struct Sourced {
  double value = 0;
  double relative_sd = 0;  ///< log-normal spread used as the prior's width
  std::string citation;    ///< key in data/references
  std::string note;        ///< condition, or why this value
};

/// How a method shows cells: data/catalogue/methods/ID.toml.
struct Method {
  std::string id, name;
  std::string kind;  ///< ex-vivo-label | targeted-probe | reporter-gene | metabolic-tracer | …
  std::string modality;                ///< PET | SPECT | …
  std::string nuclide;                 ///< "Zr-89"; empty where there is none
  std::vector<std::string> inventory;  ///< rows of the field's method inventory: "EX-01"
  std::vector<std::string> citations;
  std::string summary;
  /// Ex vivo labels: efflux_per_s, phagocytosed_fraction, debris_release_per_s, bone_fraction,
  /// bone_fraction_deferoxamine, liver_fraction, kidney_fraction, excreted_fraction,
  /// excreted_fraction_deferoxamine, free_clearance_per_s.
  std::map<std::string, Sourced> parameters;
};

/// A kind of cell: data/catalogue/cells/ID.toml.
struct Cell {
  std::string id, name;
  std::vector<std::string> citations;
  std::string summary;
  std::map<std::string, Sourced> parameters;  ///< division_per_s, death_per_s, diameter_um…
};

/// A reference: a row of data/references/SET/*.toml.
struct Reference {
  std::string key, text, doi;
};

/// @throws Error(bad_input) for an unknown id, with the nearest and the known ones.
[[nodiscard]] const Method& method(const std::string& id);
[[nodiscard]] const Cell& cell(const std::string& id);
[[nodiscard]] const Reference& reference(const std::string& key);
[[nodiscard]] std::vector<std::string> method_ids();
[[nodiscard]] std::vector<std::string> cell_ids();
[[nodiscard]] std::vector<std::string> reference_keys();

}  // namespace sojourn::catalogue
