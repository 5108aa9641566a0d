#include <math.h>
#include <string.h>

#include "analysis/ratings/joint_ratings.h"
#include "analysis/ratings/study_ratings.h"
#include "analysis/ratings/tables_tests.h"
#include "analysis/stats/adjust.h"
#include "analysis/stats/bimodality.h"
#include "analysis/stats/bootstrap.h"
#include "analysis/stats/dip.h"
#include "analysis/stats/effect_size.h"
#include "analysis/stats/entropy.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/t_test.h"
#include "stimuli/base/batch.h"

static void set(Table *table, gsize row, const char *column, double value) {
  table_set_double(table, row, (gsize)table_column(table, column), value);
}

static void name_row(Table *table, gsize row, const Study *study, gsize scale, gsize layer) {
  table_set(table, row, 0, study->scales[scale]);
  table_set(table, row, 1, study->layers[layer].name);
}

/* Adjusts a column over the rows first, first + step... and fills two columns beside it. */
static bool adjust_column(Table *table, const char *column, gsize first, gsize step, GError **error) {
  gsize n_rows = table_n_rows(table), n = 0;
  g_autofree double *p = memory_doubles(n_rows, 3, error);
  if (p == NULL)
    return false;
  double *holm = p + n_rows, *bh = holm + n_rows;
  for (gsize row = first; row < n_rows; row += step)
    if (!table_get_double(table, row, (gsize)table_column(table, column), &p[n++], error))
      return false;
  if (!adjust_p(ADJUST_HOLM, p, n, holm, error) || !adjust_p(ADJUST_BH, p, n, bh, error))
    return false;
  g_autofree char *holm_column = g_strconcat(column, "_holm", NULL), *bh_column = g_strconcat(column, "_bh", NULL);
  for (gsize row = first, i = 0; row < n_rows; row += step, i++) {
    if (table_column(table, holm_column) >= 0)
      set(table, row, holm_column, holm[i]);
    set(table, row, bh_column, bh[i]);
  }
  return true;
}

/* Each participant's mean on a scale in each layer: (n_layers, n_participants), NaN where there is no rating. */
static bool layer_means(const Study *study, const StudyRatings *ratings, gsize scale, double **means, GError **error) {
  gsize n = study->n_participants;
  g_autofree double *sums = memory_doubles(study->n_layers, n, error);
  g_autofree double *counts = sums != NULL ? memory_doubles(study->n_layers, n, error) : NULL;
  if (counts == NULL)
    return false;
  for (gsize i = 0; i < ratings->n; i++)
    if (!isnan(ratings->values[scale][i])) {
      gsize at = ratings->layer[i] * n + ratings->participant[i];
      sums[at] += ratings->values[scale][i];
      counts[at]++;
    }
  for (gsize at = 0; at < study->n_layers * n; at++)
    sums[at] = counts[at] > 0 ? sums[at] / counts[at] : NAN;
  *means = g_steal_pointer(&sums);
  return true;
}

static bool add_test(Table *table, const Study *study, gsize scale, gsize layer, const char *against, double mean,
                     const double *differences, GError **error) {
  Description d;
  TTest t;
  StandardisedDifference effect;
  if (!descriptive_describe(differences, study->n_participants, DESCRIPTIVE_CONFIDENCE, &d, error))
    return false;
  t_test_one_sample(&d, 0, &t);
  effect_size_one_sample(&d, 0, &effect);
  gsize row = table_add_row(table);
  name_row(table, row, study, scale, layer);
  table_set(table, row, 2, against);
  table_set_int(table, row, 3, (gint64)d.n);
  set(table, row, "mean", mean);
  set(table, row, "difference", t.difference);
  set(table, row, "ci_low", t.ci_low);
  set(table, row, "ci_high", t.ci_high);
  set(table, row, "t", t.t);
  set(table, row, "df", t.df);
  set(table, row, "p", t.p);
  set(table, row, "d", effect.d);
  set(table, row, "g", effect.g);
  set(table, row, "d_ci_low", effect.ci_low);
  set(table, row, "d_ci_high", effect.ci_high);
  return true;
}

bool tables_layer_tests(const Study *study, Table **table, GError **error) {
  static const char *const columns[] = {"scale",  "layer",   "against", "n",        "mean",     "difference",
                                        "ci_low", "ci_high", "t",       "df",       "p",        "p_holm",
                                        "p_bh",   "d",       "g",       "d_ci_low", "d_ci_high"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  g_auto(StudyRatings) ratings = {0};
  gsize n = study->n_participants;
  g_autofree double *differences = memory_doubles(n, 1, error), *own = memory_doubles(n, 1, error);
  if (differences == NULL || own == NULL || !study_ratings_load(study, &ratings, error))
    return false;
  for (gsize scale = 0; scale < study->n_scales; scale++) {
    g_autofree double *means = NULL;
    if (!layer_means(study, &ratings, scale, &means, error))
      return false;
    double middle = (study->ratings->low[scale] + study->ratings->high[scale]) / 2;
    for (gsize p = 0; p < n; p++) { /* the mean of the participant's layers, each counting once */
      double sum = 0, count = 0;
      for (gsize l = 0; l < study->n_layers; l++)
        if (!isnan(means[l * n + p])) {
          sum += means[l * n + p];
          count++;
        }
      own[p] = count > 1 ? sum / count : NAN;
    }
    for (gsize l = 0; l < study->n_layers; l++) {
      double mean = descriptive_mean(means + l * n, n);
      for (gsize p = 0; p < n; p++)
        differences[p] = means[l * n + p] - middle;
      if (!add_test(made, study, scale, l, "neutral", mean, differences, error))
        return false;
      for (gsize p = 0; p < n; p++)
        differences[p] = means[l * n + p] - own[p];
      if (!add_test(made, study, scale, l, "mean", mean, differences, error))
        return false;
    }
  }
  if (!adjust_column(made, "p", 0, 2, error) || !adjust_column(made, "p", 1, 2, error))
    return false;
  *table = g_steal_pointer(&made);
  return true;
}

/* How many values a scale can take whose ratings are all whole numbers; 0 for one that has others. */
static gsize scale_levels(const Study *study, const StudyRatings *ratings, gsize scale) {
  double low = study->ratings->low[scale], high = study->ratings->high[scale];
  for (gsize i = 0; i < ratings->n; i++)
    if (!isnan(ratings->values[scale][i]) && rint(ratings->values[scale][i]) != ratings->values[scale][i])
      return 0;
  return rint(low) == low && rint(high) == high && high - low < 1e6 ? (gsize)(high - low) + 1 : 0;
}

/* Dips of simulated samples are made once for sizes that are less than a twentieth apart. */
#define EXACT_SIZES 30
static gsize simulated_size(gsize n) {
  double size = EXACT_SIZES;
  if (n <= EXACT_SIZES)
    return n;
  while (floor(size * 1.05) <= (double)n)
    size = floor(size * 1.05);
  return (gsize)size;
}

static bool null_of_size(GHashTable *nulls, gsize n, gsize levels, guint64 seed, DipNull **null, GError **error) {
  DipNull *made = g_hash_table_lookup(nulls, GSIZE_TO_POINTER(n));
  if (made == NULL) {
    if (!dip_null_new(n, levels, seed, &made, error))
      return false;
    g_hash_table_insert(nulls, GSIZE_TO_POINTER(n), made);
  }
  *null = made;
  return true;
}

/* A layer's ratings as they lie about their images' means, one image after the other, of the images with
 * DIP_FEWEST_WITHIN ratings or more. */
typedef struct {
  gsize n, n_images;
  gsize *sizes;   /* (n_images) */
  double *values; /* (n) */
  double sd;      /* of the ratings within images */
} Within;

static void within_clear(Within *within) {
  g_free(within->sizes);
  g_free(within->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Within, within_clear)

static bool within_images(const Study *study, const StudyRatings *ratings, gsize layer, gsize scale, Within *within,
                          GError **error) {
  double range = study->ratings->high[scale] - study->ratings->low[scale], squares = 0;
  g_autofree gsize *known = memory_items(study->n_images, sizeof *known, error);
  g_autofree gsize *first = known != NULL ? memory_items(study->n_images, sizeof *first, error) : NULL;
  if (first == NULL || (within->sizes = memory_items(study->n_images, sizeof(gsize), error)) == NULL ||
      (within->values = memory_doubles(ratings->n, 1, error)) == NULL)
    return false;
  const double *value = ratings->values[scale];
  for (gsize i = 0; i < ratings->n; i++)
    if (ratings->layer[i] == layer && !isnan(value[i]))
      known[ratings->image[i]]++;
  for (gsize image = 0; image < study->n_images; image++)
    if (known[image] >= DIP_FEWEST_WITHIN) {
      first[image] = within->n;
      within->n += within->sizes[within->n_images++] = known[image];
    }
  for (gsize i = 0; i < ratings->n; i++) {
    gsize image = ratings->image[i];
    if (ratings->layer[i] != layer || isnan(value[i]) || known[image] < DIP_FEWEST_WITHIN)
      continue;
    double deviation = dip_deviation(value[i], study->images[image].scales[scale].mean, range);
    within->values[first[image]++] = deviation;
    squares += deviation * deviation;
  }
  within->sd = within->n > 0 ? sqrt(squares / (double)(within->n - within->n_images)) : NAN;
  return true;
}

static void free_null(gpointer data) { dip_null_free(data); }

typedef struct {
  Bimodality bimodality;
  double dip, p; /* NaN for too few or constant values, which have no shape to speak of */
} Shape;

static bool measure_within(const Within *within, bool whole, const ResamplingOptions *options, Shape *shape,
                           GError **error) {
  g_autoptr(DipNull) null = NULL;
  shape->dip = shape->p = NAN;
  if (!(within->sd > 0))
    return true;
  if (!dip_statistic(within->values, within->n, &shape->dip, error))
    return false;
  if (options->resamples == 0)
    return true;
  if (!dip_null_new_within(within->sizes, within->n_images, within->sd, whole, options->seed, &null, error))
    return false;
  shape->p = dip_null_p(null, shape->dip);
  return true;
}

/* null: of simulated_size(n); NULL: no p. */
static bool measure_shape(const double *values, gsize n, gsize levels, DipNull *null, Shape *shape, GError **error) {
  shape->p = NAN;
  if (!dip_statistic(values, n, &shape->dip, error))
    return false;
  bimodality_coefficient(values, n, &shape->bimodality);
  if (isnan(shape->bimodality.coefficient))
    shape->dip = NAN;
  else if (null != NULL)
    /* Dips shrink as the root of n; in steps they shrink less, and the smaller sample's are on the safe side. */
    shape->p = dip_null_p(null, levels > 0 ? shape->dip : shape->dip * sqrt((double)n / (double)simulated_size(n)));
  return true;
}

bool tables_layer_shapes(const Study *study, const ResamplingOptions *options, Table **table, GError **error) {
  static const char *const columns[] = {
      "scale",      "layer",    "n",      "skewness",   "excess_kurtosis", "bimodality_coefficient", "dip", "dip_p",
      "dip_p_holm", "dip_p_bh", "levels", "dip_within", "dip_within_p"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  g_auto(StudyRatings) ratings = {0};
  if (!study_ratings_load(study, &ratings, error))
    return false;
  for (gsize scale = 0; scale < study->n_scales; scale++) {
    g_autoptr(GHashTable) nulls = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_null);
    gsize levels = scale_levels(study, &ratings, scale);
    for (gsize l = 0; l < study->n_layers; l++) {
      g_autofree double *values = NULL;
      g_auto(Within) within = {0};
      gsize n;
      DipNull *null = NULL;
      Shape pooled, inner;
      if (!study_layer_values(study, l, scale, &values, &n, error) ||
          !within_images(study, &ratings, l, scale, &within, error) ||
          (options->resamples > 0 && n > 0 &&
           !null_of_size(nulls, simulated_size(n), levels, options->seed, &null, error)) ||
          !measure_shape(values, n, levels, null, &pooled, error) ||
          !measure_within(&within, levels > 0, options, &inner, error))
        return false;
      gsize row = table_add_row(made);
      name_row(made, row, study, scale, l);
      table_set_int(made, row, 2, (gint64)n);
      set(made, row, "skewness", pooled.bimodality.skewness);
      set(made, row, "excess_kurtosis", pooled.bimodality.excess_kurtosis);
      set(made, row, "bimodality_coefficient", pooled.bimodality.coefficient);
      set(made, row, "dip", pooled.dip);
      set(made, row, "dip_p", pooled.p);
      set(made, row, "dip_within", inner.dip);
      set(made, row, "dip_within_p", inner.p);
      if (levels > 0)
        table_set_int(made, row, (gsize)table_column(made, "levels"), (gint64)levels);
    }
  }
  if (!adjust_column(made, "dip_p", 0, 1, error))
    return false;
  *table = g_steal_pointer(&made);
  return true;
}

/* Weighted means of every scale and layer, and of every scale. */
typedef struct {
  const Study *study;
  const StudyRatings *ratings;
  double *sums; /* (n_workers, 2, n_layers + 1) */
} Means;

static bool weighted_means(gpointer context, const double *participant, const double *image, gsize worker,
                           double *statistics, GError **error) {
  (void)error;
  const Means *means = context;
  gsize cells = means->study->n_layers + 1;
  double *sum = means->sums + worker * 2 * cells, *weight = sum + cells;
  for (gsize scale = 0; scale < means->study->n_scales; scale++) {
    const double *value = means->ratings->values[scale];
    memset(sum, 0, 2 * cells * sizeof *sum);
    for (gsize i = 0; i < means->ratings->n; i++) {
      double w = participant[means->ratings->participant[i]] * image[means->ratings->image[i]];
      if (w == 0 || isnan(value[i]))
        continue;
      gsize l = means->ratings->layer[i];
      sum[l] += w * value[i];
      weight[l] += w;
      sum[cells - 1] += w * value[i];
      weight[cells - 1] += w;
    }
    for (gsize c = 0; c < cells; c++)
      statistics[scale * cells + c] = weight[c] > 0 ? sum[c] / weight[c] : NAN;
  }
  return true;
}

bool tables_layer_bootstrap(const Study *study, const ResamplingOptions *options, Table **table, GError **error) {
  static const char *const columns[] = {"scale", "layer", "mean", "se", "ci_low", "ci_high"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  g_auto(StudyRatings) ratings = {0};
  BatchOptions batch = {.n_workers = options->n_workers};
  gsize cells = study->n_layers + 1, n = options->resamples;
  g_autofree double *sums = memory_doubles(batch_workers(&batch, n), 2 * cells, error), *replicates = NULL;
  if (sums == NULL || !study_ratings_load(study, &ratings, error))
    return false;
  BootstrapOptions bootstrap = {study->n_participants, study->n_images,   study->n_scales * cells, n,
                                options->seed,         options->n_workers};
  Means means = {study, &ratings, sums};
  if (!bootstrap_two_way(&bootstrap, weighted_means, &means, &replicates, error))
    return false;
  for (gsize scale = 0; scale < study->n_scales; scale++)
    for (gsize c = 0; c < cells; c++) {
      BootstrapInterval interval;
      bootstrap_interval(replicates + (scale * cells + c) * n, n, &interval);
      gsize row = table_add_row(made);
      table_set(made, row, 0, study->scales[scale]);
      table_set(made, row, 1, c < study->n_layers ? study->layers[c].name : "all");
      set(made, row, "mean",
          c < study->n_layers ? study->layers[c].scales[scale].mean
                              : descriptive_mean(ratings.values[scale], ratings.n));
      if (study->n_participants < 2)
        continue; /* how others would differ cannot be seen in one */
      set(made, row, "se", interval.se);
      set(made, row, "ci_low", interval.ci_low);
      set(made, row, "ci_high", interval.ci_high);
    }
  *table = g_steal_pointer(&made);
  return true;
}

bool tables_layer_entropy(const Study *study, const ResamplingOptions *options, Table **table, GError **error) {
  static const char *const columns[] = {"layer",       "n",           "entropy_bits", "null_mean",        "null_sd",
                                        "p",           "p_bh",        "ci_low",       "ci_high",          "cells",
                                        "bandwidth_1", "bandwidth_2", "permutations", "entropy_corrected"};
  gsize x, y;
  bool two_scales = study_plane(study, &x, &y);
  g_assert(two_scales);
  g_auto(StudyRatings) ratings = {0};
  g_autofree EntropyGroup *groups = memory_items(study->n_layers, sizeof *groups, error);
  if (groups == NULL || !study_ratings_load(study, &ratings, error))
    return false;
  EntropyOptions entropy = {.n_replicates = options->resamples, .seed = options->seed, .n_workers = options->n_workers};
  EntropyData data = {ratings.n,         study->n_layers, study->n_participants, ratings.values[x],
                      ratings.values[y], ratings.layer,   ratings.participant};
  if (!joint_ratings_plane(study, x, y, &entropy.plane, error) || !entropy_groups(&data, &entropy, groups, error))
    return false;
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize l = 0; l < study->n_layers; l++) {
    gsize row = table_add_row(made);
    table_set(made, row, 0, study->layers[l].name);
    table_set_int(made, row, 1, (gint64)groups[l].n);
    set(made, row, "entropy_bits", groups[l].entropy);
    set(made, row, "null_mean", groups[l].null_mean);
    set(made, row, "null_sd", groups[l].null_sd);
    set(made, row, "p", groups[l].p);
    set(made, row, "entropy_corrected", groups[l].corrected);
    set(made, row, "ci_low", groups[l].ci_low);
    set(made, row, "ci_high", groups[l].ci_high);
    table_set_int(made, row, 9, (gint64)entropy.plane.cells);
    set(made, row, "bandwidth_1", entropy.plane.bandwidth[0]);
    set(made, row, "bandwidth_2", entropy.plane.bandwidth[1]);
    table_set_int(made, row, (gsize)table_column(made, "permutations"), (gint64)groups[l].n_permutations);
  }
  if (!adjust_column(made, "p", 0, 1, error))
    return false;
  *table = g_steal_pointer(&made);
  return true;
}
