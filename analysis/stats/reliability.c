#include "analysis/stats/reliability.h"

#include <math.h>

#include "analysis/stats/correlation.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/random.h"

#define TAIL ((1 - DESCRIPTIVE_CONFIDENCE) / 2)

/* The complete table (n_targets, n_raters), or NULL in *table where it is not complete. */
static bool complete_table(const ReliabilityData *data, double **table, GError **error) {
  gsize cells = data->n_targets * data->n_raters, known = 0;
  *table = NULL;
  if (data->n_targets > 0 && cells / data->n_targets != data->n_raters)
    return true; /* more cells than there can be values */
  if (cells > data->n)
    return true;
  g_autofree double *made = memory_doubles(cells, 1, error);
  if (made == NULL)
    return false;
  for (gsize i = 0; i < cells; i++)
    made[i] = NAN;
  for (gsize i = 0; i < data->n; i++) {
    double *cell = &made[data->target[i] * data->n_raters + data->rater[i]];
    if (isnan(data->value[i]))
      continue;
    if (!isnan(*cell))
      return true; /* rated twice */
    *cell = data->value[i];
    known++;
  }
  if (known == cells)
    *table = g_steal_pointer(&made);
  return true;
}

static void mean_squares(const double *table, IccTable *icc) {
  gsize n = icc->n_targets, k = icc->n_raters;
  double grand = descriptive_mean(table, n * k), targets = 0, raters = 0, total = 0;
  for (gsize j = 0; j < k; j++) {
    double sum = 0;
    for (gsize i = 0; i < n; i++)
      sum += table[i * k + j];
    raters += (sum / (double)n - grand) * (sum / (double)n - grand) * (double)n;
  }
  for (gsize i = 0; i < n; i++) {
    double mean = descriptive_mean(table + i * k, k);
    targets += (mean - grand) * (mean - grand) * (double)k;
    for (gsize j = 0; j < k; j++)
      total += (table[i * k + j] - grand) * (table[i * k + j] - grand);
  }
  double rows = (double)n, columns = (double)k;
  icc->ms_targets = targets / (rows - 1);
  icc->ms_raters = raters / (columns - 1);
  icc->ms_error = (total - targets - raters) / ((rows - 1) * (columns - 1));
  icc->ms_within = (total - targets) / (rows * (columns - 1));
}

static double spearman_brown(double r, double k) { return k * r / (1 + (k - 1) * r); }

/* The same, NaN from -1 / (k - 1) down, where the formula's sign turns. */
static double average_of(double single, double k) { return 1 + (k - 1) * single > 0 ? spearman_brown(single, k) : NAN; }

/* The one-way and the consistency form differ in their error term only. */
static void fill_ratio(Icc *icc, double targets, double error, double k, double df1, double df2) {
  double f = targets / error;
  double low = f / distribution_f_quantile(1 - TAIL, df1, df2), high = f * distribution_f_quantile(1 - TAIL, df2, df1);
  *icc = (Icc){.single = (f - 1) / (f + k - 1),
               .single_low = (low - 1) / (low + k - 1),
               .single_high = (high - 1) / (high + k - 1),
               .average = 1 - 1 / f,
               .average_low = 1 - 1 / low,
               .average_high = 1 - 1 / high,
               .f = f,
               .df1 = df1,
               .df2 = df2,
               .p = distribution_f_upper(f, df1, df2)};
}

/* McGraw & Wong 1996, table 7, ICC(A,1). */
static void fill_agreement(Icc *icc, const IccTable *t) {
  double n = (double)t->n_targets, k = (double)t->n_raters, df1 = n - 1, df2 = (n - 1) * (k - 1);
  double error = t->ms_error, targets = t->ms_targets, raters = t->ms_raters;
  *icc = (Icc){.f = targets / error, .df1 = df1, .df2 = df2};
  icc->p = distribution_f_upper(icc->f, df1, df2);
  double r = (targets - error) / (targets + (k - 1) * error + k * (raters - error) / n);
  double fj = raters / error, part = n * (1 + (k - 1) * r) - k * r;
  double df = df2 * (k * r * fj + part) * (k * r * fj + part) / (df1 * k * k * r * r * fj * fj + part * part);
  double upper = distribution_f_quantile(1 - TAIL, df1, df), lower = distribution_f_quantile(1 - TAIL, df, df1);
  double rest = k * raters + (k * n - k - n) * error;
  icc->single = r;
  icc->single_low = n * (targets - upper * error) / (upper * rest + n * targets);
  icc->single_high = n * (lower * targets - error) / (rest + n * lower * targets);
  icc->average = average_of(icc->single, k);
  icc->average_low = average_of(icc->single_low, k);
  icc->average_high = average_of(icc->single_high, k);
}

bool reliability_icc(const ReliabilityData *data, IccTable *table, GError **error) {
  static const Icc none = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  IccTable made = {.n_targets = data->n_targets,
                   .n_raters = data->n_raters,
                   .ms_targets = NAN,
                   .ms_raters = NAN,
                   .ms_error = NAN,
                   .ms_within = NAN,
                   .kinds = {none, none, none}};
  g_autofree double *values = NULL;
  if (!complete_table(data, &values, error))
    return false;
  if (data->n_targets < 2 || data->n_raters < 2)
    made.undefined = "agreement takes at least two raters and two images";
  else if (values == NULL)
    made.undefined = "not every rater rated every image exactly once";
  else {
    mean_squares(values, &made);
    /* What rounding leaves of nothing. */
    if (!(made.ms_error > 1e-20 * (made.ms_targets + made.ms_raters)))
      made.undefined = "the ratings leave no residual variance";
    else {
      double n = (double)data->n_targets, k = (double)data->n_raters;
      fill_ratio(&made.kinds[ICC_ONE_WAY], made.ms_targets, made.ms_within, k, n - 1, n * (k - 1));
      fill_ratio(&made.kinds[ICC_CONSISTENCY], made.ms_targets, made.ms_error, k, n - 1, (n - 1) * (k - 1));
      fill_agreement(&made.kinds[ICC_AGREEMENT], &made);
    }
  }
  *table = made;
  return true;
}

/* Sums and counts of each half by target. */
typedef struct {
  double *sum[2], *count[2], *mean[2];
  gsize *order, *half; /* (n_raters) */
} Halves;

static bool split_once(const ReliabilityData *data, Halves *halves, Random *random, Correlation *correlation,
                       GError **error) {
  for (gsize j = 0; j < data->n_raters; j++)
    halves->order[j] = j;
  random_shuffle(random, halves->order, data->n_raters);
  for (gsize j = 0; j < data->n_raters; j++)
    halves->half[halves->order[j]] = j < data->n_raters / 2 ? 0 : 1;
  for (gsize h = 0; h < 2; h++)
    for (gsize t = 0; t < data->n_targets; t++)
      halves->sum[h][t] = halves->count[h][t] = 0;
  for (gsize i = 0; i < data->n; i++)
    if (!isnan(data->value[i])) {
      gsize h = halves->half[data->rater[i]];
      halves->sum[h][data->target[i]] += data->value[i];
      halves->count[h][data->target[i]]++;
    }
  for (gsize h = 0; h < 2; h++)
    for (gsize t = 0; t < data->n_targets; t++)
      halves->mean[h][t] = halves->sum[h][t] / halves->count[h][t]; /* 0/0: NaN, left out of the pairs */
  return correlation_pair(CORRELATION_PEARSON, halves->mean[0], halves->mean[1], data->n_targets, correlation, error);
}

static void summarise(double *values, gsize n, double *mean, double *low, double *high) {
  *mean = descriptive_mean(values, n);
  descriptive_sort(values, n);
  *low = descriptive_quantile(values, n, TAIL);
  *high = descriptive_quantile(values, n, 1 - TAIL);
}

bool reliability_split_half(const ReliabilityData *data, gsize n_splits, guint64 seed, SplitHalf *split_half,
                            GError **error) {
  g_autofree double *sums = memory_doubles(data->n_targets, 6, error), *r = memory_doubles(n_splits, 2, error);
  g_autofree gsize *raters = memory_items(data->n_raters, 2 * sizeof *raters, error);
  if (sums == NULL || r == NULL || raters == NULL)
    return false;
  gsize n = data->n_targets;
  Halves halves = {.sum = {sums, sums + n},
                   .count = {sums + 2 * n, sums + 3 * n},
                   .mean = {sums + 4 * n, sums + 5 * n},
                   .order = raters,
                   .half = raters + data->n_raters};
  SplitHalf made = {.n_splits = n_splits};
  double *corrected = r + n_splits;
  bool pole = false;
  for (gsize s = 0; s < n_splits; s++) {
    Random random;
    Correlation correlation;
    char label[40];
    g_snprintf(label, sizeof label, "split-half %" G_GSIZE_FORMAT, s);
    random_init_stream(&random, seed, label);
    if (!split_once(data, &halves, &random, &correlation, error))
      return false;
    if (isnan(correlation.r) || correlation.n < RELIABILITY_LEAST_TARGETS)
      continue;
    pole = pole || correlation.r <= RELIABILITY_POLE;
    r[made.n_used] = correlation.r;
    corrected[made.n_used++] = spearman_brown(correlation.r, 2);
  }
  summarise(r, made.n_used, &made.r, &made.r_low, &made.r_high);
  summarise(corrected, made.n_used, &made.reliability, &made.reliability_low, &made.reliability_high);
  if (made.n_used == 0 && n_splits > 0)
    made.undefined = data->n_raters < 2 ? "halves take at least two participants"
                                        : "no two halves both rated three images whose means differ";
  if (pole) {
    made.reliability = made.reliability_low = made.reliability_high = NAN;
    made.undefined = "some halves correlate at nearly -1, where Spearman and Brown's formula has no meaning";
  }
  *split_half = made;
  return true;
}
