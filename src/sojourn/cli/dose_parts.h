#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sojourn/core/tree.h"

namespace CLI {
class App;
}

namespace sojourn::cli {

/// What a word after "dose" will do; empty until the parser has met it.
using ChosenWork = std::shared_ptr<std::function<int()>>;

void declare_dose_cell(CLI::App& dose, const ChosenWork& chosen);
void declare_dose_sphere(CLI::App& dose, const ChosenWork& chosen);
void declare_dose_voxel(CLI::App& dose, const ChosenWork& chosen);
void declare_dose_tia(CLI::App& dose, const ChosenWork& chosen);
void declare_dose_organ(CLI::App& dose, const ChosenWork& chosen);
void declare_dose_s_value(CLI::App& dose, const ChosenWork& chosen);

/// "1,24,96" as numbers; errors name `option`.
[[nodiscard]] std::vector<double> number_list(const std::string& text, const char* option);
/// An array of numbers for JSON.
[[nodiscard]] core::Tree number_array(const std::vector<double>& values);
/// The parts of "a,b,c".
[[nodiscard]] std::vector<std::string> word_list(const std::string& text);

}  // namespace sojourn::cli
