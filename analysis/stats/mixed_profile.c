#include "analysis/stats/mixed_profile.h"

#include <math.h>
#include <nlopt.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/mixed_system.h"

#define TOLERANCE 1e-10 /* of the deviance and its parameters, absolute */
#define MAX_EVALUATIONS 5000
#define MAX_STEPS 60
/* The deviance may be this far below the fit's before the fit counts as no minimum. */
#define BELOW 1e-5
#define NOWHERE ((MixedInterval){NAN, NAN})

/* What is held: an effect's standard deviation, sigma, or the correlation of a group's two effects. */
typedef enum { HOLD_SD, HOLD_SIGMA, HOLD_CORRELATION } Held;

/* The free parameters z are log sigma (not where sigma is held), the entries of theta outside the held row, and of the
 * held row, whose length or first angle is given, the other spherical coordinates: T's row is its length times
 * (sin a1, cos a1 sin a2, ..., cos a1 ... cos ak), with a last entry that is not below zero. */
typedef struct {
  MixedSystem *system;
  Held held;
  gsize group, row;
  gsize *in_row; /* (n_in_row) the row's entries of theta, by column */
  gsize n_in_row;
  double value;
  gsize n_free;
  double *theta;  /* (n_parameters) */
  double *best;   /* (n_free) where the last search ended, and the next begins */
  double minimum; /* the deviance of the fit */
} Search;

static void search_clear(Search *search) {
  g_free(search->in_row);
  g_free(search->theta);
  g_free(search->best);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static bool is_held(const Search *search, gsize k) {
  const MixedParameter *parameter = &search->system->parameters[k];
  return search->held != HOLD_SIGMA && parameter->group == search->group && parameter->row == search->row;
}

/* theta and sigma of the free parameters. */
static double unpack(const Search *search, const double *z) {
  gsize next = 0;
  double sigma = search->held == HOLD_SIGMA ? search->value : exp(z[next++]);
  for (gsize k = 0; k < search->system->n_parameters; k++)
    if (!is_held(search, k))
      search->theta[k] = z[next++];
  if (search->held == HOLD_SIGMA)
    return sigma;
  double left = search->held == HOLD_SD ? search->value / sigma : z[next++];
  for (gsize j = 0; j + 1 < search->n_in_row; j++) {
    double angle = search->held == HOLD_CORRELATION ? asin(search->value) : z[next++];
    search->theta[search->in_row[j]] = left * sin(angle);
    left *= cos(angle);
  }
  search->theta[search->in_row[search->n_in_row - 1]] = left;
  return sigma;
}

static double deviance_at(unsigned n, const double *z, double *gradient, void *data) {
  (void)n;
  (void)gradient; /* BOBYQA asks for none */
  const Search *search = data;
  double sigma = unpack(search, z), rows = (double)search->system->n;
  MixedValues values;
  if (!mixed_system_evaluate(search->system, search->theta, &values))
    return HUGE_VAL;
  double deviance =
      values.log_det + rows * log(2 * G_PI * sigma * sigma) + values.rss * search->system->total_ss / (sigma * sigma);
  return isfinite(deviance) ? deviance : HUGE_VAL;
}

static void bounds(const Search *search, double *lower, double *upper, double *steps) {
  gsize next = 0;
  if (search->held != HOLD_SIGMA) {
    lower[next] = -HUGE_VAL;
    upper[next] = HUGE_VAL;
    steps[next++] = 0.05;
  }
  for (gsize k = 0; k < search->system->n_parameters; k++) {
    const MixedParameter *parameter = &search->system->parameters[k];
    if (is_held(search, k))
      continue;
    lower[next] = parameter->row == parameter->column ? 0 : -HUGE_VAL;
    upper[next] = HUGE_VAL;
    steps[next] = 0.1 * fmax(fabs(search->best[next]), 1 / fmax(parameter->scale, 1e-300));
    next++;
  }
  for (; next < search->n_free; next++) {
    bool is_length = search->held == HOLD_CORRELATION;
    lower[next] = is_length ? 0 : -G_PI_2;
    upper[next] = is_length ? HUGE_VAL : G_PI_2;
    steps[next] = is_length ? 0.1 * fmax(search->best[next], 0.01) : 0.1;
  }
}

/* The lowest deviance with the held parameter at this value; HUGE_VAL where there is none. */
static double minimise_at(Search *search, double value) {
  search->value = value;
  if (search->n_free == 0)
    return deviance_at(0, NULL, NULL, search);
  unsigned n = (unsigned)search->n_free;
  g_autofree double *lower = g_new(double, n), *upper = g_new(double, n), *steps = g_new(double, n);
  double lowest = HUGE_VAL;
  for (int round = 0; round < 3; round++) {
    double deviance = HUGE_VAL;
    g_autofree double *z = g_memdup2(search->best, n * sizeof *z);
    nlopt_opt optimiser = nlopt_create(NLOPT_LN_BOBYQA, n);
    bounds(search, lower, upper, steps);
    for (unsigned i = 0; i < n; i++)
      z[i] = CLAMP(z[i], lower[i], upper[i]);
    nlopt_set_lower_bounds(optimiser, lower);
    nlopt_set_upper_bounds(optimiser, upper);
    nlopt_set_min_objective(optimiser, deviance_at, search);
    nlopt_set_initial_step(optimiser, steps);
    nlopt_set_xtol_abs1(optimiser, TOLERANCE);
    nlopt_set_ftol_abs(optimiser, TOLERANCE);
    nlopt_set_maxeval(optimiser, MAX_EVALUATIONS);
    nlopt_optimize(optimiser, z, &deviance);
    nlopt_destroy(optimiser);
    bool gained = deviance < lowest - 1e-7;
    if (deviance < lowest) {
      lowest = deviance;
      memcpy(search->best, z, n * sizeof *z);
    }
    if (!gained)
      break;
  }
  return lowest;
}

/* How far a value is from the estimate in normal quantiles, less the one wanted; NaN where the search fails. */
static double excess(Search *search, double value, double quantile) {
  double above = minimise_at(search, value) - search->minimum;
  return isfinite(above) && above > -BELOW ? sqrt(fmax(above, 0)) - quantile : NAN;
}

/* The end of the interval between the estimate and a bound (infinite: none), going out by `step` at first. */
static double find_end(Search *search, double estimate, double step, double bound, double quantile) {
  double inner = estimate, f_inner = -quantile, outer = estimate + step, f_outer;
  for (int k = 0;; k++) {
    bool at_bound = step < 0 ? outer <= bound : outer >= bound;
    outer = at_bound ? bound : outer;
    f_outer = excess(search, outer, quantile);
    if (isnan(f_outer) || k == MAX_STEPS)
      return NAN;
    if (f_outer > 0)
      break;
    if (at_bound)
      return bound;
    inner = outer;
    f_inner = f_outer;
    /* The signed root of the deviance is close to a line. */
    double slope = (f_outer + quantile) / (outer - estimate);
    double reach = 1.1 * (estimate + quantile / slope - outer);
    outer += fabs(reach) < 4 * fabs(outer - estimate) && reach * step > 0 ? reach : 2 * (outer - estimate);
  }
  for (int k = 0; k < MAX_STEPS; k++) {
    /* Illinois: regula falsi that halves the weight of an end which stays. */
    double middle = outer - f_outer * (outer - inner) / (f_outer - f_inner), f = excess(search, middle, quantile);
    if (isnan(f))
      return NAN;
    if (fabs(f) < 1e-7 || fabs(outer - inner) < 1e-9 * fabs(estimate))
      return middle;
    if (f > 0) {
      outer = middle;
      f_outer = f;
      f_inner /= 2;
    } else {
      inner = middle;
      f_inner = f;
      f_outer /= 2;
    }
  }
  return NAN;
}

/* The free parameters at the fit. */
static void start(Search *search, const MixedModel *fit) {
  gsize next = 0;
  if (search->held != HOLD_SIGMA)
    search->best[next++] = log(fit->sigma);
  for (gsize k = 0; k < search->system->n_parameters; k++)
    if (!is_held(search, k))
      search->best[next++] = fit->theta[k];
  if (search->held == HOLD_SIGMA)
    return;
  double squares = 0;
  for (gsize j = search->n_in_row; j-- > 0;) {
    double entry = fit->theta[search->in_row[j]];
    squares += entry * entry;
    if (search->held == HOLD_SD && j + 1 < search->n_in_row)
      search->best[next + j] = squares > 0 ? asin(CLAMP(entry / sqrt(squares), -1, 1)) : 0;
  }
  if (search->held == HOLD_CORRELATION)
    search->best[next] = sqrt(squares);
}

static MixedInterval interval(MixedSystem *system, const MixedModel *fit, Held held, gsize group, gsize row,
                              double estimate, double quantile) {
  g_auto(Search) search = {.system = system, .held = held, .group = group, .row = row, .minimum = fit->deviance};
  gsize k = system->n_parameters;
  search.in_row = g_new0(gsize, k);
  search.theta = g_memdup2(fit->theta, k * sizeof(double));
  search.best = g_new0(double, k + 1);
  for (gsize i = 0; i < k; i++)
    if (is_held(&search, i))
      search.in_row[search.n_in_row++] = i; /* theta goes column by column */
  search.n_free = k;                        /* what is held takes the place of one of theta or of sigma */
  MixedInterval ends;
  bool correlation = held == HOLD_CORRELATION;
  double step = correlation ? 0.2 : fmax(0.2 * estimate, 0.02 * fit->sigma);
  start(&search, fit);
  ends.low =
      estimate > (correlation ? -1 : 0) ? find_end(&search, estimate, -step, correlation ? -1 : 0, quantile) : estimate;
  start(&search, fit);
  ends.high =
      correlation && estimate >= 1 ? 1 : find_end(&search, estimate, step, correlation ? 1 : HUGE_VAL, quantile);
  return ends;
}

static void profile_group(MixedSystem *system, const MixedModel *fit, gsize g, double quantile,
                          MixedGroupProfile *profile) {
  const MixedGroup *group = &fit->groups[g];
  gsize q = group->n_effects;
  const double *c = group->covariance;
  profile->sd = g_new(MixedInterval, q);
  for (gsize e = 0; e < q; e++) {
    double scale = system->units[g].scale[e];
    profile->sd[e] = interval(system, fit, HOLD_SD, g, e, sqrt(c[e * q + e]) * scale, quantile);
    profile->sd[e].low /= scale;
    profile->sd[e].high /= scale;
  }
  profile->correlation =
      q == 2 && group->block[0] == group->block[1] && c[0] > 0 && c[3] > 0
          ? interval(system, fit, HOLD_CORRELATION, g, 1, CLAMP(c[1] / sqrt(c[0] * c[3]), -1, 1), quantile)
          : NOWHERE;
}

bool mixed_profile(const ModelFrame *frame, double confidence, MixedProfile **profile, GError **error) {
  g_autoptr(MixedModel) fit = NULL;
  g_autoptr(MixedSystem) system = NULL;
  g_autoptr(MixedProfile) made = g_new0(MixedProfile, 1);
  const MixedOptions options = {.ml = true};
  g_assert(frame->n_groups > 0);
  if (!mixed_fit(frame, &options, &fit, error) || !mixed_system_new(frame, false, &system, error))
    return false;
  mixed_system_theta_from_data(system, fit->theta);
  double quantile = distribution_normal_quantile(0.5 + (confidence > 0 ? confidence : DESCRIPTIVE_CONFIDENCE) / 2);
  made->n_groups = frame->n_groups;
  made->groups = g_new0(MixedGroupProfile, frame->n_groups);
  for (gsize g = 0; g < frame->n_groups; g++)
    profile_group(system, fit, g, quantile, &made->groups[g]);
  made->sigma = interval(system, fit, HOLD_SIGMA, 0, 0, fit->sigma, quantile);
  *profile = g_steal_pointer(&made);
  return true;
}

void mixed_profile_free(MixedProfile *profile) {
  if (profile == NULL)
    return;
  for (gsize g = 0; g < profile->n_groups; g++)
    g_free(profile->groups[g].sd);
  g_free(profile->groups);
  g_free(profile);
}
