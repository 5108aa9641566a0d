#include "analysis/ratings/joint_ratings.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/bimodality.h"
#include "analysis/stats/descriptive.h"
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

/* One bandwidth for all layers, from the spread of all ratings and the number that a layer has on average: each layer's
 * own would make its entropy depend on their number twice. */
static void fill_plane(const Study *study, gsize x, gsize y, const Pairs *pairs, JointPlane *plane) {
  const Ratings *ratings = study->ratings;
  const double *values[] = {pairs->x, pairs->y};
  const gsize scales[] = {x, y};
  gsize n = pairs->first[study->n_layers], n_layers = 0;
  for (gsize layer = 0; layer < study->n_layers; layer++)
    n_layers += pairs->first[layer + 1] > pairs->first[layer];
  plane->cells = JOINT_RATINGS_CELLS;
  for (int axis = 0; axis < 2; axis++) {
    plane->low[axis] = ratings->low[scales[axis]];
    plane->high[axis] = ratings->high[scales[axis]];
    double sd = descriptive_sd(values[axis], n);
    plane->bandwidth[axis] = sd > 0 ? joint_density_bandwidth(sd, (double)n / (double)n_layers)
                                    : (plane->high[axis] - plane->low[axis]) / JOINT_RATINGS_CELLS;
  }
}

bool joint_ratings_plane(const Study *study, gsize x, gsize y, JointPlane *plane, GError **error) {
  g_auto(Pairs) pairs = {NULL, NULL, NULL};
  if (!gather(study, x, y, &pairs, error))
    return false;
  fill_plane(study, x, y, &pairs, plane);
  return true;
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

/* counts and half are workspaces of a map's size. */
static bool fill(const JointDensity *density, const double *x, const double *y, JointLayer *layer, double *counts,
                 double *half, GError **error) {
  gsize area = (gsize)JOINT_RATINGS_CELLS * JOINT_RATINGS_CELLS;
  layer->density = memory_doubles(area, 1, error);
  if (layer->density == NULL ||
      !describe(x, layer->n, &layer->mean[0], &layer->median[0], &layer->bimodality[0], error) ||
      !describe(y, layer->n, &layer->mean[1], &layer->median[1], &layer->bimodality[1], error))
    return false;
  memset(counts, 0, area * sizeof *counts);
  for (gsize i = 0; i < layer->n; i++)
    counts[joint_density_cell(density, x[i], y[i])]++;
  joint_density_smooth(density, counts, half, layer->density);
  layer->entropy = joint_density_entropy(layer->density, area);
  return true;
}

bool joint_ratings_new(const Study *study, gsize x, gsize y, JointRatings **out, GError **error) {
  g_auto(Pairs) pairs = {NULL, NULL, NULL};
  g_autoptr(JointRatings) joint = g_new0(JointRatings, 1);
  gsize area = (gsize)JOINT_RATINGS_CELLS * JOINT_RATINGS_CELLS;
  joint->x = x;
  joint->y = y;
  if (!gather(study, x, y, &pairs, error))
    return false;
  fill_plane(study, x, y, &pairs, &joint->plane);
  g_autoptr(JointDensity) density = NULL;
  g_autofree double *counts = memory_doubles(2, area, error);
  if (counts == NULL || !joint_density_new(&joint->plane, &density, error) ||
      (joint->layers = memory_items(study->n_layers, sizeof(JointLayer), error)) == NULL)
    return false;
  for (gsize layer = 0; layer < study->n_layers; layer++) {
    gsize first = pairs.first[layer], n = pairs.first[layer + 1] - first;
    if (n == 0)
      continue;
    JointLayer *made = &joint->layers[joint->n_layers++];
    made->layer = layer;
    made->n = n;
    if (!fill(density, pairs.x + first, pairs.y + first, made, counts, counts + area, error))
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
