#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/measure/calibrate.h"

/// Where header and study file are brought together: the inner side of calibrate().
namespace sojourn::measure {

/// A nuclide over this half-life needs the date of its injection written out: a guess may be days
/// off.
inline constexpr double kExplicitDateHalfLife_s = 6 * 3600.0;
/// A header dose up to this is a console's default, not an activity that anybody injects.
inline constexpr double kPlaceholderDose_bq = 1.0;
/// Differences between study and header beyond these are contradictions.
inline constexpr double kValueTolerance = 0.01, kTimeTolerance_s = 60.0;

/// One scan's header and study side by side, with the warnings that settling them makes.
struct Context {
  records::HeaderFacts& facts;
  const records::Study& study;
  const records::ScanRequest& request;
  std::vector<std::string>& warnings;
  double clock_offset_s = 0;  ///< added to the scanner's clock

  [[nodiscard]] int zone_min() const { return facts.zone_min.value_or(study.zone_min); }
  /// Scanner clock -> UTC, and back.
  [[nodiscard]] double to_utc(double local_s) const {
    return local_s - 60.0 * zone_min() + clock_offset_s;
  }
  [[nodiscard]] double to_local(double utc_s) const {
    return utc_s + 60.0 * zone_min() - clock_offset_s;
  }

  /// Study and header differ: a warning with the reason where an override names the field (the
  /// study then wins).
  /// @throws Error(bad_input) with both values otherwise.
  void contradiction(const std::string& field, const std::string& what,
                     const std::string& study_value, const std::string& header_value);
  /// Says so where the header's clock has no zone of its own: a whole hour apart is a zone, not a
  /// slip.
  [[nodiscard]] std::string zone_hint() const;
  [[nodiscard]] const records::Override* overridden(const std::string& field) const;
};

/// What header and study agree on.
struct Settled {
  records::Administration given;  ///< of the study, or made from the header
  std::string nuclide;
  double half_life_s = 0;          ///< of the tables where they know the nuclide
  double scanner_half_life_s = 0;  ///< that the scanner's own decay correction used
  double administered_utc_s = 0;
  double scanner_administered_utc_s =
      0;  ///< that the scanner reckoned with: the header's where it has one
  double origin_utc_s = 0;
  std::optional<double> injected_bq;
  std::optional<double> body_mass_g;
  std::optional<double> scanner_dose_bq, scanner_mass_g;  ///< that the scanner's SUV used
};

/// Fills times that the header lacks from the study, settles `time`, `frame_duration` and
/// `decay_corrected_to`.
void settle_timing(Context& context, records::ImageSeries& series);
/// Nuclide, half-life, administration, injected activity and body mass.
[[nodiscard]] Settled settle_facts(Context& context, const records::ImageSeries& series,
                                   std::optional<KnownNuclide> (*tabled)(const std::string& name),
                                   const std::string& method_nuclide);
/// Body mass in grams from study and header; nothing where neither knows it.
[[nodiscard]] std::optional<double> settle_body_mass(Context& context);

/// Refuses at once what no other field could help: CT, proportional values, no unit and none
/// stated.
void require_unit(const Context& context);
/// Factor from the stored value to Bq/mL at the decay reference. @throws Error(bad_input) where
/// there is none.
/// @param reference_utc_s moment that the stored values speak of: SUV is taken back with the dose
/// left then.
[[nodiscard]] double activity_scale(Context& context, const records::ImageSeries& series,
                                    const Settled& settled, double reference_utc_s);

/// Refuses an image that holds over 1.5 times the injected activity, decay-corrected to the
/// administration; warns where a whole body holds under a hundredth of it.
void check_total_activity(Context& context, const records::Scan& scan);

/// Earliest start of any slice, scanner clock; nothing where no slice has one.
[[nodiscard]] std::optional<double> earliest_start_local_s(const records::ImageSeries& series);

/// "368 MBq", "21.4 g", for messages.
[[nodiscard]] std::string activity_text(double bq);
[[nodiscard]] std::string mass_text(double g);

}  // namespace sojourn::measure
