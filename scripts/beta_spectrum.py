"""Energy spectra of beta decay: relativistic Fermi function, finite nucleus, screening, unique forbidden shapes.

Sources: H. Behrens and W. Buehring, Electron Radial Wave Functions and Nuclear Beta Decay (Clarendon, Oxford 1982), for
the Fermi functions F_(k-1) and the shapes; M. E. Rose, Phys Rev 49 (1936) 727, for screening; L. R. B. Elton, Nuclear
Sizes (1961), for the radius. Energies inside are in units of the electron's rest energy."""
import numpy

ELECTRON_KEV = 510.99895  # CODATA 2018
FINE_STRUCTURE = 7.2973525693e-3  # CODATA 2018
SHAPES = {1: "allowed", 2: "first-forbidden-unique", 3: "second-forbidden-unique"}  # TYPE of ENDF-6, section 8.4
# Lanczos' coefficients for g = 7, n = 9 (P. Godfrey 2001): relative error under 1e-14 to the right of 1/2
LANCZOS = (0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
           12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7)


def log_gamma(z):
    """ln Gamma(z) of complex z with Re z >= 1/2."""
    z = numpy.asarray(z, dtype=complex) - 1
    series = LANCZOS[0] + sum(c / (z + i) for i, c in enumerate(LANCZOS[1:], 1))
    t = z + 7.5
    return 0.5 * numpy.log(2 * numpy.pi) + (z + 0.5) * numpy.log(t) - t + numpy.log(series)


def fermi(k, charge, mass_number, w):
    """Generalised Fermi function F_(k-1)(Z, W); `charge` of the daughter, negative for positrons. F_0 at k = 1."""
    p = numpy.sqrt(w * w - 1)
    a3 = mass_number ** (1 / 3)
    radius = 0.0029 * a3 + 0.0063 / a3 - 0.017 / mass_number  # Elton's, in hbar/mc
    gamma = numpy.sqrt(k * k - (FINE_STRUCTURE * charge) ** 2)
    y = FINE_STRUCTURE * charge * w / p
    odd = numpy.prod(numpy.arange(1, 2 * k, 2)) if k > 1 else 1  # (2k - 1)!!
    log_ratio = log_gamma(gamma + 1j * y).real - log_gamma(1 + 2 * gamma).real
    front = 4.0 ** (k - 1) * 2 * k * (k + gamma) * odd ** 2
    return front * numpy.exp(numpy.pi * y + 2 * log_ratio) * (2 * p * radius) ** (2 * (gamma - k))


def phase_space(charge, mass_number, w, k=1):
    """p^(2k-1) W F_(k-1)(W), screened after Rose: taken at W shifted by the potential of the atom's electrons at the
    nucleus, V = 1.13 alpha^2 Z^(4/3), down for electrons and up for positrons. An electron slower than V keeps the limit
    p -> 0, which is finite (Rose's recipe ends there)."""
    z = abs(charge)
    shift = 1.13 * FINE_STRUCTURE ** 2 * z ** (4 / 3) * numpy.sign(charge)
    w = numpy.maximum(w - shift, 1 + 1e-6)
    return (w * w - 1) ** (k - 0.5) * w * fermi(k, charge, mass_number, w)


def spectrum(energies_kev, end_point_kev, charge, mass_number, shape="allowed"):
    """Density per keV of the kinetic energy, not normalised; zero beyond the end point.

    `shape`: see SHAPES; "allowed" also stands for non-unique forbidden branches (the xi approximation)."""
    w0 = 1 + end_point_kev / ELECTRON_KEV
    inside = (energies_kev < end_point_kev)
    w = 1 + numpy.where(inside, numpy.maximum(energies_kev, 1e-3), 0.5 * end_point_kev) / ELECTRON_KEV
    q = w0 - w

    def term(k):
        return phase_space(charge, mass_number, w, k)

    if shape == "allowed":
        density = term(1)
    elif shape == "first-forbidden-unique":  # q^2 F_0 + p^2 F_1
        density = q ** 2 * term(1) + term(2)
    elif shape == "second-forbidden-unique":  # q^4/5! F_0 + p^2 q^2/(3! 3!) F_1 + p^4/5! F_2
        density = q ** 4 / 120 * term(1) + q ** 2 / 36 * term(2) + term(3) / 120
    else:
        raise SystemExit(f"no shape factor for {shape}")
    return numpy.where(inside, density * q ** 2, 0.0)


def integral(x, y):
    """Trapezoids."""
    return float(numpy.sum(numpy.diff(x) * (y[1:] + y[:-1])) / 2)


def mean(x, y):
    """Mean of x under a density that is linear between its points."""
    h = numpy.diff(x)
    first = h * (x[:-1] * (2 * y[:-1] + y[1:]) + x[1:] * (y[:-1] + 2 * y[1:])) / 6
    return float(numpy.sum(first)) / integral(x, y)


def branch(end_point_kev, charge, mass_number, shape, points=4000):
    """Mean energy (keV) of one branch."""
    x = end_point_kev * (numpy.arange(points + 1) / points) ** 1.5
    return mean(x, spectrum(x, end_point_kev, charge, mass_number, shape))


def summed(branches, charge, mass_number, points=300):
    """Energies and density, integral 1, of branches (end point, intensity, shape): narrower steps at the low end."""
    x = max(b[0] for b in branches) * (numpy.arange(points + 1) / points) ** 1.5
    total = numpy.zeros_like(x)
    for end_point, intensity, shape in branches:
        fine = end_point * (numpy.arange(4001) / 4000) ** 1.5
        area = integral(fine, spectrum(fine, end_point, charge, mass_number, shape))
        total += intensity / area * spectrum(x, end_point, charge, mass_number, shape)
    return x, total / integral(x, total)
