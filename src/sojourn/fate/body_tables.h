#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The tables of data/fate: where kinds of cells go, and how long free label stays on its way out.
namespace sojourn::fate {

/// A number of the tables with where it comes from.
struct TableValue {
  double value = 0;
  std::string basis;     ///< published | derived | assumed
  std::string citation;  ///< key in data/references; empty where none
  std::string note;
};

class BodyTables {
 public:
  /// Read once from data/fate/species_2026. @throws Error(bad_input) naming file and line.
  [[nodiscard]] static const BodyTables& shipped();

  /// The class of cells that move alike, by the nearest of the kinds that these belong to.
  /// @param kin as Cell::kin. @throws Error(bad_input) where no kind has one.
  [[nodiscard]] const std::string& class_of(const std::vector<std::string>& kin) const;
  /// A quantity of a site, of the species where it has a row, else of any; the same for the class.
  [[nodiscard]] const TableValue* find(const std::string& cells_class, const std::string& species,
                                       const std::string& site, const std::string& quantity) const;
  /// Of body.tsv, in hours. @throws Error(bad_input) where there is none.
  [[nodiscard]] const TableValue& hours(const std::string& species,
                                        const std::string& quantity) const;
  [[nodiscard]] std::vector<std::string> classes() const;
  /// Every row, for checks: key "class/species/site/quantity".
  [[nodiscard]] const std::map<std::string, TableValue>& traffic() const { return traffic_; }

 private:
  std::map<std::string, std::string> class_of_cells_;
  std::map<std::string, TableValue> traffic_, body_;
};

}  // namespace sojourn::fate
