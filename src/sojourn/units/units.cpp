#include "sojourn/units/units.h"

#include <udunits2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tsv.h"

namespace sojourn::units {
namespace {

struct Entry {
  const char* native;
  std::vector<std::string> accepted;
};

const Entry& entry(Dimension dimension) {
  static const std::map<Dimension, Entry> table = {
      {Dimension::activity,
       {"Bq", {"Bq", "mBq", "kBq", "MBq", "GBq", "TBq", "nCi", "uCi", "µCi", "mCi", "Ci"}}},
      {Dimension::mass, {"g", {"g", "kg", "mg", "ug", "µg", "ng", "pg", "fg"}}},
      {Dimension::time,
       {"s", {"s", "ps", "ns", "us", "ms", "min", "h", "hour", "hours", "d", "day", "days"}}},
      {Dimension::length, {"mm", {"mm", "cm", "m", "um", "µm", "nm"}}},
      {Dimension::volume,
       {"mL", {"mL", "ml", "L", "l", "uL", "ul", "µL", "nL", "pL", "fL", "mm3", "cm3"}}},
      {Dimension::concentration,
       {"Bq/mL",
        {"Bq/mL", "kBq/mL", "MBq/mL", "Bq/ml", "kBq/ml", "MBq/ml", "Bq/cm3", "kBq/cm3", "uCi/mL",
         "nCi/mL", "uCi/cm3", "nCi/cm3"}}},
      {Dimension::rate, {"1/s", {"1/s", "1/min", "1/h", "1/d", "/s", "/min", "/h", "/d"}}},
      {Dimension::energy, {"keV", {"keV", "eV", "MeV"}}},
      {Dimension::dose, {"Gy", {"Gy", "mGy", "uGy", "µGy", "cGy"}}},
      {Dimension::inverse_length, {"1/mm", {"1/mm", "1/cm", "/mm", "/cm"}}},
      {Dimension::molar_mass, {"g/mol", {"g/mol", "kg/mol", "Da", "kDa"}}},
      {Dimension::molar_concentration, {"nM", {"nM", "pM", "uM", "µM", "mM"}}},
      {Dimension::molar_activity,
       {"Bq/mol", {"Bq/mol", "MBq/nmol", "GBq/umol", "GBq/µmol", "TBq/mmol"}}},
      {Dimension::effective_dose_per_activity,
       {"mSv/MBq", {"mSv/MBq", "uSv/MBq", "µSv/MBq", "Sv/Bq"}}},
      {Dimension::absorbed_dose_per_activity,
       {"mGy/MBq", {"mGy/MBq", "uGy/MBq", "µGy/MBq", "Gy/Bq"}}},
      {Dimension::sensitivity, {"cps/Bq", {"cps/Bq", "cps/kBq", "cps/MBq", "kcps/MBq"}}},
      {Dimension::magnetic_field, {"T", {"T", "mT"}}},
  };
  return table.at(dimension);
}

/// UDUNITS is not thread-safe: one system behind one lock. Curie and electron volt are in its
/// database.
class Converter {
 public:
  Converter() {
    ut_set_error_message_handler(ut_ignore);
    system_ = ut_read_xml(nullptr);
    if (system_ == nullptr) {
      throw Error(ErrorCode::io_failed,
                  "the UDUNITS database is missing; install libudunits2-data");
    }
  }
  double factor(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    const Unit a(ut_parse(system_, from.c_str(), UT_UTF8), ut_free);
    const Unit b(ut_parse(system_, to.c_str(), UT_UTF8), ut_free);
    SOJOURN_ENSURE(a && b && ut_are_convertible(a.get(), b.get()));
    cv_converter* converter = ut_get_converter(a.get(), b.get());
    const double one = cv_convert_double(converter, 1.0);
    cv_free(converter);
    return one;
  }

 private:
  using Unit = std::unique_ptr<ut_unit, void (*)(ut_unit*)>;
  std::mutex mutex_;
  ut_system* system_ = nullptr;
};

/// Our spelling -> the one UDUNITS reads ("mL" is milli-litre there too; "/h" needs its one; "m" is
/// metre, "min" minute, "d" day, "l" and "L" litre). Chemists' M and Da and the counts of a scanner
/// are not in its database.
std::string spelled(std::string unit) {
  static const std::map<std::string, std::string> names = {
      {"Da", "g/mol"},
      {"kDa", "kg/mol"},
      {"pM", "pmol/L"},
      {"nM", "nmol/L"},
      {"uM", "umol/L"},
      {"µM", "umol/L"},
      {"mM", "mmol/L"},
      {"cps/Bq", "s-1/Bq"},
      {"cps/kBq", "s-1/kBq"},
      {"cps/MBq", "s-1/MBq"},
      {"kcps/MBq", "1000 s-1/MBq"},
  };
  if (const auto name = names.find(unit); name != names.end()) return name->second;
  if (!unit.empty() && unit.front() == '/') unit = "1" + unit;
  if (const auto at = unit.find("µ"); at != std::string::npos) unit.replace(at, 2, "u");
  return unit;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string native_unit(Dimension dimension) { return entry(dimension).native; }

std::span<const std::string> accepted_units(Dimension dimension) {
  return entry(dimension).accepted;
}

double factor(std::string_view unit, Dimension dimension) {
  const Entry& e = entry(dimension);
  std::string name(unit);
  constexpr std::string_view kGreekMu = "\u03bc", kMicro = "\u00b5";
  if (name.starts_with(kGreekMu)) name.replace(0, kGreekMu.size(), kMicro);
  if (std::find(e.accepted.begin(), e.accepted.end(), name) == e.accepted.end()) {
    refuse("\"{}\" is no unit that this field takes{}", name, core::suggestion(name, e.accepted));
  }
  static Converter converter;
  return converter.factor(spelled(name), spelled(e.native));
}

double parse(std::string_view text, Dimension dimension) {
  std::string_view whole = trimmed(text);
  if (whole.size() > 1 && whole[0] == '+' && whole[1] != '-') whole.remove_prefix(1);
  double value = 0;
  // The longest number at the start: "511eV" is 511 of "eV".
  const auto [end, code] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  const std::string_view unit = trimmed(whole.substr(static_cast<std::size_t>(end - whole.data())));
  if (code != std::errc() || !std::isfinite(value)) {
    refuse("\"{}\" does not start with a number; write as \"1.5 {}\"", text,
           entry(dimension).native);
  }
  if (unit.starts_with(','))
    refuse("\"{}\" has a decimal comma; write a point, as \"1.5 {}\"", text,
           entry(dimension).native);
  if (unit.empty())
    refuse("\"{}\" has no unit; write as \"{} {}\"", text, text, entry(dimension).native);
  const double native = value * factor(unit, dimension);
  if (!std::isfinite(native)) refuse("\"{}\" is too large to be measured; correct it", text);
  return native;
}

namespace {

double parse_field(const core::TableReader& table, const std::string& key, const core::Tree& value,
                   Dimension dimension) {
  if (value.kind() != core::Tree::Kind::string) {
    table.fail(key, fmt::format("must be a quantity in quotes with its unit, as \"1.5 {}\", not {}",
                                native_unit(dimension), value.kind_name()));
  }
  try {
    return parse(value.text(), dimension);
  } catch (Error& e) {
    throw e.within(table.where(key));
  }
}

}  // namespace

std::optional<double> quantity(core::TableReader& table, const std::string& key,
                               Dimension dimension) {
  const core::Tree* value = table.raw(key);
  if (value == nullptr) return std::nullopt;
  return parse_field(table, key, *value, dimension);
}

std::vector<double> quantities(core::TableReader& table, const std::string& key,
                               Dimension dimension) {
  const core::Tree* value = table.raw(key);
  std::vector<double> all;
  if (value == nullptr) return all;
  if (value->kind() != core::Tree::Kind::array) return {parse_field(table, key, *value, dimension)};
  for (const auto& item : value->items()) all.push_back(parse_field(table, key, item, dimension));
  return all;
}

}  // namespace sojourn::units
