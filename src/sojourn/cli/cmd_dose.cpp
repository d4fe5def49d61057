#include <CLI/CLI.hpp>
#include <sstream>

#include "sojourn/cli/command.h"
#include "sojourn/cli/dose_parts.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"

namespace sojourn::cli {

std::vector<std::string> word_list(const std::string& text) {
  std::vector<std::string> all;
  std::stringstream words(text);
  for (std::string word; std::getline(words, word, ',');)
    if (!word.empty()) all.push_back(word);
  return all;
}

std::vector<double> number_list(const std::string& text, const char* option) {
  std::vector<double> values;
  for (const auto& word : word_list(text)) {
    const auto value = core::parse_number(word);
    if (!value)
      refuse("{}: \"{}\" is no number; separate numbers by commas: 1,24,96", option, word);
    values.push_back(*value);
  }
  if (values.empty()) refuse("{} is empty; separate numbers by commas: 1,24,96", option);
  return values;
}

core::Tree number_array(const std::vector<double>& values) {
  core::Tree all = core::Tree::array();
  for (const double v : values) all.push(v);
  return all;
}

Command dose_command() {
  return {"dose", "Radiation: what cells, organs and the subject receive",
          "sojourn dose cell --nuclide Zr-89 --cell-radius \"5 um\" --nucleus-radius \"4 um\" "
          "--activity-per-million \"37 kBq\"",
          [](CLI::App& app) {
            auto chosen = std::make_shared<std::function<int()>>();
            app.require_subcommand(1);
            declare_dose_cell(app, chosen);
            declare_dose_sphere(app, chosen);
            declare_dose_tia(app, chosen);
            declare_dose_voxel(app, chosen);
            declare_dose_organ(app, chosen);
            declare_dose_s_value(app, chosen);
            return [chosen] { return (*chosen)(); };
          }};
}

}  // namespace sojourn::cli
