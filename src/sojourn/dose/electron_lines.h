#pragma once
#include <string_view>
#include <vector>

#include "sojourn/nuclide/nuclide.h"

namespace sojourn::dose {

/// Electrons or positrons of one energy.
struct ElectronLine {
  double energy_kev = 0;
  double per_decay = 0;
};

/// Everything charged that a nuclide emits: conversion and Auger lines as they are, beta spectra in
/// `bins_per_beta` bins of equal probability, each at its mean energy (so that the mean energy of
/// the spectrum stays), and holes in outer shells that the evaluation leaves out
/// (data/dose/outer_shells_2026), each as one electron of the hole's energy.
[[nodiscard]] std::vector<ElectronLine> electron_lines(const nuclide::Nuclide& nuclide,
                                                       int bins_per_beta = 200);

/// Sum of energy times intensity, keV per decay.
[[nodiscard]] double energy_per_decay_kev(const std::vector<ElectronLine>& lines);

}  // namespace sojourn::dose
