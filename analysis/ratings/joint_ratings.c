#include "analysis/ratings/joint_ratings.h"

#include <math.h>

#include "analysis/stats/bimodality.h"
#include "analysis/stats/density.h"
#include "analysis/stats/memory.h"

/* The trials of each layer that have both ratings: values of layer i are [first[i], first[i + 1]). */
typedef struct {
  double *x, *y;
  gsize *first;
} Pairs;

static void pairs_clear(Pairs *pairs) {
  g_free(pairs->x);
  g_free(pairs->y);
  g_free(pairs->first);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pairs, pairs_clear)

static bool gather(const Study *study, gsize x, gsize y, Pairs *pairs, GError **error) {
  const Ratings *ratings = study->ratings;
  pairs->x = memory_doubles(ratings->n_ratings, 1, error);
  pairs->y = pairs->x != NULL ? memory_doubles(ratings->n_ratings, 1, error) : NULL;
  pairs->first = pairs->y != NULL ? memory_items(study->n_layers + 1, sizeof(gsize), error) : NULL;
  g_autofree gsize *next =
      pairs->first != NULL ? (gsize *)memory_items(study->n_layers + 1, sizeof(gsize), error) : NULL;
  if (next == NULL)
    return false;
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    if (!isnan(rating->values[x]) && !isnan(rating->values[y]))
      pairs->first[study->images[rating->image].layer + 1]++;
  }
  for (gsize layer = 0; layer < study->n_layers; layer++) {
    pairs->first[layer + 1] += pairs->first[layer];
    next[layer] = pairs->first[layer];
  }
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    if (isnan(rating->values[x]) || isnan(rating->values[y]))
      continue;
    gsize at = next[study->images[rating->image].layer]++;
    pairs->x[at] = rating->values[x];
    pairs->y[at] = rating->values[y];
  }
  return true;
}

/* Ratings of one layer are few: each layer's own bandwidth would make its entropy depend on their number twice. */
static bool common_bandwidth(const double *values, const gsize *first, gsize n_layers, DensityRange range,
                             double *bandwidth, GError **error) {
  g_autofree double *widths = memory_doubles(n_layers, 1, error);
  gsize n = 0;
  if (widths == NULL)
    return false;
  for (gsize layer = 0; layer < n_layers; layer++) {
    gsize count = first[layer + 1] - first[layer];
    if (count >= 2 && !density_bandwidth(values + first[layer], count, range, &widths[n++], error))
      return false;
  }
  descriptive_sort(widths, n);
  *bandwidth = n > 0 ? descriptive_quantile(widths, n, .5) : (range.high - range.low) / 50;
  return true;
}

static double entropy_bits(const double *density, gsize n) {
  double entropy = 0;
  for (gsize k = 0; k < n; k++)
    if (density[k] > 0)
      entropy -= density[k] * log2(density[k]);
  return entropy;
}

static bool describe(const double *values, gsize n, double *mean, double *median, double *bimodality, GError **error) {
  Description description;
  Bimodality shape;
  if (!descriptive_describe(values, n, DESCRIPTIVE_CONFIDENCE, &description, error))
    return false;
  bimodality_coefficient(values, n, &shape);
  *mean = description.mean;
  *median = description.median;
  *bimodality = shape.coefficient;
  return true;
}

static bool fill(const JointRatings *joint, const double *x, const double *y, JointLayer *layer, GError **error) {
  DensityRange range[2] = {{joint->low[0], joint->high[0]}, {joint->low[1], joint->high[1]}};
  layer->density = memory_doubles(JOINT_RATINGS_CELLS, JOINT_RATINGS_CELLS, error);
  if (layer->density == NULL ||
      !describe(x, layer->n, &layer->mean[0], &layer->median[0], &layer->bimodality[0], error) ||
      !describe(y, layer->n, &layer->mean[1], &layer->median[1], &layer->bimodality[1], error) ||
      !density_plane(x, y, layer->n, range[0], range[1], joint->bandwidth[0], joint->bandwidth[1], layer->density,
                     JOINT_RATINGS_CELLS, error))
    return false;
  layer->entropy = layer->n >= JOINT_RATINGS_LEAST
                       ? entropy_bits(layer->density, (gsize)JOINT_RATINGS_CELLS * JOINT_RATINGS_CELLS)
                       : NAN;
  return true;
}

bool joint_ratings_new(const Study *study, gsize x, gsize y, JointRatings **out, GError **error) {
  g_auto(Pairs) pairs = {NULL, NULL, NULL};
  g_autoptr(JointRatings) joint = g_new0(JointRatings, 1);
  const Ratings *ratings = study->ratings;
  *joint = (JointRatings){
      .x = x, .y = y, .low = {ratings->low[x], ratings->low[y]}, .high = {ratings->high[x], ratings->high[y]}};
  if (!gather(study, x, y, &pairs, error))
    return false;
  joint->layers = memory_items(study->n_layers, sizeof(JointLayer), error);
  if (joint->layers == NULL ||
      !common_bandwidth(pairs.x, pairs.first, study->n_layers, (DensityRange){joint->low[0], joint->high[0]},
                        &joint->bandwidth[0], error) ||
      !common_bandwidth(pairs.y, pairs.first, study->n_layers, (DensityRange){joint->low[1], joint->high[1]},
                        &joint->bandwidth[1], error))
    return false;
  for (gsize layer = 0; layer < study->n_layers; layer++) {
    gsize first = pairs.first[layer], n = pairs.first[layer + 1] - first;
    if (n == 0)
      continue;
    JointLayer *made = &joint->layers[joint->n_layers++];
    made->layer = layer;
    made->n = n;
    if (!fill(joint, pairs.x + first, pairs.y + first, made, error))
      return false;
  }
  *out = g_steal_pointer(&joint);
  return true;
}

void joint_ratings_free(JointRatings *joint) {
  if (joint == NULL)
    return;
  for (gsize i = 0; joint->layers != NULL && i < joint->n_layers; i++)
    g_free(joint->layers[i].density);
  g_free(joint->layers);
  g_free(joint);
}

Table *joint_ratings_table(const Study *study, const JointRatings *joint) {
  const char *x = study->scales[joint->x], *y = study->scales[joint->y];
  static const char *const parts[] = {"mean", "median", "bimodality"};
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(names, g_strdup("layer"));
  g_ptr_array_add(names, g_strdup("n"));
  for (gsize k = 0; k < 2 * G_N_ELEMENTS(parts); k++)
    g_ptr_array_add(names, g_strdup_printf("%s_%s", k % 2 == 0 ? x : y, parts[k / 2]));
  g_ptr_array_add(names, g_strdup("entropy_bits"));
  Table *table = table_new((const char *const *)names->pdata, names->len);
  for (gsize i = 0; i < joint->n_layers; i++) {
    const JointLayer *layer = &joint->layers[i];
    gsize row = table_add_row(table), column = 0;
    table_set(table, row, column++, study->layers[layer->layer].name);
    table_set_int(table, row, column++, (gint64)layer->n);
    const double *values[] = {layer->mean, layer->median, layer->bimodality};
    for (gsize k = 0; k < 2 * G_N_ELEMENTS(parts); k++)
      table_set_double(table, row, column++, values[k / 2][k % 2]);
    table_set_double(table, row, column, layer->entropy);
  }
  return table;
}
