#pragma once
#include "sojourn/catalogue/rows.h"

/// Plasma, interstitial fluid and binding of an injected probe. docs/theory/body_model.md.
namespace sojourn::fate {

/// Assumed for all probes, 1e5 /(M s): no row states it; the dissociation follows from the
/// affinity.
inline constexpr double kAssociation_per_nm_s = 1e-4;

struct ProbeKinetics {
  double plasma_half_life_s = 0, plasma_half_life_fast_s = 0, fast_fraction = 0;
  double extravasation_per_s = 0;    ///< plasma to tissue, per volume of tissue
  double interstitial_fraction = 0;  ///< of tissue, open to the probe
  double initial_suv = 0;            ///< in plasma, right after injection
  double kd_nm = 0;
};

/// The probe's own half-lives where its row has them, else its vector's.
/// @param blood_fraction mL of blood per g of body; plasma is 0.55 of it.
[[nodiscard]] ProbeKinetics kinetics_of(const catalogue::Method& method,
                                        const catalogue::Vector& vector, double blood_fraction);

/// Concentrations as SUV: over injected activity per gram of body, without decay.
[[nodiscard]] double plasma_suv(const ProbeKinetics& k, double t_s);
/// In the fluid: dc/dt = (PS/f)(plasma - c), with PS the extravasation and f the fraction.
[[nodiscard]] double interstitial_suv(const ProbeKinetics& k, double t_s);

/// What has left the vessels into a mL of tissue by time t, were all of it held: PS times the
/// integral of plasma.
[[nodiscard]] double captured_suv(const ProbeKinetics& k, double t_s);

/// Part of the targets of a cell that are occupied at time t.
/// @param nm_per_suv concentration of probe, in nM, that is an SUV of 1 (injected amount over body
/// mass). The association rate is 1e5 /(M s), usual for proteins.
[[nodiscard]] double occupancy(const ProbeKinetics& k, double nm_per_suv, double t_s);

}  // namespace sojourn::fate
