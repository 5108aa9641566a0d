#include "analysis/stats/mixture_private.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/random.h"

#define RANDOM_STARTS 24
#define SHORT_STEPS 15 /* of every start; the best few go on */
#define FINALISTS 6
#define MAX_STEPS 5000
#define TOLERANCE 1e-12 /* relative change of the log-likelihood */
#define SOFT 0.05       /* how far a soft split is from halving each case */

static double squared_distance(const Mixture *mixture, gsize i, gsize j) {
  double dx = (mixture->x[i] - mixture->x[j]) / mixture->sd[0];
  double dy = mixture->y != NULL ? (mixture->y[i] - mixture->y[j]) / mixture->sd[1] : 0;
  return dx * dx + dy * dy;
}

/* Each case belongs to the nearest of n_groups cases, each drawn with a chance in proportion to its squared distance,
 * in SDs, from those before it (Arthur & Vassilvitskii 2007, k-means++). */
static void start_at_random(Mixture *mixture, gsize n_groups, Random *random) {
  gsize n = mixture->n;
  double *least = mixture->distance;
  memset(mixture->share, 0, n_groups * n * sizeof(double));
  for (gsize i = 0; i < n; i++) {
    least[i] = INFINITY;
    mixture->nearest[i] = 0;
  }
  gsize seed = random_below(random, (guint32)n);
  for (gsize g = 0; g < n_groups; g++) {
    double total = 0;
    for (gsize i = 0; i < n; i++) {
      double distance = squared_distance(mixture, i, seed);
      if (distance < least[i]) {
        least[i] = distance;
        mixture->nearest[i] = g;
      }
      total += least[i];
    }
    double mark = random_uniform(random) * total;
    for (seed = 0; seed + 1 < n && mark >= least[seed]; seed++)
      mark -= least[seed];
  }
  for (gsize i = 0; i < n; i++)
    mixture->share[mixture->nearest[i] * n + i] = 1;
}

static gint by_distance(gconstpointer a, gconstpointer b, gpointer data) {
  const double *distance = data;
  double x = distance[*(const gsize *)a], y = distance[*(const gsize *)b];
  return (x > y) - (x < y);
}

/* Then a case drawn at random takes its nearest ones, a twelfth to a half of all, for the first group: how a close
 * group lies within a wide one. */
static void start_close(Mixture *mixture, gsize n_groups, Random *random) {
  gsize n = mixture->n;
  start_at_random(mixture, n_groups, random);
  gsize seed = random_below(random, (guint32)n);
  gsize size = (gsize)((1.0 / 12 + random_uniform(random) * 5 / 12) * (double)n);
  for (gsize i = 0; i < n; i++) {
    mixture->distance[i] = squared_distance(mixture, i, seed);
    mixture->nearest[i] = i;
  }
  g_qsort_with_data(mixture->nearest, (int)n, sizeof *mixture->nearest, by_distance, mixture->distance);
  for (gsize i = 0; i < MIN(MAX(size, MIXTURE_LEAST_MEMBERS), n); i++)
    for (gsize g = 0; g < n_groups; g++)
      mixture->share[g * n + mixture->nearest[i]] = g == 0 ? 1 : 0;
}

/* The shares of a fit with one group fewer, of which one group is split: at its mean of a variable, into halves that
 * are all but the same (soft), from which the likelihood cannot fall, or into whole cases. */
static void start_from_split(Mixture *mixture, const MixtureFit *smaller, gsize group, int variable, bool soft) {
  gsize n = mixture->n;
  const double *values = variable == 0 ? mixture->x : mixture->y;
  double *from = mixture->share + group * n, *to = mixture->share + smaller->n_groups * n;
  mixture_expect(mixture, smaller);
  for (gsize i = 0; i < n; i++) {
    double part = soft ? 0.5 : 1;
    part = values[i] > smaller->mean[group][variable] ? part + (soft ? SOFT : 0) : soft ? part - SOFT : 0;
    to[i] = from[i] * part;
    from[i] *= 1 - part;
  }
}

/* A few cases that happen to lie close together are likely beyond measure as a group of their own. */
static bool has_small_group(const MixtureFit *fit, gsize n) {
  for (gsize g = 0; g < fit->n_groups && fit->n_groups > 1; g++)
    if (fit->weight[g] * (double)n < MIXTURE_LEAST_MEMBERS)
      return true;
  return false;
}

/* From the shares towards an optimum; false where a group collapses. */
static bool climb(Mixture *mixture, int steps, MixtureFit *fit) {
  double before = -INFINITY;
  for (int step = 0; step < steps; step++) {
    if (!mixture_maximise(mixture, fit))
      return false;
    fit->log_likelihood = mixture_expect(mixture, fit);
    if (fit->log_likelihood - before <= TOLERANCE * fabs(fit->log_likelihood))
      break;
    before = fit->log_likelihood;
  }
  return isfinite(fit->log_likelihood);
}

/* The best fits after a few steps, the best first. */
typedef struct {
  MixtureFit fits[FINALISTS];
  gsize n;
} Finalists;

/* Climbs a little from the shares as they are. */
static void enter(Mixture *mixture, const MixtureFit *kind, Finalists *finalists) {
  MixtureFit made = *kind;
  if (!climb(mixture, SHORT_STEPS, &made) || has_small_group(&made, mixture->n))
    return;
  gsize place = finalists->n;
  while (place > 0 && made.log_likelihood > finalists->fits[place - 1].log_likelihood)
    place--;
  /* What came to the same point need not go on twice. */
  for (gsize k = 0; k < finalists->n; k++)
    if (fabs(finalists->fits[k].log_likelihood - made.log_likelihood) < 1e-9 * fabs(made.log_likelihood))
      return;
  if (place == FINALISTS)
    return;
  finalists->n = MIN(finalists->n + 1, FINALISTS);
  for (gsize k = finalists->n - 1; k > place; k--)
    finalists->fits[k] = finalists->fits[k - 1];
  finalists->fits[place] = made;
}

/* Goes on from parameters; keeps what is better than the best. */
static void finish(Mixture *mixture, const MixtureFit *from, MixtureFit *best) {
  MixtureFit made = *from;
  mixture_expect(mixture, from);
  if (!climb(mixture, MAX_STEPS, &made) || has_small_group(&made, mixture->n) ||
      (best->defined && !(made.log_likelihood > best->log_likelihood)))
    return;
  made.defined = true;
  *best = made;
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

/* Splits of every group of a fit with one group fewer. */
static void enter_splits(Mixture *mixture, const MixtureFit *kind, const MixtureFit *smaller, Finalists *finalists) {
  for (gsize g = 0; g < smaller->n_groups; g++)
    for (int variable = 0; variable < (mixture->y != NULL ? 2 : 1); variable++)
      for (int soft = 0; soft < 2; soft++) {
        start_from_split(mixture, smaller, g, variable, soft == 1);
        enter(mixture, kind, finalists);
      }
}

/* The fit of the same model with one group fewer; NULL where there is none. */
static const MixtureFit *find_smaller(const MixtureFit *kind, const MixtureFit *before, gsize n_before) {
  MixtureModel wanted = kind->n_groups == 2 ? mixture_single_model(kind->model) : kind->model;
  for (gsize b = 0; b < n_before; b++)
    if (before[b].defined && before[b].n_groups + 1 == kind->n_groups &&
        (before[b].model == wanted || before[b].model == kind->model))
      return &before[b];
  return NULL;
}

/* One fit, from random starts and splits of the fit with one group fewer. */
static void fit_from(Mixture *mixture, const MixtureFit *smaller, guint64 seed, MixtureFit *best) {
  Finalists finalists = {.n = 0};
  const MixtureFit kind = *best;
  Random random;
  g_autofree char *label = g_strdup_printf("mixture %zu %s", best->n_groups, mixture_em_label(best->model));
  random_init_stream(&random, seed, label);
  for (int s = 0; s < (best->n_groups == 1 ? 1 : RANDOM_STARTS); s++) {
    if (s % 2 == 0)
      start_at_random(mixture, best->n_groups, &random);
    else
      start_close(mixture, best->n_groups, &random);
    enter(mixture, &kind, &finalists);
  }
  if (smaller != NULL)
    enter_splits(mixture, &kind, smaller, &finalists);
  for (gsize k = 0; k < finalists.n; k++)
    finish(mixture, &finalists.fits[k], best);
}

static void judge(const Mixture *mixture, const MixtureFit *smaller, MixtureFit *best) {
  /* Below the likelihood of fewer groups it is no maximum: what would be one breaks the limits. */
  if (best->defined && smaller != NULL && best->log_likelihood < smaller->log_likelihood - 1e-6)
    clear(best);
  if (best->defined) {
    best->bic = 2 * best->log_likelihood - (double)best->n_parameters * log((double)mixture->n);
    sort_groups(best);
  }
}

/* Starts from every other model's fit of as many groups, the more general ones' among them; repeated until none of them
 * gains. */
static void exchange(Mixture *mixture, MixtureFit *fits, gsize n, const MixtureFit *const *smaller) {
  bool gained = n > 1;
  for (int round = 0; gained && round < 3; round++) {
    gained = false;
    for (gsize a = 0; a < n; a++)
      for (gsize b = 0; b < n; b++) {
        MixtureFit from = fits[b], best = fits[a];
        if (a == b || !from.defined)
          continue;
        from.model = best.model;
        from.n_parameters = best.n_parameters;
        finish(mixture, &from, &best);
        judge(mixture, smaller[a], &best);
        if (!best.defined || (fits[a].defined && !(best.log_likelihood > fits[a].log_likelihood + 1e-6)))
          continue;
        fits[a] = best;
        gained = true;
      }
  }
}

static void mixture_clear(Mixture *mixture) {
  g_free(mixture->share);
  g_free(mixture->distance);
  g_free(mixture->nearest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Mixture, mixture_clear)

static bool load(const double *x, const double *y, gsize n, Mixture *mixture, GError **error) {
  *mixture = (Mixture){.x = x, .y = y, .n = n, .sd = {descriptive_sd(x, n), y != NULL ? descriptive_sd(y, n) : 1}};
  return (mixture->share = memory_doubles(MIXTURE_MAX_GROUPS, n, error)) != NULL &&
         (mixture->distance = memory_doubles(n, 1, error)) != NULL &&
         (mixture->nearest = memory_items(n, sizeof *mixture->nearest, error)) != NULL;
}

static void fit_next(Mixture *mixture, const MixtureFit *smaller, guint64 seed, MixtureFit *fit) {
  if (mixture->n > fit->n_groups && mixture->sd[0] > 0 && mixture->sd[1] > 0)
    fit_from(mixture, smaller, seed, fit);
  judge(mixture, smaller, fit);
}

static MixtureFit kind_of(const Mixture *mixture, gsize n_groups, MixtureModel model) {
  MixtureFit made = {.model = model, .n_variables = mixture->y != NULL ? 2 : 1, .n_groups = n_groups};
  made.n_parameters = mixture_count_parameters(&made);
  clear(&made);
  return made;
}

bool mixture_choose(const double *x, const double *y, gsize n, guint64 seed, MixtureFit *fits, gsize *n_fits,
                    gsize *best, GError **error) {
  g_auto(Mixture) mixture = {0};
  if (!load(x, y, n, &mixture, error))
    return false;
  gsize made = 0, found = MIXTURE_MAX_FITS;
  bool collinear = false;
  for (gsize g = 1; g <= MIXTURE_MAX_GROUPS; g++) {
    const MixtureFit *smaller[MIXTURE_MODELS];
    gsize first = made;
    for (int model = y == NULL ? MIXTURE_EEE : MIXTURE_EII; model < MIXTURE_MODELS; model++) {
      /* One group has no other groups to share with. */
      if (g == 1 && mixture_is_varying((MixtureModel)model))
        continue;
      fits[made] = kind_of(&mixture, g, (MixtureModel)model);
      smaller[made - first] = find_smaller(&fits[made], fits, first);
      fit_next(&mixture, smaller[made - first], seed, &fits[made]);
      made++;
    }
    if (g > 1)
      exchange(&mixture, fits + first, made - first, smaller);
    else if (!fits[made - 1].defined) /* EEE, the one that lets both variables go together */
      collinear = true;
  }
  for (gsize i = 0; i < made && collinear; i++)
    clear(&fits[i]);
  for (gsize i = 0; i < made; i++)
    if (fits[i].defined && (found == MIXTURE_MAX_FITS || fits[i].bic > fits[found].bic))
      found = i;
  *n_fits = made;
  *best = MIN(found, made);
  return true;
}
