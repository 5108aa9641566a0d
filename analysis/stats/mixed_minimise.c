#include "analysis/stats/mixed_minimise.h"

#include <math.h>
#include <nlopt.h>
#include <string.h>

#define TOLERANCE 1e-9 /* of theta and of the deviance, absolute */
#define COARSE 1e-3    /* the same of the deviance, for the first look from a further start */
#define BOUNDARY 1e-5  /* of theta */
#define VANISHING 0.1  /* of the size at which a parameter matters */
#define MAX_EVALUATIONS 20000
#define GAIN 1e-7 /* of the deviance, worth going on for */

typedef struct {
  MixedSystem *system;
  bool reml;
  gsize n_evaluations;
} Objective;

static double objective(unsigned n, const double *theta, double *gradient, void *data) {
  (void)n;
  (void)gradient; /* BOBYQA asks for none */
  Objective *self = data;
  MixedValues values;
  self->n_evaluations++;
  return mixed_system_evaluate(self->system, theta, &values) ? mixed_system_deviance(self->system, &values, self->reml)
                                                             : HUGE_VAL;
}

static bool is_diagonal(const MixedParameter *parameter) { return parameter->row == parameter->column; }

/* The size at which a parameter matters. */
static double unit(const MixedParameter *parameter) { return 1 / fmax(parameter->scale, 1e-300); }

typedef struct {
  bool bounded;     /* diagonals at least 0 */
  double share;     /* of the first steps in the sizes at which the parameters matter; 0: all 0.75, as lme4 */
  double tolerance; /* of the deviance */
} Run;

/* One run of BOBYQA from theta. False where it did not end by its tolerances. */
static bool minimise_from(Objective *self, const Run *run, double *theta, double *deviance) {
  unsigned k = (unsigned)self->system->n_parameters;
  nlopt_opt optimiser = nlopt_create(NLOPT_LN_BOBYQA, k);
  g_autofree double *lower = g_new(double, k), *steps = g_new(double, k);
  for (unsigned i = 0; i < k; i++) {
    const MixedParameter *parameter = &self->system->parameters[i];
    lower[i] = run->bounded && is_diagonal(parameter) ? 0 : -HUGE_VAL;
    steps[i] = run->share > 0 ? run->share * fmax(fabs(theta[i]), unit(parameter)) : 0.75;
  }
  nlopt_set_lower_bounds(optimiser, lower);
  nlopt_set_min_objective(optimiser, objective, self);
  nlopt_set_initial_step(optimiser, steps);
  nlopt_set_xtol_abs1(optimiser, TOLERANCE);
  nlopt_set_ftol_abs(optimiser, run->tolerance);
  nlopt_set_maxeval(optimiser, MAX_EVALUATIONS);
  nlopt_result result = nlopt_optimize(optimiser, theta, deviance);
  nlopt_destroy(optimiser);
  /* Rounding that stops progress is an end by tolerance too: the steps were as small as they can be. */
  return (result > 0 && result != NLOPT_MAXEVAL_REACHED) || result == NLOPT_ROUNDOFF_LIMITED;
}

/* Goes on from theta with small steps until that gains no more: on a bound, or with many parameters, a quadratic model
 * can stall. */
static bool refine(Objective *self, bool bounded, double *theta, double *deviance) {
  gsize k = self->system->n_parameters;
  const Run run = {bounded, 0.3, TOLERANCE};
  bool ended = false;
  for (int round = 0; round < 5; round++) {
    g_autofree double *next = g_memdup2(theta, k * sizeof *theta);
    double again = HUGE_VAL;
    ended = minimise_from(self, &run, next, &again);
    if (!(again < *deviance))
      break;
    double gain = *deviance - again;
    memcpy(theta, next, k * sizeof *theta);
    *deviance = again;
    if (gain <= GAIN)
      break;
  }
  return ended;
}

/* Turns the signs of columns with a negative diagonal, which leaves TT' as it is. */
static void turn_columns(const MixedSystem *system, double *theta) {
  for (gsize d = 0; d < system->n_parameters; d++) {
    const MixedParameter *diagonal = &system->parameters[d];
    if (!is_diagonal(diagonal) || !(theta[d] < 0))
      continue;
    for (gsize i = 0; i < system->n_parameters; i++)
      if (system->parameters[i].group == diagonal->group && system->parameters[i].column == diagonal->column)
        theta[i] = -theta[i];
  }
}

/* Whether a coarse search came back to theta. */
static bool is_same(const MixedSystem *system, const double *found, const double *theta) {
  for (gsize i = 0; i < system->n_parameters; i++)
    if (fabs(found[i] - theta[i]) > 0.1 * fmax(fabs(theta[i]), unit(&system->parameters[i])))
      return false;
  return true;
}

/* Looks from a further start and keeps what is lower. */
static void look_from(Objective *self, double *start, double *theta, double *deviance, bool *ended) {
  const Run run = {false, 0.3, COARSE};
  double found = HUGE_VAL;
  minimise_from(self, &run, start, &found);
  turn_columns(self->system, start);
  if (!(found < *deviance + 30 * COARSE) || (found >= *deviance && is_same(self->system, start, theta)))
    return;
  bool refined = refine(self, false, start, &found);
  if (!(found < *deviance - GAIN))
    return;
  turn_columns(self->system, start);
  memcpy(theta, start, self->system->n_parameters * sizeof *theta);
  *deviance = found;
  *ended = refined;
}

/* What vanished moves inwards, once with each sign of the column below it. */
static void look_inwards(Objective *self, double *theta, double *deviance, bool *ended) {
  const MixedSystem *system = self->system;
  gsize k = system->n_parameters;
  for (int sign = -1; sign <= 1; sign += 2) {
    g_autofree double *start = g_memdup2(theta, k * sizeof *theta);
    bool any = false;
    for (gsize i = 0; i < k; i++) {
      const MixedParameter *parameter = &system->parameters[i];
      if (!is_diagonal(parameter) || theta[i] >= VANISHING * unit(parameter))
        continue;
      any = true;
      start[i] = unit(parameter);
      for (gsize j = 0; j < k; j++)
        if (system->parameters[j].group == parameter->group && system->parameters[j].column == parameter->column &&
            j != i)
          start[j] = sign * (theta[j] + unit(&system->parameters[j]) / 2);
    }
    if (any)
      look_from(self, start, theta, deviance, ended);
  }
}

/* Effects of the sizes at which they matter, without correlations and with ones of either sign. */
static void look_around(Objective *self, double *theta, double *deviance, bool *ended) {
  static const struct {
    double size, lean; /* of the diagonal and of what is below it */
  } starts[] = {{2, 0}, {2, 2}, {2, -2}, {0.3, 0}};
  gsize k = self->system->n_parameters;
  g_autofree double *start = g_new(double, k);
  for (gsize s = 0; s < G_N_ELEMENTS(starts); s++) {
    for (gsize i = 0; i < k; i++) {
      const MixedParameter *parameter = &self->system->parameters[i];
      start[i] = (is_diagonal(parameter) ? starts[s].size : starts[s].lean) * unit(parameter);
    }
    look_from(self, start, theta, deviance, ended);
  }
}

/* Sets entries of theta to zero where the deviance is no larger there, else leaves them. */
static void zero_where_harmless(Objective *self, double *theta, const gsize *entries, gsize n) {
  g_autofree double *old = g_memdup2(theta, self->system->n_parameters * sizeof *theta);
  double deviance = objective(0, theta, NULL, self);
  for (gsize i = 0; i < n; i++)
    theta[entries[i]] = 0;
  if (objective(0, theta, NULL, self) > deviance + TOLERANCE)
    memcpy(theta, old, self->system->n_parameters * sizeof *theta);
}

/* Sets what came within BOUNDARY of zero onto it: a diagonal, as lme4's boundary.tol does, and the whole row of an
 * effect without a variance. */
static void snap_to_bounds(Objective *self, double *theta) {
  const MixedSystem *system = self->system;
  g_autofree gsize *entries = g_new(gsize, system->n_parameters);
  for (gsize d = 0; d < system->n_parameters; d++) {
    const MixedParameter *diagonal = &system->parameters[d];
    if (!is_diagonal(diagonal) || theta[d] >= BOUNDARY)
      continue;
    if (theta[d] != 0)
      zero_where_harmless(self, theta, &d, 1);
    gsize n = 0;
    bool vanishes = true, zero = true;
    for (gsize i = 0; i < system->n_parameters; i++)
      if (system->parameters[i].group == diagonal->group && system->parameters[i].row == diagonal->row) {
        entries[n++] = i;
        vanishes = vanishes && fabs(theta[i]) < BOUNDARY;
        zero = zero && theta[i] == 0;
      }
    if (vanishes && !zero)
      zero_where_harmless(self, theta, entries, n);
  }
}

bool mixed_minimise(MixedSystem *system, bool reml, double *theta, gsize *n_evaluations) {
  Objective self = {system, reml, 0};
  gsize k = system->n_parameters;
  bool correlated = false;
  *n_evaluations = 0;
  if (k == 0)
    return true;
  for (gsize i = 0; i < k; i++) {
    theta[i] = is_diagonal(&system->parameters[i]) ? 1 : 0;
    correlated = correlated || !is_diagonal(&system->parameters[i]);
  }
  const Run first = {true, 0, TOLERANCE};
  double deviance = HUGE_VAL;
  bool ended = minimise_from(&self, &first, theta, &deviance), doubtful = !ended || k > 3;
  for (gsize i = 0; i < k; i++)
    doubtful = doubtful || (is_diagonal(&system->parameters[i]) && theta[i] < VANISHING * unit(&system->parameters[i]));
  if (doubtful)
    ended = refine(&self, true, theta, &deviance);
  if (correlated) {
    look_around(&self, theta, &deviance, &ended);
    look_inwards(&self, theta, &deviance, &ended);
  }
  snap_to_bounds(&self, theta);
  *n_evaluations = self.n_evaluations;
  return ended;
}
