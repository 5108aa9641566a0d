#include "analysis/ratings/layer_groups.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"

const LayerGroupPair layer_groups_study[LAYER_GROUPS_N_STUDY] = {
    {{"mixedNm_pool", "mixed[345][a-e]_pool"}, {"mixedNm_KxK_pre_relu", "mixed[345][a-e]_(3x3|5x5)_pre_relu"}},
    {{"conv2dL", "conv2d[012]"}, {"mixedNm", "mixed[345][a-e]"}}};

static bool is_in(const LayerGroup *group, const char *layer) {
  g_autofree char *whole = g_strdup_printf("^(?:%s)$", group->pattern);
  return g_regex_match_simple(whole, layer, 0, 0);
}

/* All ratings of the group's layers, and the layers' means. */
static bool gather(const Study *study, const LayerGroup *group, gsize scale, int side, LayerComparison *comparison,
                   GError **error) {
  g_autofree double *means = memory_doubles(study->n_layers, 1, error);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));
  if (means == NULL)
    return false;
  gsize n_layers = 0;
  for (gsize layer = 0; layer < study->n_layers; layer++) {
    g_autofree double *values = NULL;
    gsize n;
    if (study->layers[layer].n_trials == 0 || !is_in(group, study->layers[layer].name))
      continue;
    if (!study_layer_values(study, layer, scale, &values, &n, error))
      return false;
    g_array_append_vals(all, values, (guint)n);
    if (n > 0)
      means[n_layers++] = study->layers[layer].scales[scale].mean;
  }
  comparison->n_layers[side] = n_layers;
  if (!descriptive_describe((const double *)all->data, all->len, DESCRIPTIVE_CONFIDENCE, &comparison->ratings[side],
                            error) ||
      !descriptive_describe(means, n_layers, DESCRIPTIVE_CONFIDENCE, &comparison->layers[side], error))
    return false;
  comparison->values[side] = (double *)g_array_free(g_steal_pointer(&all), FALSE);
  return true;
}

bool layer_groups_compare(const Study *study, const LayerGroupPair *pair, gsize scale, LayerComparison *comparison,
                          GError **error) {
  memset(comparison, 0, sizeof *comparison);
  if (!gather(study, &pair->first, scale, 0, comparison, error) ||
      !gather(study, &pair->second, scale, 1, comparison, error)) {
    layer_comparison_clear(comparison);
    return false;
  }
  t_test_welch(&comparison->ratings[0], &comparison->ratings[1], &comparison->by_rating);
  t_test_welch(&comparison->layers[0], &comparison->layers[1], &comparison->by_layer);
  effect_size_two_samples(&comparison->ratings[0], &comparison->ratings[1], &comparison->effect);
  return true;
}

void layer_comparison_clear(LayerComparison *comparison) {
  g_clear_pointer(&comparison->values[0], g_free);
  g_clear_pointer(&comparison->values[1], g_free);
}
