#pragma once
#include <cmath>

#include "sojourn/image/geometry.h"
#include "sojourn/transport/stream.h"

namespace sojourn::transport {

/// A photon on its way: LPS millimetres, unit direction, keV.
struct Photon {
  double x = 0, y = 0, z = 0;
  double u = 0, v = 0, w = 1;
  double energy_kev = 0;
  double path_mm = 0;  ///< flown so far: time = path / c
  int scatters = 0;    ///< Compton and Rayleigh in the subject
};

inline constexpr double kLightMmPerNs = 299.792458;

/// Turns the direction by an angle (cosine) and a random azimuth.
inline void turn(Photon& p, double cosine, Stream& random) {
  double a, b, s;
  do {
    a = 2 * random.uniform_f() - 1, b = 2 * random.uniform_f() - 1;
    s = a * a + b * b;
  } while (s >= 1 || s == 0);
  const double sine = std::sqrt((1 - cosine) * (1 + cosine) / s);
  a *= sine, b *= sine;
  const double flat = p.u * p.u + p.v * p.v;
  if (flat < 1e-12) {
    p.u = a, p.v = b, p.w = p.w > 0 ? cosine : -cosine;
    return;
  }
  const double root = std::sqrt(flat), u = p.u, v = p.v;
  p.u = u * cosine + (u * p.w * a - v * b) / root;
  p.v = v * cosine + (v * p.w * a + u * b) / root;
  p.w = p.w * cosine - root * a;
  // rounding must not grow over many turns: one Newton step to unit length
  const double f = 1.5 - 0.5 * (p.u * p.u + p.v * p.v + p.w * p.w);
  p.u *= f, p.v *= f, p.w *= f;
}

/// A direction out of all (Marsaglia 1972).
inline void aim_anywhere(Photon& p, Stream& random) {
  double a, b, s;
  do {
    a = 2 * random.uniform_f() - 1, b = 2 * random.uniform_f() - 1;
    s = a * a + b * b;
  } while (s >= 1);
  const double f = 2 * std::sqrt(1 - s);
  p.u = a * f, p.v = b * f, p.w = 1 - 2 * s;
}

}  // namespace sojourn::transport
