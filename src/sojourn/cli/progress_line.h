#pragma once
#include "sojourn/core/progress.h"

namespace sojourn::cli {

/// Progress on stderr: one line that is rewritten on a terminal, plain lines otherwise; nothing
/// when `quiet`.
[[nodiscard]] core::Progress progress_line(bool quiet);
/// Ends the rewritten line, so that what follows starts on its own.
void end_progress();

}  // namespace sojourn::cli
