#include "analysis/stats/mixture.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/random.h"

#define STARTS 20
#define MAX_STEPS 5000
#define TOLERANCE 1e-12 /* relative change of the log-likelihood */
#define LEAST_SD 0.05   /* of a group, in SDs of the variable: below, it has collapsed onto a few close values */

typedef struct {
  const double *x, *y; /* (n); y may be NULL */
  gsize n;
  double sd[2];
  double *share; /* (n_groups, n) of each case in each group */
} Mixture;

static const struct {
  const char *name;
  bool varying;
} models[MIXTURE_MODELS] = {{"EII", false}, {"VII", true},  {"EEI", false},
                            {"VVI", true},  {"EEE", false}, {"VVV", true}};

const char *mixture_model_name(const MixtureFit *fit) {
  if (fit->n_variables == 1)
    return models[fit->model].varying ? "V" : "E";
  return models[fit->model].name;
}

static gsize count_parameters(const MixtureFit *fit) {
  gsize covariance = fit->n_variables == 1                                    ? 1
                     : fit->model == MIXTURE_EII || fit->model == MIXTURE_VII ? 1
                     : fit->model == MIXTURE_EEI || fit->model == MIXTURE_VVI ? 2
                                                                              : 3;
  gsize groups = fit->n_groups;
  return groups - 1 + groups * fit->n_variables + (models[fit->model].varying ? groups : 1) * covariance;
}

/* Shapes a covariance matrix, (xx, xy, yy), as the model wants it. */
static void constrain(const MixtureFit *fit, double *s) {
  if (fit->n_variables == 1)
    return;
  if (fit->model != MIXTURE_EEE && fit->model != MIXTURE_VVV)
    s[1] = 0;
  if (fit->model == MIXTURE_EII || fit->model == MIXTURE_VII)
    s[0] = s[2] = (s[0] + s[2]) / 2;
}

/* Weights, means and covariances from the shares. False where a group has no variance left. */
static bool maximise(const Mixture *mixture, MixtureFit *fit) {
  gsize n = mixture->n;
  double pooled[3] = {0, 0, 0};
  for (gsize g = 0; g < fit->n_groups; g++) {
    const double *share = mixture->share + g * n;
    double size = 0, mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
    for (gsize i = 0; i < n; i++) {
      size += share[i];
      mx += share[i] * mixture->x[i];
      my += mixture->y != NULL ? share[i] * mixture->y[i] : 0;
    }
    if (!(size > 1e-8))
      return false;
    mx /= size;
    my /= size;
    for (gsize i = 0; i < n; i++) {
      double dx = mixture->x[i] - mx, dy = mixture->y != NULL ? mixture->y[i] - my : 0;
      xx += share[i] * dx * dx;
      xy += share[i] * dx * dy;
      yy += share[i] * dy * dy;
    }
    fit->weight[g] = size / (double)n;
    fit->mean[g][0] = mx;
    fit->mean[g][1] = my;
    double s[3] = {xx / size, xy / size, yy / size};
    for (int c = 0; c < 3; c++) {
      fit->covariance[g][c] = s[c];
      pooled[c] += s[c] * fit->weight[g];
    }
  }
  for (gsize g = 0; g < fit->n_groups; g++) {
    double *s = fit->covariance[g];
    if (!models[fit->model].varying)
      memcpy(s, pooled, sizeof pooled);
    constrain(fit, s);
    double limit_x = LEAST_SD * mixture->sd[0], limit_y = LEAST_SD * mixture->sd[1];
    if (!(s[0] > limit_x * limit_x))
      return false;
    if (mixture->y != NULL && !(s[2] - s[1] * s[1] / s[0] > limit_y * limit_y))
      return false;
  }
  return true;
}

/* A group's log density, with its share, is constant - quadratic form / 2. */
typedef struct {
  double mx, my, constant;
  double xx, xy, yy; /* of the inverse covariance */
} LogDensity;

static LogDensity log_density(const Mixture *mixture, const MixtureFit *fit, gsize g) {
  const double *s = fit->covariance[g];
  LogDensity density = {.mx = fit->mean[g][0], .constant = log(fit->weight[g])};
  if (mixture->y == NULL) {
    density.constant -= 0.5 * log(2 * G_PI * s[0]);
    density.xx = 1 / s[0];
    return density;
  }
  double determinant = s[0] * s[2] - s[1] * s[1];
  density.my = fit->mean[g][1];
  density.constant -= log(2 * G_PI) + 0.5 * log(determinant);
  density.xx = s[2] / determinant;
  density.xy = -s[1] / determinant;
  density.yy = s[0] / determinant;
  return density;
}

/* The shares from the parameters; returns the log-likelihood. */
static double expect(Mixture *mixture, const MixtureFit *fit) {
  double total = 0;
  LogDensity densities[MIXTURE_MAX_GROUPS];
  for (gsize g = 0; g < fit->n_groups; g++)
    densities[g] = log_density(mixture, fit, g);
  for (gsize i = 0; i < mixture->n; i++) {
    double logs[MIXTURE_MAX_GROUPS], largest = -INFINITY, sum = 0;
    for (gsize g = 0; g < fit->n_groups; g++) {
      const LogDensity *d = &densities[g];
      double dx = mixture->x[i] - d->mx, dy = mixture->y != NULL ? mixture->y[i] - d->my : 0;
      logs[g] = d->constant - 0.5 * (d->xx * dx * dx + 2 * d->xy * dx * dy + d->yy * dy * dy);
      largest = logs[g] > largest ? logs[g] : largest;
    }
    for (gsize g = 0; g < fit->n_groups; g++)
      sum += logs[g] = exp(logs[g] - largest);
    for (gsize g = 0; g < fit->n_groups; g++)
      mixture->share[g * mixture->n + i] = logs[g] / sum;
    /* cppcheck-suppress invalidFunctionArg ; there is a group, and its largest term is 1 */
    total += largest + log(sum);
  }
  return total;
}

/* Each case belongs to the nearest of n_groups cases drawn at random, distances in SDs. */
static void start(Mixture *mixture, gsize n_groups, Random *random) {
  gsize seeds[MIXTURE_MAX_GROUPS];
  for (gsize g = 0; g < n_groups; g++)
    seeds[g] = random_below(random, (guint32)mixture->n);
  for (gsize i = 0; i < mixture->n; i++) {
    gsize nearest = 0;
    double least = INFINITY;
    for (gsize g = 0; g < n_groups; g++) {
      double dx = (mixture->x[i] - mixture->x[seeds[g]]) / mixture->sd[0];
      double dy = mixture->y != NULL ? (mixture->y[i] - mixture->y[seeds[g]]) / mixture->sd[1] : 0;
      if (dx * dx + dy * dy < least) {
        least = dx * dx + dy * dy;
        nearest = g;
      }
    }
    for (gsize g = 0; g < n_groups; g++)
      mixture->share[g * mixture->n + i] = g == nearest ? 1 : 0;
  }
}

/* A few cases that happen to lie close together are likely beyond measure as a group of their own. */
static bool has_small_group(const MixtureFit *fit, gsize n) {
  for (gsize g = 0; g < fit->n_groups && fit->n_groups > 1; g++)
    if (fit->weight[g] * (double)n < MIXTURE_LEAST_MEMBERS)
      return true;
  return false;
}

/* From the shares to an optimum; false where a group collapses. */
static bool climb(Mixture *mixture, MixtureFit *fit) {
  double before = -INFINITY;
  for (int step = 0; step < MAX_STEPS; step++) {
    if (!maximise(mixture, fit))
      return false;
    fit->log_likelihood = expect(mixture, fit);
    if (fit->log_likelihood - before <= TOLERANCE * fabs(fit->log_likelihood))
      return true;
    before = fit->log_likelihood;
  }
  return true;
}

static void swap_groups(MixtureFit *fit, gsize a, gsize b) {
  MixtureFit copy = *fit;
  fit->weight[a] = copy.weight[b];
  fit->weight[b] = copy.weight[a];
  memcpy(fit->mean[a], copy.mean[b], sizeof copy.mean[b]);
  memcpy(fit->mean[b], copy.mean[a], sizeof copy.mean[a]);
  memcpy(fit->covariance[a], copy.covariance[b], sizeof copy.covariance[b]);
  memcpy(fit->covariance[b], copy.covariance[a], sizeof copy.covariance[a]);
}

static void sort_groups(MixtureFit *fit) {
  for (gsize i = 1; i < fit->n_groups; i++)
    for (gsize j = i; j > 0 && fit->mean[j][0] < fit->mean[j - 1][0]; j--)
      swap_groups(fit, j, j - 1);
}

static void clear(MixtureFit *fit) {
  fit->defined = false;
  fit->log_likelihood = fit->bic = NAN;
  for (gsize g = 0; g < MIXTURE_MAX_GROUPS; g++) {
    fit->weight[g] = fit->mean[g][0] = fit->mean[g][1] = NAN;
    fit->covariance[g][0] = fit->covariance[g][1] = fit->covariance[g][2] = NAN;
  }
}

bool mixture_fit(const double *x, const double *y, gsize n, gsize n_groups, MixtureModel model, guint64 seed,
                 MixtureFit *fit, GError **error) {
  g_assert(n_groups >= 1 && n_groups <= MIXTURE_MAX_GROUPS);
  g_autofree double *share = memory_doubles(n_groups, n, error);
  if (share == NULL)
    return false;
  Mixture mixture = {.x = x, .y = y, .n = n, .share = share};
  mixture.sd[0] = descriptive_sd(x, n);
  mixture.sd[1] = y != NULL ? descriptive_sd(y, n) : 1;
  MixtureFit best = {.model = model, .n_variables = y != NULL ? 2 : 1, .n_groups = n_groups};
  best.n_parameters = count_parameters(&best);
  clear(&best);
  Random random;
  g_autofree char *label = g_strdup_printf("mixture %zu %s", n_groups, models[model].name);
  random_init_stream(&random, seed, label);
  for (int s = 0; s < (n_groups == 1 ? 1 : STARTS) && n > n_groups && mixture.sd[0] > 0 && mixture.sd[1] > 0; s++) {
    MixtureFit made = best;
    start(&mixture, n_groups, &random);
    if (!climb(&mixture, &made) || !isfinite(made.log_likelihood) || has_small_group(&made, n) ||
        (best.defined && !(made.log_likelihood > best.log_likelihood)))
      continue;
    made.defined = true;
    best = made;
  }
  if (best.defined) {
    best.bic = 2 * best.log_likelihood - (double)best.n_parameters * log((double)n);
    sort_groups(&best);
  }
  *fit = best;
  return true;
}

bool mixture_choose(const double *x, const double *y, gsize n, guint64 seed, MixtureFit *fits, gsize *n_fits,
                    gsize *best, GError **error) {
  gsize made = 0, found = MIXTURE_MAX_FITS;
  for (gsize g = 1; g <= MIXTURE_MAX_GROUPS; g++)
    for (int model = y == NULL ? MIXTURE_EEE : MIXTURE_EII; model < MIXTURE_MODELS; model++) {
      /* One group has no other groups to share with. */
      if (g == 1 && models[model].varying)
        continue;
      if (!mixture_fit(x, y, n, g, (MixtureModel)model, seed, &fits[made], error))
        return false;
      if (fits[made].defined && (found == MIXTURE_MAX_FITS || fits[made].bic > fits[found].bic))
        found = made;
      made++;
    }
  *n_fits = made;
  *best = MIN(found, made);
  return true;
}
