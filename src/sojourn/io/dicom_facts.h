#pragma once
#include <string>
#include <vector>

#include "sojourn/io/dicom_image.h"
#include "sojourn/records/series.h"

namespace sojourn::io::dicom {

/// What the header of a series says, faithfully and undecided: `data` is the header of its first
/// file. Warnings name what was odd (two injection times, placeholders), never a person.
[[nodiscard]] records::HeaderFacts read_facts(const Dataset& data, const ImageFile& file,
                                              std::vector<std::string>& warnings);

/// The parts of read_facts. Subject and tracer; clocks and the private elements of GE, Siemens and
/// Philips.
void read_subject(const Dataset& data, records::HeaderFacts& facts);
void read_tracer(const Dataset& data, Kind kind, records::HeaderFacts& facts,
                 std::vector<std::string>& warnings);
void read_clocks(const Dataset& data, records::HeaderFacts& facts);
void read_private(const Dataset& data, records::HeaderFacts& facts);

}  // namespace sojourn::io::dicom
