#include "sojourn/numerics/stiff_ode.h"

#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>

#include "sojourn/core/error.h"

namespace sojourn::numerics {
namespace {

struct FreeVector {
  void operator()(N_Vector v) const { N_VDestroy(v); }
};
struct FreeMatrix {
  void operator()(SUNMatrix m) const { SUNMatDestroy(m); }
};
struct FreeLinear {
  void operator()(SUNLinearSolver s) const { SUNLinSolFree(s); }
};
struct FreeContext {
  void operator()(SUNContext c) const { SUNContext_Free(&c); }
};
struct FreeIntegrator {
  void operator()(void* memory) const { CVodeFree(&memory); }
};
template <typename Handle, typename Free>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Free>;
using Vector = Owned<N_Vector, FreeVector>;

std::span<double> values(N_Vector v) {
  return {N_VGetArrayPointer(v), static_cast<std::size_t>(N_VGetLength(v))};
}

/// What the callbacks share: CVODES changes `parameters` for its difference quotients.
struct Shared {
  const OdeProblem& problem;
  std::vector<double> parameters;
  double from = 0, to = 0;  ///< this piece, [from, to)
  std::vector<double> dfdy, dfdp;
  std::exception_ptr thrown;
  std::string said;

  [[nodiscard]] double inside(double t) const {
    return std::clamp(t, from, std::nextafter(to, -std::numeric_limits<double>::infinity()));
  }
};

/// Runs a caller's function for C: 0 good, 1 try a smaller step, -1 stop.
template <typename Body>
int guarded(Shared& shared, std::span<const double> filled, const Body& body) {
  try {
    body();
  } catch (...) {
    shared.thrown = std::current_exception();
    return -1;
  }
  return std::all_of(filled.begin(), filled.end(), [](double v) { return std::isfinite(v); }) ? 0
                                                                                              : 1;
}

int rate_of(realtype t, N_Vector y, N_Vector dydt, void* data) {
  auto& s = *static_cast<Shared*>(data);
  return guarded(s, values(dydt),
                 [&] { s.problem.rate(s.inside(t), values(y), s.parameters, values(dydt)); });
}

int jacobian_of(realtype t, N_Vector y, N_Vector, SUNMatrix j, void* data, N_Vector, N_Vector,
                N_Vector) {
  auto& s = *static_cast<Shared*>(data);
  const std::size_t n = values(y).size();
  s.dfdy.resize(n * n);
  const int status =
      guarded(s, s.dfdy, [&] { s.problem.jacobian(s.inside(t), values(y), s.parameters, s.dfdy); });
  for (std::size_t row = 0; row < n; ++row)
    for (std::size_t column = 0; column < n; ++column)
      SUNDenseMatrix_Column(j, static_cast<sunindextype>(column))[row] = s.dfdy[row * n + column];
  return status;
}

/// ds/dt = df/dy s + df/dp of one parameter.
int sensitivity_rate(int, realtype t, N_Vector y, N_Vector, int k, N_Vector s_k, N_Vector result,
                     void* data, N_Vector, N_Vector) {
  auto& s = *static_cast<Shared*>(data);
  const std::size_t n = values(y).size(), m = s.parameters.size();
  s.dfdy.resize(n * n);
  s.dfdp.resize(n * m);
  return guarded(s, values(result), [&] {
    s.problem.jacobian(s.inside(t), values(y), s.parameters, s.dfdy);
    s.problem.parameter_jacobian(s.inside(t), values(y), s.parameters, s.dfdp);
    for (std::size_t i = 0; i < n; ++i) {
      double sum = s.dfdp[i * m + static_cast<std::size_t>(k)];
      for (std::size_t j = 0; j < n; ++j) sum += s.dfdy[i * n + j] * values(s_k)[j];
      values(result)[i] = sum;
    }
  });
}

void keep_message(int, const char*, const char*, char* message, void* data) {
  static_cast<Shared*>(data)->said = message;
}

void need(int status, const char* what) {
  if (status < 0)
    throw Error(ErrorCode::internal, fmt::format("ode: {} failed ({})", what, status));
}

class Integrator {
 public:
  Integrator(const OdeProblem& problem, const OdeOptions& options)
      : shared_{problem, problem.parameters, 0, 0, {}, {}, {}, {}},
        n_(problem.start.size()),
        n_sensitive_(options.sensitivities ? problem.parameters.size() : 0) {
    SUNContext context = nullptr;
    need(SUNContext_Create(nullptr, &context), "the context");
    context_.reset(context);
    y_ = vector(problem.start);
    tolerance_ = vector(options.absolute_tolerance.size() == n_
                            ? options.absolute_tolerance
                            : std::vector<double>(n_, options.absolute_tolerance[0]));
    memory_.reset(CVodeCreate(CV_BDF, context_.get()));
    need(CVodeSetErrHandlerFn(memory_.get(), keep_message, &shared_), "the message handler");
    need(CVodeInit(memory_.get(), rate_of, problem.t_start, y_.get()), "the start");
    need(CVodeSVtolerances(memory_.get(), options.relative_tolerance, tolerance_.get()),
         "the tolerances");
    need(CVodeSetUserData(memory_.get(), &shared_), "the data");
    need(CVodeSetMaxNumSteps(memory_.get(), options.most_steps), "the limit of steps");
    const auto size = static_cast<sunindextype>(n_);
    matrix_.reset(SUNDenseMatrix(size, size, context_.get()));
    linear_.reset(SUNLinSol_Dense(y_.get(), matrix_.get(), context_.get()));
    need(CVodeSetLinearSolver(memory_.get(), linear_.get(), matrix_.get()), "the linear solver");
    if (problem.jacobian) need(CVodeSetJacFn(memory_.get(), jacobian_of), "the Jacobian");
    if (n_sensitive_ > 0) add_sensitivities(problem);
  }

  /// Starts the piece [from, to).
  void begin(double from, double to, std::span<const double> added) {
    shared_.from = from;
    shared_.to = to;
    if (started_) {
      for (std::size_t i = 0; i < added.size(); ++i) values(y_.get())[i] += added[i];
      need(CVodeReInit(memory_.get(), from, y_.get()), "the restart");
      if (n_sensitive_ > 0)
        need(CVodeSensReInit(memory_.get(), CV_STAGGERED, raw_.data()), "the restart");
    }
    started_ = true;
    // a stop time of the piece before would be kept
    const double stop = std::isfinite(to) ? to : 0.25 * std::numeric_limits<double>::max();
    need(CVodeSetStopTime(memory_.get(), stop), "the stop time");
  }

  /// To t; false where it broke down.
  bool advance(double t, double& reached) {
    const int status = CVode(memory_.get(), t, y_.get(), &reached, CV_NORMAL);
    long evaluations = 0, of_sensitivities = 0;
    CVodeGetNumRhsEvals(memory_.get(), &evaluations);
    if (n_sensitive_ > 0) CVodeGetNumRhsEvalsSens(memory_.get(), &of_sensitivities);
    counted_ = evaluations + of_sensitivities;
    if (shared_.thrown) std::rethrow_exception(shared_.thrown);
    if (status < 0) return false;
    if (n_sensitive_ > 0)
      need(CVodeGetSens(memory_.get(), &reached, raw_.data()), "the sensitivities");
    return true;
  }

  void end_piece() {
    evaluations_ += counted_;
    counted_ = 0;
  }

  void write(OdeSolution& solution) const {
    const auto y = values(y_.get());
    solution.y.insert(solution.y.end(), y.begin(), y.end());
    for (std::size_t i = 0; i < n_ && n_sensitive_ > 0; ++i)
      for (std::size_t k = 0; k < n_sensitive_; ++k)
        solution.sensitivity.push_back(values(sensitivity_[k].get())[i]);
  }

  [[nodiscard]] std::size_t evaluations() const {
    return static_cast<std::size_t>(evaluations_ + counted_);
  }
  [[nodiscard]] const std::string& said() const { return shared_.said; }

 private:
  Vector vector(std::span<const double> from) const {
    Vector v(N_VNew_Serial(static_cast<sunindextype>(from.size()), context_.get()));
    std::copy(from.begin(), from.end(), values(v.get()).begin());
    return v;
  }

  void add_sensitivities(const OdeProblem& problem) {
    for (std::size_t k = 0; k < n_sensitive_; ++k) {
      std::vector<double> column(n_, 0.0);
      for (std::size_t i = 0; i < n_ && !problem.start_sensitivity.empty(); ++i)
        column[i] = problem.start_sensitivity[i * n_sensitive_ + k];
      sensitivity_.push_back(vector(column));
      raw_.push_back(sensitivity_.back().get());
      sizes_.push_back(problem.parameters[k] == 0 ? 1 : std::abs(problem.parameters[k]));
    }
    const bool exact = problem.jacobian && problem.parameter_jacobian;
    need(CVodeSensInit1(memory_.get(), static_cast<int>(n_sensitive_), CV_STAGGERED,
                        exact ? sensitivity_rate : nullptr, raw_.data()),
         "the sensitivities");
    need(CVodeSetSensParams(memory_.get(), shared_.parameters.data(), sizes_.data(), nullptr),
         "the parameters");
    need(CVodeSensEEtolerances(memory_.get()), "the tolerances of sensitivities");
    need(CVodeSetSensErrCon(memory_.get(), SUNTRUE), "the error control of sensitivities");
  }

  Shared shared_;
  std::size_t n_, n_sensitive_;
  // freed from the last to the first: the integrator goes before what it uses
  Owned<SUNContext, FreeContext> context_;
  Vector y_, tolerance_;
  std::vector<Vector> sensitivity_;
  std::vector<N_Vector> raw_;
  std::vector<double> sizes_;
  Owned<SUNMatrix, FreeMatrix> matrix_;
  Owned<SUNLinearSolver, FreeLinear> linear_;
  std::unique_ptr<void, FreeIntegrator> memory_;
  bool started_ = false;
  long evaluations_ = 0, counted_ = 0;
};

void check_shape(std::size_t size, std::size_t wanted, const char* what) {
  if (size != wanted)
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("ode: {} {} (there must be {})", size, what, wanted));
}

void check(const OdeProblem& p, std::span<const double> times, const OdeOptions& o) {
  const std::size_t n = p.start.size();
  const auto bad = [](const char* what) { throw Error(ErrorCode::bad_value, what); };
  if (n == 0 || !p.rate) bad("ode: no start or no rate");
  if (!(o.relative_tolerance > 0) || o.absolute_tolerance.empty())
    bad("ode: the relative tolerance must be positive, and an absolute one given");
  if (o.absolute_tolerance.size() != 1)
    check_shape(o.absolute_tolerance.size(), n, "absolute tolerances");
  for (const double a : o.absolute_tolerance)
    if (!(a >= 0)) bad("ode: an absolute tolerance is negative");
  if (!p.start_sensitivity.empty())
    check_shape(p.start_sensitivity.size(), n * p.parameters.size(), "sensitivities at the start");
  for (const auto* v : {&p.start, &p.parameters, &p.start_sensitivity})
    for (const double x : *v)
      if (!std::isfinite(x)) bad("ode: a start or parameter is not finite");
  double before = p.t_start;
  for (const OdeBreak& b : p.breaks) {
    if (!(b.t > before && std::isfinite(b.t)))
      bad("ode: breaks must follow each other after the start");
    if (!b.added.empty()) check_shape(b.added.size(), n, "values added at a break");
    before = b.t;
  }
  before = p.t_start;
  for (const double t : times) {
    if (!(t >= before && std::isfinite(t))) bad("ode: times must ascend from the start");
    before = t;
  }
}

}  // namespace

OdeSolution solve_stiff(const OdeProblem& problem, std::span<const double> times,
                        const OdeOptions& options) {
  check(problem, times, options);
  OdeSolution solution;
  solution.n = problem.start.size();
  solution.n_parameters = problem.parameters.size();
  solution.reached = problem.t_start;
  Integrator integrator(problem, options);
  std::size_t next = 0;
  double from = problem.t_start;
  const auto stopped = [&] {
    solution.rate_evaluations = integrator.evaluations();
    solution.message =
        fmt::format("stopped at t = {:.6g}: {}", solution.reached, integrator.said());
    return solution;
  };
  for (std::size_t piece = 0; piece <= problem.breaks.size() && next < times.size(); ++piece) {
    const bool last = piece == problem.breaks.size();
    const double to = last ? std::numeric_limits<double>::infinity() : problem.breaks[piece].t;
    integrator.begin(from, to,
                     piece == 0 ? std::span<const double>() : problem.breaks[piece - 1].added);
    for (; next < times.size() && times[next] < to; ++next) {
      if (times[next] > solution.reached && !integrator.advance(times[next], solution.reached))
        return stopped();
      integrator.write(solution);
    }
    if (next < times.size() && to > solution.reached && !integrator.advance(to, solution.reached))
      return stopped();
    integrator.end_piece();
    from = to;
  }
  solution.rate_evaluations = integrator.evaluations();
  solution.complete = true;
  solution.message = "complete";
  return solution;
}

}  // namespace sojourn::numerics
