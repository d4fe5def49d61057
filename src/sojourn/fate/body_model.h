#pragma once
#include <cstddef>
#include <string>
#include <vector>

/// Label and cells in the whole body: sites joined through blood, and where free label goes.
/// Quantities carry no physical decay. Equations, sources and limits: docs/theory/body_model.md.
namespace sojourn::fate {

/// A place where cells live. The first of a body is blood; every other exchanges with blood alone.
struct BodySite {
  std::string id;
  double homing_per_s = 0;  ///< h: from blood to this site; of blood itself unused
  double leaving_per_s =
      0;  ///< 1 / residence time: from this site to blood; of blood itself unused
  double division_per_s = 0, death_per_s = 0;
  /// Part of the label that phagocytes keep of cells dying here which blood carries away to
  /// `debris_shares`; the rest stays.
  double debris_moves = 0;
};

/// A place that takes free label from plasma: bone, liver, urine… What leaves it is excreted.
struct FreeSink {
  std::string id;
  double fraction = 0;           ///< of the free label, usually
  double fraction_chelated = 0;  ///< while deferoxamine is given
  double leaving_per_s = 0;      ///< 0: held
};

/// One kind of cells and of label in one kind of body. Rates are constant.
struct BodyModel {
  std::vector<BodySite> sites;
  std::vector<FreeSink> sinks;       ///< fractions sum to 1, with and without deferoxamine
  double efflux_per_s = 0;           ///< epsilon, of label from living cells
  double phagocytosed_fraction = 0;  ///< phi, of a dead cell's label
  double debris_release_per_s = 0;   ///< r
  double free_clearance_per_s = 0;   ///< kappa
  /// Per site, sum 1: where label of debris that blood carries settles, cells infused dead
  /// included.
  std::vector<double> debris_shares;

  [[nodiscard]] std::size_t site(const std::string& id) const;  ///< @throws Error(bad_input)
  /// @throws Error(bad_value) where a rate is negative or not finite, or fractions do not sum to 1.
  void check() const;
};

/// Amounts at one moment: cells as they were given, label in the unit of the start.
struct BodyState {
  std::vector<double> cells;   ///< n, living, per site
  std::vector<double> live;    ///< L, label in living cells, per site
  std::vector<double> debris;  ///< R, label in phagocytes and debris, per site
  double free = 0;             ///< F, in plasma
  std::vector<double> held;    ///< B, per sink
  double excreted = 0;         ///< E

  [[nodiscard]] double total_label() const;
  [[nodiscard]] double total_cells() const;
  [[nodiscard]] double total_live() const;
  BodyState& operator+=(const BodyState& other);
};

/// Nothing anywhere, with the sizes of the model.
[[nodiscard]] BodyState empty_state(const BodyModel& model);

/// The whole system as one matrix, for checks: n per site, L per site, R per site, F, B per sink,
/// E; shape [3 sites + sinks + 2, same], row-major.
[[nodiscard]] std::vector<double> system_matrix(const BodyModel& model, bool chelated);
[[nodiscard]] std::vector<double> to_vector(const BodyState& state);
[[nodiscard]] BodyState to_state(const BodyModel& model, const std::vector<double>& x);

}  // namespace sojourn::fate
