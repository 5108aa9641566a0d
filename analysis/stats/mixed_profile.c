#include "analysis/stats/mixed_profile.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <nlopt.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/mixed_system.h"

#define TOLERANCE 1e-10 /* of the deviance and its parameters, absolute */
#define MAX_EVALUATIONS 5000
#define MAX_STEPS 60
#define MAX_ROUNDS 12
#define STEP 0.05 /* of a free parameter, as a share of the size at which it matters */
#define GAIN 1e-7 /* of the deviance, that another round is worth */
/* In normal quantiles: where the deviance jumps by more across an end, a search on one side did not find its minimum.
 */
#define JUMP 1e-4
/* The deviance may be this far below the fit's before the fit counts as no minimum. */
#define BELOW 1e-5
/* Fisher's z from here on is a correlation of 1. */
#define FISHER_BOUND 9.0
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
  double *theta;   /* (n_parameters) */
  double *best;    /* (n_free) where the last search ended, and the next begins */
  double *fit;     /* (n_free) at the fit */
  double minimum;  /* the deviance of the fit */
  bool correlated; /* the model has correlated effects */
  bool fisher;     /* the end is looked for in Fisher's z of a correlation */
} Search;

static void search_clear(Search *search) {
  g_free(search->in_row);
  g_free(search->theta);
  g_free(search->best);
  g_free(search->fit);
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
  /* A negative length would turn the sign of the correlation. */
  double left = search->held == HOLD_SD ? search->value / sigma : fabs(z[next++]);
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

/* The second derivatives of the deviance by the free parameters at z, from differences over `steps` of them, as a
 * whitening: column k of `whiten` (n, n column-major) is a change of z along an eigenvector of them, of a length that
 * changes the deviance by about one, but no longer than four steps. A deviance that is the same along a ridge, as of
 * intercepts far from the data, has the search go along it. False where the deviance is not defined around z. */
static bool whiten_at(Search *search, const double *z, const double *steps, double *whiten) {
  gsize n = search->n_free;
  g_autofree double *moved = g_memdup2(z, n * sizeof *z), *single = g_new(double, 2 * n), *values = g_new(double, n);
  double centre = deviance_at((unsigned)n, z, NULL, search);
  bool defined = isfinite(centre);
  for (gsize i = 0; i < n; i++)
    for (int side = 0; side < 2; side++) {
      moved[i] = z[i] + (side == 0 ? -steps[i] : steps[i]);
      single[2 * i + (gsize)side] = deviance_at((unsigned)n, moved, NULL, search);
      defined = defined && isfinite(single[2 * i + (gsize)side]);
      moved[i] = z[i];
    }
  for (gsize i = 0; i < n && defined; i++) {
    whiten[i * n + i] = single[2 * i] + single[2 * i + 1] - 2 * centre;
    for (gsize j = 0; j < i; j++) {
      double both[2];
      for (int side = 0; side < 2; side++) {
        double sign = side == 0 ? -1 : 1;
        moved[i] = z[i] + sign * steps[i];
        moved[j] = z[j] + sign * steps[j];
        both[side] = deviance_at((unsigned)n, moved, NULL, search);
        defined = defined && isfinite(both[side]);
        moved[i] = z[i];
        moved[j] = z[j];
      }
      whiten[i * n + j] = whiten[j * n + i] =
          (both[0] + both[1] + 2 * centre - single[2 * i] - single[2 * i + 1] - single[2 * j] - single[2 * j + 1]) / 2;
    }
  }
  if (!defined || LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, whiten, (lapack_int)n, values) != 0)
    return false;
  for (gsize k = 0; k < n; k++)
    for (gsize i = 0; i < n; i++)
      whiten[k * n + i] *= steps[i] * fmin(4 / STEP, 1 / sqrt(fmax(fabs(values[k]), 1e-300)));
  return true;
}

/* The size of a small change of each free parameter. */
static void list_steps(const Search *search, double *steps) {
  gsize next = 0;
  if (search->held != HOLD_SIGMA)
    steps[next++] = STEP;
  for (gsize k = 0; k < search->system->n_parameters; k++)
    if (!is_held(search, k)) {
      double size = 1 / fmax(search->system->parameters[k].scale, 1e-300);
      steps[next] = STEP * fmax(fabs(search->best[next]), size);
      next++;
    }
  for (; next < search->n_free; next++)
    steps[next] = search->held == HOLD_CORRELATION ? STEP * fmax(search->best[next], 0.01) : STEP;
}

typedef struct {
  Search *search;
  const double *origin, *whiten;
  double *z;
} Whitened;

static double whitened_deviance(unsigned n, const double *w, double *gradient, void *data) {
  const Whitened *self = data;
  memcpy(self->z, self->origin, n * sizeof *w);
  for (unsigned k = 0; k < n; k++)
    cblas_daxpy((int)n, w[k], self->whiten + (gsize)k * n, 1, self->z, 1);
  return deviance_at(n, self->z, gradient, self->search);
}

/* One search from search->best, which it moves; the deviance there. */
static double search_round(Search *search) {
  unsigned n = (unsigned)search->n_free;
  g_autofree double *origin = g_memdup2(search->best, n * sizeof(double)), *z = g_new(double, n),
                    *w = g_new0(double, n), *first = g_new(double, n), *steps = g_new(double, n),
                    *whiten = g_new(double, (gsize)n *n);
  list_steps(search, steps);
  if (!whiten_at(search, origin, steps, whiten)) {
    memset(whiten, 0, (gsize)n * n * sizeof *whiten);
    for (unsigned i = 0; i < n; i++)
      whiten[(gsize)i * n + i] = steps[i] / STEP;
  }
  for (unsigned i = 0; i < n; i++)
    first[i] = 0.5;
  Whitened objective = {search, origin, whiten, z};
  double deviance = HUGE_VAL;
  nlopt_opt optimiser = nlopt_create(NLOPT_LN_BOBYQA, n);
  nlopt_set_min_objective(optimiser, whitened_deviance, &objective);
  nlopt_set_initial_step(optimiser, first);
  nlopt_set_xtol_abs1(optimiser, TOLERANCE);
  nlopt_set_ftol_abs(optimiser, TOLERANCE);
  nlopt_set_maxeval(optimiser, MAX_EVALUATIONS);
  nlopt_optimize(optimiser, w, &deviance);
  nlopt_destroy(optimiser);
  deviance = whitened_deviance(n, w, NULL, &objective);
  memcpy(search->best, z, n * sizeof *z);
  return deviance;
}

/* Searches from search->best until that gains no more; HUGE_VAL where it did not come to an end. */
static double descend(Search *search) {
  g_autofree double *best = g_memdup2(search->best, search->n_free * sizeof(double));
  double lowest = HUGE_VAL;
  for (int round = 0; round < MAX_ROUNDS; round++) {
    double deviance = search_round(search), gain = lowest - deviance;
    if (gain > 0) {
      lowest = deviance;
      memcpy(best, search->best, search->n_free * sizeof *best);
    }
    memcpy(search->best, best, search->n_free * sizeof *best);
    if (!(gain > GAIN))
      return lowest;
  }
  return HUGE_VAL;
}

/* The lowest deviance with the held parameter at this value; HUGE_VAL where none was found. With correlations there can
 * be several minima, so that the fit is a start as well as where the last search ended. */
static double minimise_at(Search *search, double value) {
  gsize n = search->n_free;
  search->value = value;
  if (n == 0)
    return deviance_at(0, NULL, NULL, search);
  double lowest = descend(search);
  if (!search->correlated)
    return lowest;
  g_autofree double *best = g_memdup2(search->best, n * sizeof *best);
  memcpy(search->best, search->fit, n * sizeof *best);
  double other = descend(search);
  if (!(other < lowest))
    memcpy(search->best, best, n * sizeof *best);
  return fmin(other, lowest);
}

/* How far a value is from the estimate in normal quantiles, less the one wanted; NaN where the search fails. It begins
 * from the free parameters `from`. */
static double excess(Search *search, double at, double quantile, const double *from) {
  memcpy(search->best, from, search->n_free * sizeof *from);
  double value = !search->fisher ? at : fabs(at) < FISHER_BOUND ? tanh(at) : at < 0 ? -1 : 1;
  double above = minimise_at(search, value) - search->minimum;
  return isfinite(above) && above > -BELOW ? sqrt(fmax(above, 0)) - quantile : NAN;
}

/* The end of the interval between the estimate and a bound (infinite: none), going out by `step` at first; of a
 * correlation as Fisher's z. */
static double find_end(Search *search, double estimate, double step, double bound, double quantile) {
  double inner = estimate, f_inner = -quantile, outer = estimate + step, f_outer;
  g_autofree double *best = g_memdup2(search->best, MAX(search->n_free, 1) * sizeof(double)); /* at inner */
  for (int k = 0;; k++) {
    bool at_bound = step < 0 ? outer <= bound : outer >= bound;
    outer = at_bound ? bound : outer;
    f_outer = excess(search, outer, quantile, best);
    if (isnan(f_outer) || k == MAX_STEPS)
      return NAN;
    if (f_outer > 0)
      break;
    if (at_bound)
      return bound;
    inner = outer;
    f_inner = f_outer;
    memcpy(best, search->best, search->n_free * sizeof *best);
    /* The signed root of the deviance is close to a line. */
    double slope = (f_outer + quantile) / (outer - estimate);
    double reach = 1.1 * (estimate + quantile / slope - outer);
    outer += fabs(reach) < 4 * fabs(outer - estimate) && reach * step > 0 ? reach : 2 * (outer - estimate);
  }
  for (int k = 0; k < MAX_STEPS; k++) {
    /* Illinois: regula falsi that halves the weight of an end which stays. */
    double middle = outer - f_outer * (outer - inner) / (f_outer - f_inner), f = excess(search, middle, quantile, best);
    if (isnan(f))
      return NAN;
    if (fabs(f) < 1e-7)
      return middle;
    if (fabs(outer - inner) < 1e-9 * fabs(estimate))
      return fabs(f) < JUMP ? middle : NAN;
    if (f > 0) {
      outer = middle;
      f_outer = f;
      f_inner /= 2;
    } else {
      inner = middle;
      f_inner = f;
      f_outer /= 2;
      memcpy(best, search->best, search->n_free * sizeof *best);
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
  for (gsize i = 0; i < k; i++)
    search.correlated = search.correlated || system->parameters[i].row != system->parameters[i].column;
  bool correlation = held == HOLD_CORRELATION;
  start(&search, fit);
  search.fit = g_memdup2(search.best, (k + 1) * sizeof(double));
  search.fisher = correlation && fabs(estimate) < tanh(FISHER_BOUND / 2);
  double low = correlation ? -1 : 0, high = correlation ? 1 : HUGE_VAL,
         step = correlation ? 0.2 : fmax(0.2 * estimate, 0.02 * fit->sigma), at = estimate;
  if (search.fisher) {
    low = -FISHER_BOUND;
    high = FISHER_BOUND;
    at = atanh(estimate);
  }
  MixedInterval ends = {estimate, estimate};
  if (at > low)
    ends.low = find_end(&search, at, -step, low, quantile);
  start(&search, fit);
  if (at < high)
    ends.high = find_end(&search, at, step, high, quantile);
  if (search.fisher) {
    ends.low = ends.low <= low ? -1 : tanh(ends.low);
    ends.high = ends.high >= high ? 1 : tanh(ends.high);
  }
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
