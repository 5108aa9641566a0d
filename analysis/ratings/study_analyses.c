#include <math.h>
#include <string.h>

#include "analysis/ratings/study.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

int study_scale(const Study *study, const char *name) {
  for (gsize s = 0; s < study->n_scales; s++)
    if (strcmp(study->scales[s], name) == 0)
      return (int)s;
  return -1;
}

bool study_plane(const Study *study, gsize *x, gsize *y) {
  int arousal = study_scale(study, "arousal"), valence = study_scale(study, "valence");
  bool both = arousal >= 0 && valence >= 0;
  *x = both ? (gsize)arousal : 0;
  *y = both ? (gsize)valence : 1;
  return study->n_scales >= 2;
}

const char *study_unit_name(StudyUnit unit) { return unit == STUDY_UNIT_IMAGE ? "image" : "layer"; }

bool study_layer_values(const Study *study, gsize layer, gsize scale, double **values, gsize *n, GError **error) {
  g_assert(scale < study->n_scales);
  const Ratings *ratings = study->ratings;
  double *collected = memory_doubles(study->layers[layer].n_trials, 1, error);
  if (collected == NULL)
    return false;
  *n = 0;
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    if (study->images[rating->image].layer == layer && !isnan(rating->values[scale]))
      collected[(*n)++] = rating->values[scale];
  }
  *values = collected;
  return true;
}

bool study_level_values(const Study *study, const Questionnaire *questionnaire, gsize level, gsize scale,
                        double **values, gsize *n, GError **error) {
  g_assert(scale < study->n_scales);
  double *collected = memory_doubles(study->n_participants, 1, error);
  if (collected == NULL)
    return false;
  *n = 0;
  for (gsize i = 0; i < study->n_participants; i++)
    if (questionnaire->participant_levels[i] == level && !isnan(study->participants[i].scales[scale].mean))
      collected[(*n)++] = study->participants[i].scales[scale].mean;
  *values = collected;
  return true;
}

const char *study_variable_name(const Study *study, gsize variable) {
  g_assert(variable < study->n_scales + study->n_features);
  return variable < study->n_scales ? study->scales[variable] : study->features[variable - study->n_scales];
}

bool study_variable(const Study *study, StudyUnit unit, gsize variable, double **values, gsize *n, GError **error) {
  g_assert(variable < study->n_scales + study->n_features);
  gsize n_cases = unit == STUDY_UNIT_IMAGE ? study->n_images : study->n_layers;
  double *collected = memory_doubles(n_cases, 1, error);
  if (collected == NULL)
    return false;
  *n = 0;
  for (gsize i = 0; i < n_cases; i++) {
    bool image = unit == STUDY_UNIT_IMAGE;
    if ((image ? study->images[i].n_trials : study->layers[i].n_trials) == 0)
      continue;
    const Description *scales = image ? study->images[i].scales : study->layers[i].scales;
    const double *features = image ? study->images[i].features : study->layers[i].features;
    collected[(*n)++] = variable < study->n_scales ? scales[variable].mean : features[variable - study->n_scales];
  }
  *values = collected;
  return true;
}

/* All variables over the rated cases: each (n), with its name. */
typedef struct {
  gsize count, n;
  double **values;    /* (count) */
  const char **names; /* (count), borrowed */
} Variables;

static void variables_clear(Variables *variables) {
  for (gsize i = 0; i < variables->count; i++)
    g_free(variables->values[i]);
  g_free(variables->values);
  g_free(variables->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Variables, variables_clear)

static bool variables_load(const Study *study, StudyUnit unit, Variables *variables, GError **error) {
  gsize count = study->n_scales + study->n_features;
  variables->values = g_new0(double *, count);
  variables->names = g_new0(const char *, count);
  variables->count = count;
  for (gsize i = 0; i < count; i++) {
    variables->names[i] = study_variable_name(study, i);
    if (!study_variable(study, unit, i, &variables->values[i], &variables->n, error))
      return false;
  }
  return true;
}

bool study_correlations(const Study *study, StudyUnit unit, CorrelationKind kind, CorrelationMatrix **matrix,
                        GError **error) {
  g_auto(Variables) variables = {0};
  return variables_load(study, unit, &variables, error) &&
         correlation_matrix_new(kind, variables.names, (const double *const *)variables.values, variables.count,
                                variables.n, matrix, error);
}

static bool has_values(const double *values, gsize n) {
  for (gsize i = 0; i < n; i++)
    if (!isnan(values[i]))
      return true;
  return false;
}

bool study_regression(const Study *study, StudyUnit unit, gsize scale, Regression **regression, GError **error) {
  g_assert(scale < study->n_scales);
  if (study->n_features == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: no image features to regress on; run: dreamrig-analysis features %s",
                table_name(study->set->stimuli), study->set->folder);
    return false;
  }
  g_auto(Variables) variables = {0};
  if (!variables_load(study, unit, &variables, error))
    return false;
  g_autofree const char **names = g_new0(const char *, study->n_features);
  g_autofree const double **predictors = g_new0(const double *, study->n_features);
  gsize n_predictors = 0;
  for (gsize i = study->n_scales; i < variables.count; i++)
    if (has_values(variables.values[i], variables.n)) {
      names[n_predictors] = variables.names[i];
      predictors[n_predictors++] = variables.values[i];
    }
  if (n_predictors == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no image feature has a value for any rated image",
                table_name(study->set->stimuli));
    return false;
  }
  return regression_fit(variables.values[scale], names, predictors, n_predictors, variables.n, regression, error);
}

bool study_participant_means(const Study *study, gsize scale, double **means, GError **error) {
  g_assert(scale < study->n_scales);
  *means = memory_doubles(study->n_participants, 1, error);
  for (gsize i = 0; *means != NULL && i < study->n_participants; i++)
    (*means)[i] = study->participants[i].scales[scale].mean;
  return *means != NULL;
}

bool study_anova(const Study *study, gsize scale, const Questionnaire *questionnaire, Anova **anova, GError **error) {
  G_STATIC_ASSERT(QUESTIONNAIRE_NO_LEVEL == ANOVA_NO_GROUP);
  g_autofree double *means = NULL;
  if (!study_participant_means(study, scale, &means, error))
    return false;
  return anova_one_way(means, questionnaire->participant_levels, study->n_participants, questionnaire->n_levels, anova,
                       error);
}
