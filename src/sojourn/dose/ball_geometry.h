#pragma once

/// Shares of an isotropic straight flight that end inside a sphere, by where it starts. `x` is the
/// length of the flight; lengths in one unit of the caller's.
/// @source Goddu SM, Howell RW, Rao DV, J Nucl Med 35 (1994) 303-316 (the geometric reduction
/// factor; the closed forms here are our own integrals of the same).
namespace sojourn::dose {

/// From a point at distance `from` of the centre into the sphere of radius `target`:
/// (target² - (x - from)²) / (4 x from) between |x - from| < target < x + from.
[[nodiscard]] double share_from_point(double from, double x, double target);

/// From points spread evenly in the concentric ball of radius `source`:
/// 3/source³ ∫ a² share_from_point(a, x, target) da. For source = target = R the known
/// 1 - 3x/4R + x³/16R³.
[[nodiscard]] double share_from_ball(double source, double x, double target);

/// From points spread evenly between two concentric spheres. @param inner < outer.
[[nodiscard]] double share_from_shell(double inner, double outer, double x, double target);

}  // namespace sojourn::dose
