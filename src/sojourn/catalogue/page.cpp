#include "sojourn/catalogue/page.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "sojourn/core/tsv.h"

namespace sojourn::catalogue {
namespace {

using core::Tree;

constexpr std::size_t kWidth = 110;

std::string text_of(const Tree& row, const char* key) {
  const Tree* value = row.find(key);
  return value != nullptr && value->kind() == Tree::Kind::string ? value->text() : std::string();
}

std::string joined(const Tree& row, const char* key, const char* separator = ", ") {
  const Tree* list = row.find(key);
  std::string all;
  if (list == nullptr) return all;
  for (const auto& item : list->items()) all += (all.empty() ? "" : separator) + item.text();
  return all;
}

/// Breaks a paragraph at blanks; lines after the first are indented.
std::string wrapped(const std::string& text, const std::string& first, const std::string& rest) {
  std::string result = first, line_start = first;
  std::size_t used = first.size(), at = 0;
  bool fresh = true;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (!fresh && used + 1 + word.size() > kWidth) {
      result += '\n' + rest;
      used = rest.size();
      fresh = true;
    }
    result += (fresh ? "" : " ") + word;
    used += word.size() + (fresh ? 0 : 1);
    fresh = false;
  }
  return result + '\n';
}

std::string sentence(std::string text) {
  if (text.empty()) return text;
  const char last = text.back();
  if (last != '.' && last != '?' && last != '!') text += '.';
  return text;
}

/// "0.003 1/h (0.0015 1/h to 0.014 1/h; published, weist-2018): CAR T cells, 6 d. Note."
std::string number_text(const Tree& number) {
  const std::string range = text_of(number, "range_text"), source = text_of(number, "citation"),
                    condition = text_of(number, "condition"), note = text_of(number, "note");
  std::string text = text_of(number, "text") + " (";
  text += range.empty() ? fmt::format("sd {:.0f} %", 100 * number.find("relative_sd")->number())
                        : range;
  text += "; " + text_of(number, "basis");
  if (!source.empty()) text += ", " + source;
  text += ")";
  if (!condition.empty()) text += ": " + sentence(condition);
  if (!note.empty()) text += (condition.empty() ? ": " : " ") + sentence(note);
  return text;
}

std::string bullets(const Tree& row, const char* key, const char* title) {
  const Tree* list = row.find(key);
  if (list == nullptr) return {};
  std::string all = fmt::format("\n{}\n\n", title);
  for (const auto& item : list->items()) all += wrapped(sentence(item.text()), "- ", "  ");
  return all;
}

std::string parameters(const Tree& row) {
  const Tree* all = row.find("parameters");
  if (all == nullptr) return {};
  std::string text = "\n**Numbers**\n\n";
  for (const auto& [name, number] : all->members()) {
    std::string line = fmt::format("**{}** {} {}", name, number_text(number),
                                   sentence("Meaning: " + text_of(number, "meaning")));
    if (const auto use = text_of(number, "used_by"); !use.empty())
      line += " Used by " + sentence(use);
    text += wrapped(line, "- ", "  ");
    const Tree* others = number.find("for");
    if (others == nullptr) continue;
    for (const auto& other : others->items())
      text += wrapped(fmt::format("`{}` {}", text_of(other, "cells"), number_text(other)), "  - ",
                      "    ");
  }
  return text;
}

std::string numbers_by(const Tree& row, const char* key, const char* label, const char* title) {
  const Tree* list = row.find(key);
  if (list == nullptr) return {};
  std::string text = fmt::format("\n{}\n\n", title);
  for (const auto& item : list->items()) {
    std::string name = text_of(item, label);
    if (const auto species = text_of(item, "species"); !species.empty()) name += ", " + species;
    text += wrapped(fmt::format("**{}** {}", name, number_text(item)), "- ", "  ");
  }
  return text;
}

std::string effects(const Tree& row) {
  const Tree* list = row.find("effects");
  if (list == nullptr) return {};
  std::string text = "\n**Effects**\n\n";
  for (const auto& e : list->items()) {
    const auto on = text_of(e, "on");
    text += wrapped(
        fmt::format("**{}{}**: {} ({})", text_of(e, "flag"), on.empty() ? "" : " (" + on + ")",
                    sentence(text_of(e, "text")), text_of(e, "citation")),
        "- ", "  ");
  }
  return text;
}

std::string published_limits(const Tree& row) {
  const Tree* list = row.find("published_limits");
  if (list == nullptr) return {};
  std::string text = "\n**Published detection**\n\n";
  for (const auto& limit : list->items()) {
    std::string quantity = text_of(limit, "quantity");
    std::replace(quantity.begin(), quantity.end(), '_', ' ');
    text += wrapped(
        fmt::format("{} {:.3g} {} ({}): {}", text_of(limit, "bound"), limit.find("value")->number(),
                    quantity, text_of(limit, "citation"), sentence(text_of(limit, "setting"))),
        "- ", "  ");
  }
  return text;
}

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.4g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.5g} min", seconds / 60);
  if (seconds < 3 * 86400) return fmt::format("{:.5g} h", seconds / 3600);
  return fmt::format("{:.5g} d ({:.5g} h)", seconds / 86400, seconds / 3600);
}

/// Lines of a decay scheme that people look for: 1 % and more, at most twelve of a kind.
std::string emission_lines(const Tree& nuclide) {
  constexpr double kShown = 0.01;
  constexpr int kMost = 12;
  std::string text;
  for (const char* type : {"beta+", "beta-", "gamma", "x", "conversion", "auger"}) {
    std::vector<const Tree*> lines;
    for (const auto& e : nuclide.find("emissions")->items())
      if (text_of(e, "type") == type && e.find("intensity")->number() >= kShown)
        lines.push_back(&e);
    if (lines.empty()) continue;
    std::stable_sort(lines.begin(), lines.end(), [](const Tree* a, const Tree* b) {
      return a->find("intensity")->number() > b->find("intensity")->number();
    });
    std::string list;
    for (int i = 0; i < kMost && i < static_cast<int>(lines.size()); ++i) {
      const Tree& e = *lines[static_cast<std::size_t>(i)];
      const Tree* end = e.find("end_point_kev");
      list += fmt::format(
          "{}{:.5g} keV{} {:.3g} %", i > 0 ? "; " : "", e.find("energy_kev")->number(),
          end != nullptr ? fmt::format(" mean, {:.5g} end point", end->number()) : std::string(),
          100 * e.find("intensity")->number());
    }
    if (lines.size() > kMost) list += fmt::format("; and {} more", lines.size() - kMost);
    text += wrapped(fmt::format("{}: {}.", type, list), "- ", "  ");
  }
  return text;
}

std::string nuclide_block(const Tree& n) {
  std::string text = fmt::format("\n**{}**\n\n", text_of(n, "name"));
  text += fmt::format("- half-life {}\n", duration(n.find("half_life_s")->number()));
  std::string modes;
  for (const auto& mode : n.find("decay_modes")->items())
    modes += fmt::format("{}{} {:.4g} %", modes.empty() ? "" : ", ", text_of(mode, "mode"),
                         100 * mode.find("fraction")->number());
  if (!modes.empty()) text += "- decays by " + modes + "\n";
  if (const Tree* range = n.find("positron_mean_range_mm"))
    text += fmt::format("- mean range of its positrons in water {:.2g} mm\n", range->number());
  text += emission_lines(n);
  if (const auto made = text_of(n, "production"); !made.empty())
    text += wrapped(fmt::format("made by {}: {}", made, sentence(text_of(n, "production_note"))),
                    "- ", "  ");
  return text;
}

/// "ex-vivo-label, PET, Zr-89; shows homing; mouse, human; inventory EX-01; needs cyclotron"
std::string identity(const Tree& row) {
  std::string line = text_of(row, "class");
  const auto add = [&](const std::string& what, const std::string& value) {
    if (!value.empty()) line += "; " + (what.empty() ? "" : what + " ") + value;
  };
  const auto kind = text_of(row, "kind");
  if (!kind.empty() && kind != "method") line += " (" + kind + ")";
  for (const char* key :
       {"modality", "nuclide", "manufacturer", "crystal", "collimator", "role", "registry"})
    add(std::string(key) == "collimator" ? "collimator" : "", text_of(row, key));
  add("also", joined(row, "also"));
  add("vector", text_of(row, "vector"));
  add("target", text_of(row, "target"));
  add("gene", text_of(row, "gene"));
  add("cleared by", text_of(row, "clearing_organ"));
  add("shows", joined(row, "shows"));
  add("in", joined(row, "species"));
  add("on", joined(row, "cells"));
  add("methods", joined(row, "methods"));
  add("targets", joined(row, "targets"));
  add("members", joined(row, "members"));
  add("borne by", joined(row, "endogenous_in"));
  add("needs", joined(row, "needs"));
  add("also called", joined(row, "aliases"));
  add("inventory", joined(row, "inventory"));
  return line;
}

std::string references(const Tree& row) {
  std::string text = "\n**References**\n\n";
  for (const auto& r : row.find("references")->items()) {
    const auto doi = text_of(r, "doi");
    text += wrapped(fmt::format("{}: {}{}", text_of(r, "key"), sentence(text_of(r, "text")),
                                doi.empty() ? "" : " doi:" + doi),
                    "- ", "  ");
  }
  return text;
}

}  // namespace

std::string to_page(const Tree& row, int level) {
  const auto id = text_of(row, "id"), name = text_of(row, "name");
  std::string page = std::string(static_cast<std::size_t>(level), '#') + ' ' +
                     (id == name ? name : name + " (`" + id + "`)") + "\n\n";
  page += wrapped(identity(row), "", "") + '\n';
  page += wrapped(text_of(row, "summary"), "", "");
  if (const auto reason = text_of(row, "reason"); !reason.empty())
    page += '\n' + wrapped("**Not for planning or simulation:** " + sentence(reason), "", "");
  page += bullets(row, "strengths", "**Strengths**") + bullets(row, "limits", "**Limits**");
  if (row.find("half_life_s") != nullptr) page += nuclide_block(row);
  if (const Tree* list = row.find("nuclides"))
    for (const auto& n : list->items()) page += nuclide_block(n);
  page += parameters(row);
  page += numbers_by(row, "markers", "target", "**Molecules per cell**");
  page += numbers_by(row, "uptake", "organ", "**Uptake of organs (SUV at imaging time)**");
  page += numbers_by(row, "dose", "organ", "**Dose to the subject**");
  page += effects(row) + published_limits(row);
  if (const Tree* share = row.find("assumed");
      share != nullptr && share->find("fields")->integer() > 0)
    page +=
        fmt::format("\n{} of {} numbers are assumed{}.\n", share->find("assumed")->integer(),
                    share->find("fields")->integer(),
                    share->find("share")->number() > 0.5 ? ": plans with it are indicative" : "");
  return page + references(row);
}

}  // namespace sojourn::catalogue
