#include "sojourn/subject/organ.h"

namespace sojourn::subject {

const OrganFacts& facts(Organ organ) {
  // Densities: ICRU Report 44 (1989), table 4.2 of adult tissues; bone is the skeleton's mixture of
  // cortical (1.92) and trabecular (1.18) tissue.
  static const std::array<OrganFacts, kOrgans> all = {{{"outside", -1000, 0.0012},
                                                       {"body_rest", 40, 1.04},
                                                       {"lungs", -600, 0.40},
                                                       {"heart_blood", 50, 1.06},
                                                       {"liver", 60, 1.06},
                                                       {"spleen", 50, 1.06},
                                                       {"kidneys", 40, 1.05},
                                                       {"bladder", 10, 1.03},
                                                       {"stomach", 35, 1.05},
                                                       {"gut", 35, 1.05},
                                                       {"brain", 40, 1.04},
                                                       {"bone", 700, 1.55},
                                                       {"marrow", 60, 1.03},
                                                       {"lymph_node_inguinal_left", 40, 1.03},
                                                       {"lymph_node_inguinal_right", 40, 1.03},
                                                       {"lymph_node_axillary_left", 40, 1.03},
                                                       {"lymph_node_axillary_right", 40, 1.03},
                                                       {"lymph_node_mesenteric", 40, 1.03},
                                                       {"tumour", 45, 1.04}}};
  return all[index_of(organ)];
}

}  // namespace sojourn::subject
