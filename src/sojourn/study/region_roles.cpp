#include "sojourn/study/region_roles.h"

#include <array>
#include <cctype>

namespace sojourn::study {
namespace {

struct Implied {
  std::string_view name;  ///< normalised: lower case, words joined by '_'
  bool starts;            ///< the name may go on with "_left", "_1"…
  std::vector<std::string> roles;
};

const std::vector<Implied>& table() {
  static const std::vector<Implied> rows = {
      {"liver", false, {"liver"}},
      {"spleen", false, {"spleen"}},
      {"lungs", false, {"lung"}},
      {"lung", true, {"lung"}},
      {"heart_blood", false, {"blood"}},
      {"blood", true, {"blood"}},
      {"kidneys", false, {"kidney"}},
      {"kidney", true, {"kidney"}},
      {"bladder", false, {"bladder"}},
      {"urinary_bladder", false, {"bladder"}},
      {"gut", false, {"gut"}},
      {"stomach", false, {"gut"}},
      {"intestine", false, {"gut"}},
      {"intestines", false, {"gut"}},
      {"small_bowel", false, {"gut"}},
      {"colon", false, {"gut"}},
      {"tumour", true, {"tumour"}},
      {"tumor", true, {"tumour"}},
      {"lymph_node", true, {"lymph-node"}},
      {"lymph_nodes", false, {"lymph-node"}},
      {"femur", true, {"bone"}},
      {"bone", true, {"bone"}},
      {"skeleton", false, {"bone", "marrow"}},
      {"marrow", true, {"marrow"}},
      {"bone_marrow", true, {"marrow"}},
      {"thyroid", false, {"thyroid"}},
      {"muscle", true, {"muscle"}},
      {"body_rest", false, {"rest"}},
      {"rest", false, {"rest"}},
      // No compartment of the model: the whole body would count every other region twice, and the
      // brain is a part of the rest whose share nobody states.
      {"body", false, {}},
      {"whole_body", false, {}},
      {"brain", true, {}},
      {"background", true, {}},
  };
  return rows;
}

std::string normalised(std::string_view name) {
  std::string text;
  for (const char c : name) {
    const auto u = static_cast<unsigned char>(c);
    text.push_back(c == ' ' || c == '-' ? '_' : static_cast<char>(std::tolower(u)));
  }
  return text;
}

}  // namespace

const std::vector<std::string>& known_roles() {
  static const std::vector<std::string> roles = {
      "blood", "lung",   "liver",   "spleen",  "marrow", "bone",   "lymph-node",
      "gut",   "kidney", "bladder", "thyroid", "muscle", "tumour", "rest"};
  return roles;
}

std::optional<std::vector<std::string>> implied_roles(std::string_view name) {
  const std::string text = normalised(name);
  const Implied* best = nullptr;
  for (const auto& row : table()) {
    const bool fits =
        text == row.name || (row.starts && text.size() > row.name.size() &&
                             text.starts_with(row.name) && text[row.name.size()] == '_');
    if (fits && (best == nullptr || row.name.size() > best->name.size())) best = &row;
  }
  return best ? std::optional(best->roles) : std::nullopt;
}

}  // namespace sojourn::study
