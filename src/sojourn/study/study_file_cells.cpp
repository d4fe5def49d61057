#include <algorithm>
#include <array>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/study/study_parts.h"

namespace sojourn::study {
namespace {

using units::Dimension;

const std::vector<std::string>& routes() {
  static const std::vector<std::string> all = {"iv", "ip", "intratumoral", "intranodal",
                                               "intracranial"};
  return all;
}

records::Infusion read_infusion(core::TableReader& in, ParsedStudy& parsed) {
  auto& study = parsed.study;
  records::Infusion infusion;
  const auto cells = catalogue::cell_ids();
  infusion.cells = in.need(in.choice("cells", cells), "cells");
  infusion.count = in.need(in.number("count"), "count");
  if (!(infusion.count > 0))
    in.fail("count", "must be over zero: all cells dispensed, living and dead");
  const auto viability = read_fraction(in, "viability");
  if (!viability) {
    study.warnings.push_back(in.where("viability") + ": not stated, every cell is taken as living");
  }
  infusion.viability = viability.value_or(1.0);
  infusion.viability_at_utc_s = read_moment(in, "viability_at", study);
  infusion.infused_at_utc_s = in.need(read_moment(in, "infused_at", study), "infused_at");
  infusion.duration_s =
      read_quantity(in, "duration", Dimension::time, Sign::not_negative).value_or(0);
  infusion.route = in.choice("route", routes()).value_or("iv");
  infusion.extravasated_bq =
      read_quantity(in, "extravasated", Dimension::activity, Sign::not_negative).value_or(0);
  in.finish();
  return infusion;
}

/// Fields that the label and the tracers share.
void read_syringe(core::TableReader& in, ParsedStudy& parsed, records::Administration& given) {
  auto& study = parsed.study;
  const auto methods = catalogue::method_ids();
  given.method = in.need(in.choice("method", methods), "method");
  given.activity_bq = read_quantity(in, "activity", Dimension::activity, Sign::positive);
  given.measured_at_utc_s = read_moment(in, "measured_at", study);
  if (given.activity_bq && !given.measured_at_utc_s) {
    in.fail("measured_at",
            "missing; say when the activity was measured (it decays until it is given)");
  }
  if (!given.activity_bq && given.measured_at_utc_s) {
    in.fail("measured_at",
            "says when an activity was measured that is not there; add activity, as \"0.26 MBq\"");
  }
  given.residual_bq =
      read_quantity(in, "residual", Dimension::activity, Sign::not_negative).value_or(0);
  given.residual_measured_at_utc_s = read_moment(in, "residual_measured_at", study);
  if (given.residual_bq > 0 && !given.residual_measured_at_utc_s) {
    study.warnings.push_back(
        in.where("residual") +
        ": residual_measured_at is not stated, it is taken as measured at the administration");
  }
}

}  // namespace

void read_infusions(core::TableReader& top, ParsedStudy& parsed) {
  for (auto& in : top.tables("infusion"))
    parsed.study.infusions.push_back(read_infusion(in, parsed));
  auto& all = parsed.study.infusions;
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.infused_at_utc_s < b.infused_at_utc_s;
  });
}

void read_label(core::TableReader& top, ParsedStudy& parsed) {
  auto in = top.table("label");
  if (!in) return;
  auto& study = parsed.study;
  if (study.infusions.empty()) {
    top.fail("label",
             "labels the infused cells, and the study infuses none; add [[infusion]], or write an "
             "injected "
             "tracer as [[tracer]]");
  }
  records::Administration label;
  label.id = "label";
  read_syringe(*in, parsed, label);
  label.cell_bound_fraction = read_fraction(*in, "cell_bound_fraction");
  if (!label.cell_bound_fraction) {
    study.warnings.push_back(
        in->where("cell_bound_fraction") +
        ": not stated, all label is taken as bound to cells; free label then counts as cells");
    label.cell_bound_fraction = 1.0;
  }
  in->finish();
  const auto& infusion = study.infusions.front();
  label.given_at_utc_s = infusion.infused_at_utc_s;
  label.duration_s = infusion.duration_s;
  label.extravasated_bq = infusion.extravasated_bq;
  study.administrations.push_back(label);
}

void read_tracers(core::TableReader& top, ParsedStudy& parsed) {
  auto& study = parsed.study;
  auto blocks = top.tables("tracer");
  for (auto& in : blocks) {
    records::Administration tracer;
    const auto id = in.text("id");
    if (!id && blocks.size() > 1)
      in.fail("id", "missing; name each of several tracers, as id = \"t1\"");
    tracer.id = id.value_or("tracer");
    check_safe_name(in, "id", tracer.id);
    const auto& all = study.administrations;
    if (tracer.id == "label" ||
        std::any_of(all.begin(), all.end(), [&](const auto& a) { return a.id == tracer.id; })) {
      in.fail(
          "id",
          fmt::format(
              "\"{}\" is taken; give every tracer an id of its own (\"label\" is the cells' label)",
              tracer.id));
    }
    read_syringe(in, parsed, tracer);
    tracer.given_at_utc_s = read_moment(in, "injected_at", study);
    tracer.duration_s =
        read_quantity(in, "duration", Dimension::time, Sign::not_negative).value_or(0);
    tracer.extravasated_bq =
        read_quantity(in, "extravasated", Dimension::activity, Sign::not_negative).value_or(0);
    tracer.mass_g = read_quantity(in, "mass", Dimension::mass, Sign::positive);
    in.finish();
    study.administrations.push_back(tracer);
  }
}

void read_rates(core::TableReader& top, ParsedStudy& parsed) {
  auto in = top.table("rates");
  if (!in) return;
  /// Spread of a rate that the study states without one.
  constexpr double kDefaultRelativeSd = 0.3;
  const auto with_sd = [&](const std::string& key,
                           std::optional<double> value) -> std::optional<records::Uncertain> {
    const auto sd = in->number(key + "_sd");
    if (sd && !(*sd >= 0 && *sd <= 3)) {
      in->fail(
          key + "_sd",
          fmt::format("{:g} is outside [0, 3]; write a relative standard deviation, 0.3 for 30 %",
                      *sd));
    }
    if (!value && sd)
      in->fail(key + "_sd", "is the spread of a rate that is not there; add " + key);
    if (!value) return std::nullopt;
    return records::Uncertain{*value, sd.value_or(kDefaultRelativeSd)};
  };
  const auto rate = [&](const std::string& key) {
    return with_sd(key, read_quantity(*in, key, Dimension::rate, Sign::not_negative));
  };
  const auto fraction = [&](const std::string& key) {
    const auto value = in->number(key);
    if (value && !(*value >= 0 && *value <= 1))
      in->fail(key, fmt::format("{:g} is outside [0, 1]", *value));
    return with_sd(key, value);
  };
  auto& rates = parsed.study.rates;
  rates.division = rate("division");
  rates.death = rate("death");
  rates.efflux = rate("efflux");
  rates.debris_release = rate("debris_release");
  rates.phagocytosed_fraction = fraction("phagocytosed_fraction");
  rates.bone_fraction = fraction("bone_fraction");
  in->finish();
}

}  // namespace sojourn::study
