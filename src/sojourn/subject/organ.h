#pragma once
#include <array>
#include <cstdint>
#include <string>

namespace sojourn::subject {

/// What a point of the stylised mouse belongs to.
enum class Organ : std::uint8_t {
  outside,
  body_rest,
  lungs,
  heart_blood,
  liver,
  spleen,
  kidneys,
  bladder,
  stomach,
  gut,
  brain,
  bone,
  marrow,
  lymph_node_inguinal_left,
  lymph_node_inguinal_right,
  lymph_node_axillary_left,
  lymph_node_axillary_right,
  lymph_node_mesenteric,
  tumour
};
inline constexpr std::size_t kOrgans = 19;

[[nodiscard]] constexpr std::size_t index_of(Organ organ) {
  return static_cast<std::size_t>(organ);
}

struct OrganFacts {
  std::string name;         ///< "liver"
  double ct_number_hu = 0;  ///< mean attenuation in CT
};

/// CT numbers: air -1000, inflated lung -600, soft tissue 40, blood 50, cortical bone of mice 700,
/// marrow 60. Round values within what small-animal CT shows: the example needs tissues that can be
/// told apart, not a calibration.
[[nodiscard]] const OrganFacts& facts(Organ organ);

}  // namespace sojourn::subject
