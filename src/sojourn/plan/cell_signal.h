#pragma once
#include <memory>
#include <optional>
#include <string>

#include "sojourn/catalogue/rows.h"
#include "sojourn/fate/body_region.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/fate/usual_activity.h"
#include "sojourn/records/plan.h"

/// What one living cell shows at a time, and what lies around it: signals and bodies of room
/// `fate`, brought to the question's region.
namespace sojourn::plan {

/// Who is imaged and what was given: what a signal depends on beside the method.
struct Setting {
  std::string species;
  double body_mass_g = 0;
  double infused_cells = 0;  ///< living and dead
  double viability = 1;
  std::string route = "iv";
  std::string region = "muscle";      ///< organ whose tissue surrounds the cells
  double region_ml = 1;               ///< of a tumour: what dies in it stays in it
  double label_per_million_bq = 0;    ///< ex vivo labels: activity in a million cells
  std::optional<double> injected_bq;  ///< tracers: none takes the row's for the species
};

/// What `fate` is told of a method's signal in this setting.
[[nodiscard]] fate::SignalSetting signal_setting(const catalogue::Method& method,
                                                 const Setting& setting);

/// One moment after the infusion of the cells.
struct SignalNow {
  std::string unit;     ///< "Bq", "19F atoms", "g", "1/s"
  double per_cell = 0;  ///< of one living cell, with physical decay
  /// Around the cells, Bq/mL with decay; 0 where the method has no background, none where its row
  /// has no uptake of the tissue.
  std::optional<double> background_bq_per_ml;
  /// Label that the cells carry: what the region's organ holds without decay, as parts of the label
  /// given; its cells as parts of those infused alive.
  std::optional<fate::RegionLabel> organ;
  records::Basis basis = records::Basis::modelled;             ///< of the signal of a cell
  records::Basis background_basis = records::Basis::modelled;  ///< of what lies around it

  /// The same for another activity in the cells: all of it is linear.
  [[nodiscard]] SignalNow times(double factor) const;
};

class CellSignal {
 public:
  /// @throws Error(bad_input) for methods that cannot be planned: notes, metabolic tracers, cells
  /// without the target, rows that lack a number.
  CellSignal(const catalogue::Method& method, const catalogue::Cell& cell, const Setting& setting);
  ~CellSignal();
  CellSignal(CellSignal&&) noexcept;

  [[nodiscard]] SignalNow at(double t_s) const;
  /// Activity that the subject gets at a time, and what it rests on; 0 for none.
  [[nodiscard]] fate::UsualActivity administered() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::plan
