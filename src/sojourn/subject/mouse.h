#pragma once
#include <vector>

#include "sojourn/subject/organ.h"
#include "sojourn/subject/solid.h"

namespace sojourn::subject {

/// A solid and what it is made of.
struct Part {
  Organ organ = Organ::outside;
  Solid solid;
};

/// A prone adult mouse of about 21 g with a subcutaneous tumour on the left flank. Where parts
/// overlap, the later one holds the point: skin and muscle first, then organs, nodes and tumour,
/// bone, and the marrow inside the bone. Dimensions give the organ masses of
/// data/subject/mouse_organs_1997; docs/theory/virtual_study.md says how.
[[nodiscard]] const std::vector<Part>& mouse();

/// Corners of a box that holds the mouse with a margin for a scanner's blur, LPS mm.
[[nodiscard]] std::array<image::Vec3, 2> mouse_box_mm();

}  // namespace sojourn::subject
