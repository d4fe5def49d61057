#include "sojourn/plan/limit.h"

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/subject_table.h"

namespace sojourn::plan {

LimitAnswer limit(const LimitQuestion& question) {
  const auto& method = catalogue::method(question.method);
  const auto& scanner = catalogue::scanner(question.scanner);
  method.must_be_usable();
  LimitAnswer answer;
  answer.cells = !question.cells.empty() ? question.cells
                 : !method.cells.empty() ? method.cells.front()
                                         : "cd8-t";
  const auto& cell = catalogue::cell(answer.cells);
  Setting setting;
  // a phantom has no body: a tracer's activity per gram is that of a mouse
  setting.species = question.species.empty() ? "mouse" : question.species;
  setting.body_mass_g =
      question.body_mass_g.value_or(fate::subject_defaults(setting.species).body_mass_g);
  setting.region = question.region;
  setting.region_ml = question.task.volume_ml;
  setting.infused_cells = 1e6;
  setting.injected_bq = question.injected_bq;
  Task task = question.task;
  task.in_vivo = !question.species.empty();
  if (const auto* label = method.get<catalogue::ExVivoLabel>()) {
    setting.label_per_million_bq =
        question.label_per_million_bq.value_or(label->activity_per_million_bq->of(cell.kin).value);
    answer.label_bq_per_million = setting.label_per_million_bq;
    answer.ceiling_bq_per_million = label->activity_per_million_ceiling_bq->of(cell.kin).value;
    // what leaves a million cells says nothing of the whole infusion: the background is the
    // question's
    if (!task.background_bq_per_ml) task.background_bq_per_ml = 0;
  }
  const auto signal = CellSignal(method, cell, setting).at(question.after_s);
  answer.detection = detect(method, signal, scanner, task);
  answer.signal_per_cell = signal.per_cell;
  answer.signal_unit = signal.unit;
  return answer;
}

}  // namespace sojourn::plan
