#include "analysis/stats/power_study_private.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

/* Whether a variable is the same within each level of another, which is a factor. */
static bool constant_within(const ModelVariables *variables, gsize v, gsize group, gsize *example) {
  const ModelVariable *variable = &variables->variables[v], *levels = &variables->variables[group];
  for (gsize l = 0; l < levels->n_levels; l++)
    example[l] = G_MAXSIZE;
  for (gsize i = 0; i < variables->n; i++) {
    gsize *first = &example[levels->level[i]];
    if (*first == G_MAXSIZE)
      *first = i;
    else if (variable->level != NULL ? variable->level[i] != variable->level[*first]
                                     : variable->values[i] != variable->values[*first])
      return false;
  }
  return true;
}

static bool find_group_variable(const PowerStudy *study, const char *column, const char *option, gsize *found,
                                GError **error) {
  guint64 effects = model_variables_effects(study->formula), groups = 0;
  for (gsize r = 0; r < study->formula->n_random; r++)
    groups |= study->formula->random[r].group;
  for (gsize v = 0; v < study->n_variables; v++)
    if (strcmp(study->formula->variables[v].column, column) == 0 && (groups >> v & 1) && !(effects >> v & 1)) {
      *found = v;
      return true;
    }
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
              "power needs random effects of '%s', as (1 | %s), and no other effect of it; %s gives another name",
              column, column, option);
  return false;
}

/* Whose property each variable is, and which one is the layer. */
static bool find_owners(PowerStudy *study, GError **error) {
  const ModelVariables *variables = study->variables;
  guint64 effects = model_variables_effects(study->formula);
  gsize most = MAX(variables->variables[study->participant].n_levels, variables->variables[study->image].n_levels);
  g_autofree gsize *example = memory_items(most, sizeof *example, error);
  if (example == NULL)
    return false;
  study->owner = g_new0(Owner, study->n_variables);
  study->layer = G_MAXSIZE;
  for (gsize v = 0; v < study->n_variables; v++) {
    if (v == study->participant || v == study->image) {
      study->owner[v] = v == study->participant ? OF_PARTICIPANT : OF_IMAGE;
      continue;
    }
    study->owner[v] = constant_within(variables, v, study->image, example)         ? OF_IMAGE
                      : constant_within(variables, v, study->participant, example) ? OF_PARTICIPANT
                                                                                   : OF_TRIAL;
    if (effects >> v & 1)
      continue;
    if (study->owner[v] == OF_TRIAL) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                  "'%s' groups random effects but is neither a property of images nor of participants, so that power "
                  "cannot lay out new studies; images of different groups need names of their own",
                  study->formula->variables[v].name);
      return false;
    }
    if (study->owner[v] == OF_IMAGE && study->layer == G_MAXSIZE)
      study->layer = v;
  }
  return true;
}

static bool list_donors(const ModelVariables *variables, gsize v, Donors *donors, GError **error) {
  const ModelVariable *variable = &variables->variables[v];
  donors->n = variable->n_levels;
  if ((donors->row = memory_items(donors->n, sizeof(gsize), error)) == NULL)
    return false;
  for (gsize i = variables->n; i-- > 0;)
    donors->row[variable->level[i]] = i;
  return true;
}

/* Sorts the images' donors by layer. */
static bool sort_by_layer(PowerStudy *study, GError **error) {
  const ModelVariable *layer = study->layer != G_MAXSIZE ? &study->variables->variables[study->layer] : NULL;
  study->n_layers = layer != NULL ? layer->n_levels : 1;
  g_autofree gsize *sorted = memory_items(study->images.n, sizeof *sorted, error);
  if (sorted == NULL || (study->first_image = memory_items(study->n_layers + 1, sizeof(gsize), error)) == NULL)
    return false;
  gsize n = 0;
  for (gsize l = 0; l < study->n_layers; l++) {
    study->first_image[l] = n;
    for (gsize k = 0; k < study->images.n; k++)
      if (layer == NULL || layer->level[study->images.row[k]] == l)
        sorted[n++] = study->images.row[k];
  }
  study->first_image[study->n_layers] = n;
  memcpy(study->images.row, sorted, n * sizeof *sorted);
  return true;
}

static bool fit_study(PowerStudy *study, const char *term, const char *source, GError **error) {
  g_autoptr(ModelFrame) frame = NULL;
  const MixedOptions options = {.no_inference = true};
  if (!model_frame_build(study->variables, &frame, error))
    return false;
  if (!mixed_fit(frame, &options, &study->fit, error)) {
    g_prefix_error(error, "%s: ", source);
    return false;
  }
  g_autoptr(GString) names = g_string_new(NULL);
  study->beta = g_new0(double, MAX(study->fit->n_fixed, 1));
  study->term = G_MAXSIZE;
  for (gsize c = 0; c < study->fit->n_fixed; c++) {
    const MixedCoefficient *fixed = &study->fit->fixed[c];
    if (fixed->aliased)
      continue;
    study->beta[c] = fixed->beta;
    if (strcmp(fixed->name, term) == 0)
      study->term = c;
    g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", fixed->name);
  }
  if (study->term != G_MAXSIZE)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--term %s: the fit has no such coefficient; it has %s", term,
              names->str);
  return false;
}

bool power_study_new(const char *formula, const Table *table, const char *term, const char *participant,
                     const char *image, PowerStudy **study, GError **error) {
  g_autoptr(PowerStudy) made = g_new0(PowerStudy, 1);
  if (!formula_parse(formula, &made->formula, error))
    return false;
  made->n_variables = made->formula->n_variables;
  if (!find_group_variable(made, participant, "--participant-column", &made->participant, error) ||
      !find_group_variable(made, image, "--image-column", &made->image, error) ||
      !model_variables_new(made->formula, table, &made->variables, error) || !find_owners(made, error) ||
      !list_donors(made->variables, made->participant, &made->participants, error) ||
      !list_donors(made->variables, made->image, &made->images, error) || !sort_by_layer(made, error) ||
      !fit_study(made, term, table_name(table), error))
    return false;
  *study = g_steal_pointer(&made);
  return true;
}

const GPtrArray *power_study_notes(const PowerStudy *study) { return study->variables->notes; }

void power_study_free(PowerStudy *study) {
  if (study == NULL)
    return;
  model_variables_free(study->variables);
  g_clear_pointer(&study->formula, formula_free);
  mixed_free(study->fit);
  g_free(study->beta);
  g_free(study->owner);
  g_free(study->participants.row);
  g_free(study->images.row);
  g_free(study->first_image);
  g_free(study);
}

double power_study_effect(const PowerStudy *study) { return study->beta[study->term]; }
void power_study_set_effect(PowerStudy *study, double effect) { study->beta[study->term] = effect; }
gsize power_study_layers(const PowerStudy *study) { return study->layer != G_MAXSIZE ? study->n_layers : 0; }

/* Whether the group's levels are those of a variable, alone or with others around it (image:layer). */
static bool groups_by(const PowerStudy *study, const MixedGroup *group, gsize v) {
  for (gsize r = 0; r < study->formula->n_random; r++)
    if (strcmp(study->formula->random[r].group_name, group->name) == 0)
      return study->formula->random[r].group >> v & 1;
  return false;
}

/* The group and effect of a variance; false where the model has none. */
static bool find_variance(const PowerStudy *study, PowerSd which, MixedGroup **group, gsize *effect) {
  const char *name = which == POWER_SD_SLOPE ? study->fit->fixed[study->term].name : "(Intercept)";
  for (gsize g = 0; g < study->fit->n_groups; g++) {
    MixedGroup *candidate = &study->fit->groups[g];
    bool person = groups_by(study, candidate, study->participant), image = groups_by(study, candidate, study->image);
    bool layer = study->layer != G_MAXSIZE && groups_by(study, candidate, study->layer) && !image;
    bool fits = which == POWER_SD_IMAGE   ? image && !person
                : which == POWER_SD_LAYER ? layer && !person
                                          : person && !image && !layer;
    for (gsize e = 0; fits && e < candidate->n_effects; e++)
      if (strcmp(candidate->effects[e], name) == 0) {
        *group = candidate;
        *effect = e;
        return true;
      }
  }
  return false;
}

double power_study_sd(const PowerStudy *study, PowerSd which) {
  MixedGroup *group;
  gsize e;
  if (which == POWER_SD_RESIDUAL)
    return study->fit->sigma;
  return find_variance(study, which, &group, &e) ? sqrt(group->covariance[e * group->n_effects + e]) : NAN;
}

bool power_study_set_sd(PowerStudy *study, PowerSd which, double sd) {
  MixedGroup *group;
  gsize e;
  if (which == POWER_SD_RESIDUAL) {
    study->fit->sigma = sd;
    return true;
  }
  if (!find_variance(study, which, &group, &e))
    return false;
  gsize q = group->n_effects;
  double old = sqrt(group->covariance[e * q + e]), factor = old > 0 ? sd / old : 0;
  for (gsize k = 0; k < q; k++) {
    group->covariance[e * q + k] *= factor;
    group->covariance[k * q + e] *= factor;
  }
  group->covariance[e * q + e] = sd * sd;
  return true;
}
