#pragma once
#include <memory>
#include <string>

#include "sojourn/catalogue/rows.h"
#include "sojourn/records/plan.h"

/// What one living cell shows at a time, by method, in closed form; later models take its place
/// behind the same interface.
namespace sojourn::plan {

/// Who is imaged and what was given: what a signal depends on beside the method.
struct Setting {
  std::string species;
  double body_mass_g = 0;
  double infused_cells = 0;  ///< living and dead
  double viability = 1;
  std::string region = "muscle";      ///< organ whose tissue surrounds the cells
  double label_per_million_bq = 0;    ///< ex vivo labels: activity in a million cells
  std::optional<double> injected_bq;  ///< tracers: none takes the row's for the species
};

/// An activity and what it rests on.
struct UsualActivity {
  double bq = 0;
  records::Basis basis = records::Basis::published;
};

class CellSignal {
 public:
  virtual ~CellSignal() = default;
  /// Of one living cell, at time t after the infusion of the cells: Bq with physical decay, 19F
  /// atoms, g of iron, photons per second.
  [[nodiscard]] virtual double per_cell(double t_s) const = 0;
  /// Around the cells at that time, Bq/mL; 0 where the method has no background.
  [[nodiscard]] virtual double background_bq_per_ml(double t_s) const = 0;
  /// Activity that the subject gets at a time, and what it rests on; 0 for none.
  [[nodiscard]] virtual UsualActivity administered() const = 0;
  [[nodiscard]] virtual records::Basis basis() const = 0;
  /// "Bq", "19F atoms", "g", "1/s".
  [[nodiscard]] virtual std::string unit() const = 0;
};

/// @throws Error(bad_input) for methods that cannot be planned: notes, metabolic tracers, cells
/// without the target, rows that lack a number.
[[nodiscard]] std::unique_ptr<CellSignal> cell_signal(const catalogue::Method& method,
                                                      const catalogue::Cell& cell,
                                                      const Setting& setting);

/// Injected activity: the one asked for, else what is usual for a subject of this mass: the mouse's
/// or the adult's; carried from the mouse to the rat and from the adult to the macaque with body
/// mass to the power 2/3 (assumed).
/// @throws Error(bad_input) where the row has none for the species: nobody scales a mouse to a man.
[[nodiscard]] UsualActivity injected_activity(const catalogue::Field& mouse,
                                              const catalogue::Field& human,
                                              const Setting& setting);

}  // namespace sojourn::plan
