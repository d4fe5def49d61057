#include <fmt/format.h>

#include <cctype>
#include <string>
#include <vector>

#include "sojourn/nuclide/elements.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::nuclide {
namespace {

/// What the words of a name have said so far.
struct Parts {
  std::optional<Element> element;
  std::optional<int> mass;
  std::string isomer;  // "", "m", "m2"
  bool contradiction = false;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Runs of digits and runs of letters; what stands between them separates. `glued[i]`: no separator
/// before run i.
struct Runs {
  std::vector<std::string> text;
  std::vector<bool> glued;
};

Runs split(std::string_view text) {
  Runs runs;
  bool joined = false;
  for (std::size_t i = 0; i < text.size();) {
    const bool digit = is_digit(text[i]);
    if (!digit && !is_letter(text[i])) {
      joined = false;
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (digit ? is_digit(text[end]) : is_letter(text[end]))) ++end;
    runs.text.emplace_back(text.substr(i, end - i));
    runs.glued.push_back(joined);
    joined = true;
    i = end;
  }
  return runs;
}

void say_element(Parts& parts, const Element& element) {
  if (parts.element && parts.element->number != element.number) parts.contradiction = true;
  parts.element = element;
}

/// Whether such a nuclide may exist: between the proton drip line of light elements (O-11 has 1.37
/// nucleons for a proton) and the neutron-richest known ones (H-7, He-10).
bool plausible(const Element& element, int mass) {
  constexpr double kLeast = 1.3;
  return mass <= 3 * element.number + 4 && (mass >= kLeast * element.number || mass == 1);
}

/// A run of letters: an element, the isomer's m, or both ("99mTc"; "11mC" is no moscovium).
void take_letters(Parts& parts, const std::string& letters, bool after_mass) {
  const auto whole = find_element(letters);
  if (whole && (!after_mass || plausible(*whole, *parts.mass))) return say_element(parts, *whole);
  const bool isomer =
      after_mass && (letters[0] == 'm' || letters[0] == 'M') && parts.isomer.empty();
  if (!isomer) {
    parts.contradiction = true;
    return;
  }
  parts.isomer = "m";
  if (letters.size() == 1) return;
  const auto element = find_element(std::string_view(letters).substr(1));
  if (element)
    say_element(parts, *element);
  else
    parts.contradiction = true;
}

Parts read(const Runs& runs) {
  Parts parts;
  for (std::size_t i = 0; i < runs.text.size(); ++i) {
    const std::string& run = runs.text[i];
    const bool after_mass = i > 0 && runs.glued[i] && is_digit(runs.text[i - 1].back());
    if (!is_digit(run[0])) {
      take_letters(parts, run, after_mass);
    } else if (!parts.mass && run.size() <= 3) {
      parts.mass = std::stoi(run);
    } else if (parts.isomer == "m" && runs.glued[i] && run.size() == 1 && run != "0") {
      parts.isomer += run;
    } else {
      parts.contradiction = true;
    }
  }
  return parts;
}

}  // namespace

std::optional<std::string> canonical_name(std::string_view text) {
  constexpr std::size_t kLongest = 64;  // DICOM's LO; longer texts name no nuclide
  if (text.size() > kLongest) return std::nullopt;
  const Parts parts = read(split(text));
  if (parts.contradiction || !parts.element || !parts.mass) return std::nullopt;
  if (!plausible(*parts.element, *parts.mass)) return std::nullopt;
  return fmt::format("{}-{}{}", parts.element->symbol, *parts.mass, parts.isomer);
}

}  // namespace sojourn::nuclide
