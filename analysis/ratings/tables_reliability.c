#include <math.h>

#include "analysis/ratings/study_ratings.h"
#include "analysis/ratings/tables_tests.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/mixture.h"
#include "analysis/stats/reliability.h"
#include "stimuli/base/error.h"

/* The ratings of rated images and of participants who rated, numbered without gaps, so that a complete design is seen
 * as one whatever else the set holds. Fails with RIG_ERROR_MEMORY only. */
static bool number_used(gsize *ids, const double *values, gsize n, gsize n_ids, gsize *n_used, GError **error) {
  g_autofree gsize *number = memory_items(n_ids, sizeof *number, error);
  if (number == NULL)
    return false;
  *n_used = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan(values[i]) && number[ids[i]] == 0)
      number[ids[i]] = ++*n_used;
  for (gsize i = 0; i < n; i++)
    ids[i] = number[ids[i]] > 0 ? number[ids[i]] - 1 : 0;
  return true;
}

static bool load_scale(const Study *study, gsize scale, StudyRatings *ratings, ReliabilityData *data, GError **error) {
  if (!study_ratings_load(study, ratings, error))
    return false;
  *data = (ReliabilityData){
      .n = ratings->n, .target = ratings->image, .rater = ratings->participant, .value = ratings->values[scale]};
  return number_used(ratings->image, data->value, data->n, study->n_images, &data->n_targets, error) &&
         number_used(ratings->participant, data->value, data->n, study->n_participants, &data->n_raters, error);
}

static void add_form(Table *table, const char *scale, const char *form, const ReliabilityData *data,
                     const double *values, const char *note) {
  gsize row = table_add_row(table);
  table_set(table, row, 0, scale);
  table_set(table, row, 1, form);
  table_set_int(table, row, 2, (gint64)data->n_targets);
  table_set_int(table, row, 3, (gint64)data->n_raters);
  table_set_doubles(table, row, 4, values, 7);
  table_set(table, row, 11, note);
}

static void add_complete(Table *table, const char *scale, const ReliabilityData *data, const IccTable *icc) {
  static const char *const names[ICC_KINDS][2] = {
      {"ICC(1,1)", "ICC(1,k)"}, {"ICC(2,1)", "ICC(2,k)"}, {"ICC(3,1)", "ICC(3,k)"}};
  for (int kind = 0; kind < ICC_KINDS; kind++) {
    const Icc *c = &icc->kinds[kind];
    add_form(table, scale, names[kind][0], data,
             (const double[]){c->single, c->single_low, c->single_high, c->f, c->df1, c->df2, c->p}, "n/a");
    add_form(table, scale, names[kind][1], data,
             (const double[]){c->average, c->average_low, c->average_high, c->f, c->df1, c->df2, c->p}, "n/a");
  }
}

static double spearman_brown(double r, double k) { return k * r / (1 + (k - 1) * r); }

static void add_components(Table *table, const char *scale, const ReliabilityData *data, const VarianceComponents *c) {
  const double k = c->raters_per_target;
  const char *note = c->undefined != NULL ? c->undefined : "n/a";
  add_form(table, scale, "components, agreement, 1", data,
           (const double[]){c->agreement, c->agreement_low, c->agreement_high, NAN, NAN, NAN, NAN}, note);
  add_form(table, scale, "components, agreement, k", data,
           (const double[]){c->agreement_average, spearman_brown(c->agreement_low, k),
                            spearman_brown(c->agreement_high, k), NAN, NAN, NAN, NAN},
           note);
  add_form(table, scale, "components, consistency, 1", data,
           (const double[]){c->consistency, c->consistency_low, c->consistency_high, NAN, NAN, NAN, NAN}, note);
  add_form(table, scale, "components, consistency, k", data,
           (const double[]){c->consistency_average, spearman_brown(c->consistency_low, k),
                            spearman_brown(c->consistency_high, k), NAN, NAN, NAN, NAN},
           note);
}

/* Components, or NaN and a reason where the data do not have them (one participant, constant ratings). */
static bool find_components(const ReliabilityData *data, VarianceComponents *components, char **reason,
                            GError **error) {
  g_autoptr(GError) fault = NULL;
  *reason = NULL;
  if (reliability_components(data, components, &fault))
    return true;
  if (!g_error_matches(fault, RIG_ERROR, RIG_ERROR_INPUT)) {
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
  }
  *reason = g_strdup(fault->message);
  *components = (VarianceComponents){.mean = NAN,
                                     .var_target = NAN,
                                     .var_rater = NAN,
                                     .var_residual = NAN,
                                     .raters_per_target = NAN,
                                     .agreement = NAN,
                                     .agreement_low = NAN,
                                     .agreement_high = NAN,
                                     .consistency = NAN,
                                     .consistency_low = NAN,
                                     .consistency_high = NAN,
                                     .agreement_average = NAN,
                                     .consistency_average = NAN};
  return true;
}

bool tables_reliability(const Study *study, Table **table, GError **error) {
  static const char *const columns[] = {"scale", "form", "n_images", "n_participants", "icc", "ci_low", "ci_high", "f",
                                        "df1",   "df2",  "p",        "undefined"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize scale = 0; scale < study->n_scales; scale++) {
    g_auto(StudyRatings) ratings = {0};
    ReliabilityData data;
    IccTable icc;
    VarianceComponents components;
    g_autofree char *reason = NULL;
    if (!load_scale(study, scale, &ratings, &data, error) || !reliability_icc(&data, &icc, error))
      return false;
    if (icc.undefined == NULL) {
      add_complete(made, study->scales[scale], &data, &icc);
      continue;
    }
    if (!find_components(&data, &components, &reason, error))
      return false;
    if (reason != NULL)
      components.undefined = reason;
    add_components(made, study->scales[scale], &data, &components);
  }
  *table = g_steal_pointer(&made);
  return true;
}

bool tables_variance_components(const Study *study, const ResamplingOptions *options, Table **table, GError **error) {
  static const char *const columns[] = {"scale",
                                        "n",
                                        "variance_image",
                                        "variance_participant",
                                        "variance_residual",
                                        "raters_per_image",
                                        "split_half_r",
                                        "spearman_brown",
                                        "spearman_brown_low",
                                        "spearman_brown_high",
                                        "splits",
                                        "split_half_undefined"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize scale = 0; scale < study->n_scales; scale++) {
    g_auto(StudyRatings) ratings = {0};
    ReliabilityData data;
    VarianceComponents c;
    SplitHalf split;
    g_autofree char *reason = NULL;
    if (!load_scale(study, scale, &ratings, &data, error) || !find_components(&data, &c, &reason, error) ||
        !reliability_split_half(&data, options->resamples, options->seed, &split, error))
      return false;
    gsize row = table_add_row(made), n = 0;
    for (gsize i = 0; i < data.n; i++)
      n += isnan(data.value[i]) ? 0 : 1;
    table_set(made, row, 0, study->scales[scale]);
    table_set_int(made, row, 1, (gint64)n);
    table_set_doubles(made, row, 2,
                      (const double[]){c.var_target, c.var_rater, c.var_residual, c.raters_per_target, split.r,
                                       split.reliability, split.reliability_low, split.reliability_high},
                      8);
    table_set_int(made, row, 10, (gint64)split.n_used);
    if (split.undefined != NULL)
      table_set(made, row, 11, split.undefined);
  }
  *table = g_steal_pointer(&made);
  return true;
}

static char *describe_weights(const MixtureFit *fit) {
  GString *text = g_string_new(NULL);
  for (gsize g = 0; g < fit->n_groups; g++)
    g_string_append_printf(text, "%s%.3f", g > 0 ? "; " : "", fit->weight[g]);
  return g_string_free(text, FALSE);
}

static char *describe_means(const MixtureFit *fit) {
  GString *text = g_string_new(NULL);
  for (gsize g = 0; g < fit->n_groups; g++) {
    g_string_append_printf(text, "%s%.1f", g > 0 ? "; " : "", fit->mean[g][0]);
    if (fit->n_variables == 2)
      g_string_append_printf(text, ", %.1f", fit->mean[g][1]);
  }
  return g_string_free(text, FALSE);
}

static bool add_mixtures(Table *table, const char *name, const double *x, const double *y, gsize n, guint64 seed,
                         GError **error) {
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  if (!mixture_choose(x, y, n, seed, fits, &n_fits, &best, error))
    return false;
  for (gsize i = 0; i < n_fits; i++) {
    gsize row = table_add_row(table);
    table_set(table, row, 0, name);
    table_set_int(table, row, 1, (gint64)fits[i].n_groups);
    table_set(table, row, 2, mixture_model_name(&fits[i]));
    table_set_double(table, row, 3, fits[i].log_likelihood);
    table_set_int(table, row, 4, (gint64)fits[i].n_parameters);
    table_set_double(table, row, 5, fits[i].bic);
    table_set(table, row, 6, i == best ? "true" : "false");
    if (!fits[i].defined)
      continue;
    g_autofree char *weights = describe_weights(&fits[i]), *means = describe_means(&fits[i]);
    table_set(table, row, 7, weights);
    table_set(table, row, 8, means);
  }
  return true;
}

bool tables_mixtures(const Study *study, const ResamplingOptions *options, Table **table, GError **error) {
  static const char *const columns[] = {"variables", "groups", "model",   "log_likelihood", "parameters",
                                        "bic",       "chosen", "weights", "means"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  gsize n = study->n_participants;
  g_autofree double *x = memory_doubles(n, 2, error);
  if (x == NULL)
    return false;
  double *y = x + n;
  for (gsize scale = 0; scale < study->n_scales; scale++) {
    gsize known = 0;
    for (gsize p = 0; p < n; p++)
      if (!isnan(study->participants[p].scales[scale].mean))
        x[known++] = study->participants[p].scales[scale].mean;
    if (!add_mixtures(made, study->scales[scale], x, NULL, known, options->seed, error))
      return false;
  }
  if (study->n_scales >= 2) {
    gsize known = 0;
    for (gsize p = 0; p < n; p++) {
      const Description *scales = study->participants[p].scales;
      if (isnan(scales[0].mean) || isnan(scales[1].mean))
        continue;
      x[known] = scales[0].mean;
      y[known++] = scales[1].mean;
    }
    g_autofree char *both = g_strdup_printf("%s, %s", study->scales[0], study->scales[1]);
    if (!add_mixtures(made, both, x, y, known, options->seed, error))
      return false;
  }
  *table = g_steal_pointer(&made);
  return true;
}
