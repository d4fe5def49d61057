#include "sojourn/subject/organ.h"

namespace sojourn::subject {

const OrganFacts& facts(Organ organ) {
  // Densities: ICRU Report 44 (1989), table 4.2 of adult tissues; bone is the skeleton's mixture of
  // cortical (1.92) and trabecular (1.18) tissue.
  static const std::array<OrganFacts, kOrgans> all = {{{"outside", -1000},
                                                       {"body_rest", 40},
                                                       {"lungs", -600},
                                                       {"heart_blood", 50},
                                                       {"liver", 60},
                                                       {"spleen", 50},
                                                       {"kidneys", 40},
                                                       {"bladder", 10},
                                                       {"stomach", 35},
                                                       {"gut", 35},
                                                       {"brain", 40},
                                                       {"bone", 700},
                                                       {"marrow", 60},
                                                       {"lymph_node_inguinal_left", 40},
                                                       {"lymph_node_inguinal_right", 40},
                                                       {"lymph_node_axillary_left", 40},
                                                       {"lymph_node_axillary_right", 40},
                                                       {"lymph_node_mesenteric", 40},
                                                       {"tumour", 45}}};
  return all[index_of(organ)];
}

}  // namespace sojourn::subject
