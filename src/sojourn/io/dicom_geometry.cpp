#include "sojourn/io/dicom_geometry.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::io::dicom {
namespace {

using image::Vec3;
using image::operator+;
using image::operator-;
using image::operator*;

constexpr double kSamePosition_mm = 1e-2;  // written precision of positions
constexpr double kUneven = 0.05;     // of the spacing: vendors round positions to 0.1 mm and less
constexpr double kDirection = 1e-3;  // of a direction cosine: 0.06 degrees
constexpr double kMostTilt_deg = 0.5;
constexpr double kDegree = 180.0 / std::numbers::pi;

Vec3 normal_of(const Plane& plane) {
  return image::cross((*plane.orientation)[0], (*plane.orientation)[1]);
}

bool finite(const Vec3& v) {
  return std::all_of(v.begin(), v.end(), [](double x) { return std::abs(x) < 1e7; });  // 10 km
}

void check_complete(const Plane& plane, const std::string& name) {
  if (!plane.position || !finite(*plane.position)) {
    refuse(
        "{}: no Image Position (0020,0032): the slice's place is unknown; export the series with "
        "its geometry",
        name);
  }
  if (!plane.orientation || !finite((*plane.orientation)[0]) || !finite((*plane.orientation)[1])) {
    refuse(
        "{}: no Image Orientation (0020,0037): left and right are unknown; export the series with "
        "its geometry",
        name);
  }
  const auto& axes = *plane.orientation;
  if (std::abs(image::norm(axes[0]) - 1) > kDirection ||
      std::abs(image::norm(axes[1]) - 1) > kDirection ||
      std::abs(image::dot(axes[0], axes[1])) > kDirection) {
    refuse(
        "{}: Image Orientation (0020,0037) is no pair of perpendicular unit vectors; the header is "
        "damaged",
        name);
  }
  const auto& spacing = plane.spacing_mm;
  if (!spacing || !((*spacing)[0] > 1e-4 && (*spacing)[0] < 1e4 && (*spacing)[1] > 1e-4 &&
                    (*spacing)[1] < 1e4)) {
    refuse("{}: Pixel Spacing (0028,0030) is missing or out of range; volumes cannot be known",
           name);
  }
}

bool same_direction(const Plane& a, const Plane& b) {
  for (std::size_t i = 0; i < 2; ++i) {
    if (image::norm((*a.orientation)[i] - (*b.orientation)[i]) > 2 * kDirection) return false;
  }
  return true;
}

bool same_spacing(const Plane& a, const Plane& b) {
  const auto &p = *a.spacing_mm, &q = *b.spacing_mm;
  return std::abs(p[0] - q[0]) < 1e-3 * p[0] && std::abs(p[1] - q[1]) < 1e-3 * p[1];
}

std::string place(double z, const Vec3& normal) {
  const bool axial = std::abs(normal[2]) > 0.9;
  return fmt::format("{} = {:.2f} mm", axial ? "z" : "position along the normal",
                     axial && normal[2] < 0 ? -z : z);
}

double median_step(const std::vector<double>& at) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < at.size(); ++i) steps.push_back(at[i] - at[i - 1]);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// The even spacing of sorted positions, or an error that says what is missing and where.
double even_spacing(const std::vector<double>& at, const Vec3& normal, const std::string& where) {
  const double usual = median_step(at);
  const double slack = std::max(kUneven * usual, kSamePosition_mm);
  int missing = 0;
  std::string gaps;
  bool uneven = false;
  for (std::size_t i = 1; i < at.size(); ++i) {
    const double step = at[i] - at[i - 1];
    if (std::abs(step - usual) <= slack) continue;
    const double times = std::round(step / usual);
    if (times >= 2 && times < 1e5 && std::abs(step - times * usual) <= times * slack) {
      missing += static_cast<int>(times) - 1;
      if (gaps.size() < 200) gaps += (gaps.empty() ? "" : ", ") + place(at[i - 1], normal);
    } else {
      uneven = true;
      if (gaps.size() < 200) gaps += (gaps.empty() ? "" : ", ") + place(at[i - 1], normal);
    }
  }
  if (uneven) {
    refuse(
        "{}: the slices are unevenly spaced (usual step {:.3f} mm; it changes after {}); resample "
        "the series to "
        "even spacing or export all its slices",
        where, usual, gaps);
  }
  if (missing > 0) {
    refuse("{}: {} slice{} missing (step {:.3f} mm; gap after {}); add the missing files", where,
           missing, missing == 1 ? " is" : "s are", usual, gaps);
  }
  return (at.back() - at.front()) / static_cast<double>(at.size() - 1);
}

void check_tilt(const std::vector<Plane>& planes, const Vec3& normal, const std::string& where,
                std::vector<std::string>& warnings) {
  const Vec3 along = *planes.back().position - *planes.front().position;
  const double height = image::dot(along, normal);
  const double aside = image::norm(along - height * normal);
  const double tilt = std::atan2(aside, height) * kDegree;
  if (tilt > kMostTilt_deg) {
    refuse(
        "{}: the stack is tilted: its slices are shifted sideways by {:.1f} degrees against their "
        "normal (gantry "
        "tilt); resample it to an upright grid (dcm2niix does so for CT) and give the NIfTI file",
        where, tilt);
  }
  const double pixel = std::min((*planes.front().spacing_mm)[0], (*planes.front().spacing_mm)[1]);
  if (aside > 0.5 * pixel) {
    warnings.push_back(fmt::format(
        "the slices drift sideways by {:.2f} mm over the stack ({:.2f} degrees); the drift "
        "is neglected",
        aside, tilt));
  }
}

/// Each slice lies where a straight line from the first to the last puts it.
void check_straight(const std::vector<Plane>& planes, const std::vector<ImageFile>& files) {
  const Vec3 first = *planes.front().position, last = *planes.back().position;
  const double pixel = std::min((*planes.front().spacing_mm)[0], (*planes.front().spacing_mm)[1]);
  const Vec3 normal = normal_of(planes.front());
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(planes.size() - 1);
    const Vec3 off = *planes[i].position - (first + part * (last - first));
    const double sideways = image::norm(off - image::dot(off, normal) * normal);
    if (sideways > 0.1 * pixel + kSamePosition_mm) {
      refuse(
          "{}: the slice is shifted sideways by {:.2f} mm against the others of its series; "
          "resample the series or "
          "choose another one",
          files[planes[i].file].name, sideways);
    }
  }
}

}  // namespace

void check_planes(const std::vector<Plane>& planes, const std::vector<ImageFile>& files,
                  const std::string& where) {
  if (planes.empty()) refuse("{}: the chosen series holds no image planes", where);
  const Plane& first = planes.front();
  const ImageFile& first_file = files[first.file];
  for (const Plane& plane : planes) {
    const ImageFile& file = files[plane.file];
    check_complete(plane, file.name);
    if (file.format.rows != first_file.format.rows ||
        file.format.columns != first_file.format.columns) {
      refuse(
          "{}: the matrix is {} x {}, that of {} is {} x {} (two acquisitions in one series?); "
          "keep one of them",
          file.name, file.format.columns, file.format.rows, first_file.name,
          first_file.format.columns, first_file.format.rows);
    }
    if (!same_direction(plane, first) || !same_spacing(plane, first)) {
      refuse(
          "{}: its orientation or pixel spacing differs from that of {} (two acquisitions in one "
          "series?); keep one "
          "of them",
          file.name, first_file.name);
    }
  }
}

image::Geometry stack_planes(std::vector<Plane>& planes, const std::vector<ImageFile>& files,
                             const std::string& where, std::vector<std::string>& warnings) {
  Vec3 normal = normal_of(planes.front());
  normal = (1.0 / image::norm(normal)) * normal;
  const auto height = [&](const Plane& plane) { return image::dot(*plane.position, normal); };
  std::stable_sort(planes.begin(), planes.end(),
                   [&](const Plane& a, const Plane& b) { return height(a) < height(b); });
  const Plane& first = planes.front();
  const ImageFile& file = files[first.file];

  image::Geometry grid;
  grid.size = {file.format.columns, file.format.rows, static_cast<int>(planes.size())};
  const Vec3 i_axis = (1.0 / image::norm((*first.orientation)[0])) * (*first.orientation)[0];
  grid.axis = {i_axis, image::cross(normal, i_axis), normal};
  grid.origin_mm = *first.position;
  grid.spacing_mm = {(*first.spacing_mm)[1], (*first.spacing_mm)[0], 0};
  if (planes.size() == 1) {
    const double thick = std::abs(first.thickness_mm.value_or(first.slice_spacing_mm.value_or(0)));
    if (!(thick > 1e-4 && thick < 1e4)) {
      refuse("{}: a single slice without Slice Thickness (0018,0050); its volume cannot be known",
             file.name);
    }
    grid.spacing_mm[2] = thick;
    return grid;
  }
  std::vector<double> at;
  for (const Plane& plane : planes) at.push_back(height(plane));
  for (std::size_t i = 1; i < at.size(); ++i) {
    if (at[i] - at[i - 1] > kSamePosition_mm) continue;
    refuse("{}: lies at the same position as {} ({}); remove the duplicate",
           files[planes[i].file].name, files[planes[i - 1].file].name, place(at[i], normal));
  }
  check_tilt(planes, normal, where, warnings);
  grid.spacing_mm[2] = even_spacing(at, normal, where);
  check_straight(planes, files);
  return grid;
}

}  // namespace sojourn::io::dicom
