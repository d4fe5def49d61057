#pragma once
#include "sojourn/fate/probe_kinetics.h"

/// A probe in tissue that holds targets: those of infused cells and those that were there before.
/// docs/theory/body_model.md.
namespace sojourn::fate {

/// Targets of a tissue. Both kinds of cells share one fluid, and so one occupancy.
struct TissueTargets {
  double infused_nm = 0;     ///< targets of the infused cells per volume of tissue
  double endogenous_nm = 0;  ///< targets of the body's own cells
  double internalisation_per_s = 0;
};

/// The probe in a volume of tissue, as nmol/L of tissue.
struct ProbeInTissue {
  double fluid_nm = 0;       ///< free, in the interstitial fluid
  double infused_nm = 0;     ///< on and in the infused cells
  double endogenous_nm = 0;  ///< on and in the body's own
};

/// nmol of targets per litre of tissue. @param copies per cell.
[[nodiscard]] double targets_nm(double copies, double cells_per_ml);

/// c in the fluid (a fraction f of the tissue), occupancy q, internalised probe i per target:
/// f dc/dt = PS (plasma - c) - T (kon c (1 - q) - koff q), dq/dt = kon c (1 - q) - (koff + kint) q,
/// di/dt = kint q, T the targets of both kinds. Exponential Rosenbrock steps, exact where nothing
/// saturates; steps are halved until the answer stands to 1e-5.
/// @param nm_per_suv as in occupancy.
/// @source Hochbruck, Ostermann & Schweitzer, SIAM J Numer Anal 47 (2009) 786 (the steps).
[[nodiscard]] ProbeInTissue probe_in_tissue(const ProbeKinetics& k, const TissueTargets& targets,
                                            double nm_per_suv, double t_s);

}  // namespace sojourn::fate
