#pragma once
#include <map>
#include <string>

#include "sojourn/catalogue/catalogue_table.h"

namespace sojourn::catalogue {

/// The whole catalogue as Markdown, file name -> text: an index and one file for each class.
[[nodiscard]] std::map<std::string, std::string> documents(const Tables& tables);

}  // namespace sojourn::catalogue
