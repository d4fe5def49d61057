#pragma once
#include "sojourn/fate/label_model.h"

/// What a region's earlier scans say of the debris in it: phagocytes keep what died there, so a
/// region that cells have left (the lungs after the first pass) holds more debris per living cell
/// than the body's mean, and one that they have entered holds less.
namespace sojourn::fate {

/// Debris of a region at one time, in terms of the label L in its living cells at that time:
/// carried + per_live L. Quantities carry no physical decay.
struct DebrisBalance {
  double carried_bq = 0;
  double per_live = 0;
};

/// One region in one world, followed from scan to scan. Between two scans the region's share of all
/// living cells' label runs linearly; before the first it is that of the first scan.
class DebrisHistory {
 public:
  /// @param start what was infused, in one dose; @param resident_share part of the label of cells
  /// infused dead that this region's phagocytes take; @param loose_share part that is spread as the
  /// living cells are, where the region takes any of it.
  DebrisHistory(const Rates& rates, const Start& start, double resident_share, double loose_share);

  /// Debris a time `t_s` after the infusion, not before the last record.
  [[nodiscard]] DebrisBalance at(double t_s) const;
  /// Keeps what was found at `t_s`: label in the region's living cells.
  void record(double t_s, double live_bq);

 private:
  [[nodiscard]] double total_live_bq(double t_s) const;

  Rates rates_;
  Start start_;
  double resident_share_, loose_share_;
  bool begun_ = false;
  double t_s_ = 0, share_ = 0, debris_bq_ = 0;  ///< of the last record
};

}  // namespace sojourn::fate
