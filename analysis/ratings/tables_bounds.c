#include "analysis/ratings/tables_bounds.h"

#include <math.h>

#include "analysis/stats/memory.h"

#define ROUNDING 1e-9 /* of a scale's range */

typedef struct {
  gsize n, n_low, n_middle, n_high;
} Uses;

/* Images or layers with a rating, and how many have a mean near a bound. */
typedef struct {
  gsize n, n_low, n_high;
} Means;

static bool is_within(double value, double target, double part, double range) {
  return fabs(value - target) <= (part + ROUNDING) * range;
}

static void count_rating(const Ratings *ratings, gsize scale, double value, Uses *uses) {
  double low = ratings->low[scale], high = ratings->high[scale];
  if (isnan(value))
    return;
  uses->n++;
  uses->n_low += is_within(value, low, 0, high - low);
  uses->n_middle += is_within(value, (low + high) / 2, 0, high - low);
  uses->n_high += is_within(value, high, 0, high - low);
}

static void count_mean(const Ratings *ratings, gsize scale, const Description *description, Means *means) {
  double low = ratings->low[scale], high = ratings->high[scale];
  if (description->n == 0)
    return;
  means->n++;
  means->n_low += is_within(description->mean, low, BOUNDS_NEAR, high - low);
  means->n_high += is_within(description->mean, high, BOUNDS_NEAR, high - low);
}

static double share(gsize count, gsize n) { return n > 0 ? (double)count / (double)n : NAN; }

Table *tables_bounds(const Study *study) {
  static const char *const columns[] = {"scale",
                                        "low",
                                        "high",
                                        "n",
                                        "n_low",
                                        "n_middle",
                                        "n_high",
                                        "share_low",
                                        "share_middle",
                                        "share_high",
                                        "share_bounds",
                                        "images_rated",
                                        "images_near_low",
                                        "images_near_high",
                                        "layers_rated",
                                        "layers_near_low",
                                        "layers_near_high"};
  const Ratings *ratings = study->ratings;
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize scale = 0; scale < study->n_scales; scale++) {
    Uses uses = {0};
    Means images = {0}, layers = {0};
    for (gsize i = 0; i < ratings->n_ratings; i++)
      count_rating(ratings, scale, ratings->ratings[i].values[scale], &uses);
    for (gsize i = 0; i < study->n_images; i++)
      count_mean(ratings, scale, &study->images[i].scales[scale], &images);
    for (gsize i = 0; i < study->n_layers; i++)
      count_mean(ratings, scale, &study->layers[i].scales[scale], &layers);
    const double values[] = {ratings->low[scale],
                             ratings->high[scale],
                             (double)uses.n,
                             (double)uses.n_low,
                             (double)uses.n_middle,
                             (double)uses.n_high,
                             share(uses.n_low, uses.n),
                             share(uses.n_middle, uses.n),
                             share(uses.n_high, uses.n),
                             share(uses.n_low + uses.n_high, uses.n),
                             (double)images.n,
                             (double)images.n_low,
                             (double)images.n_high,
                             (double)layers.n,
                             (double)layers.n_low,
                             (double)layers.n_high};
    gsize row = table_add_row(table);
    table_set(table, row, 0, study->scales[scale]);
    table_set_doubles(table, row, 1, values, G_N_ELEMENTS(values));
  }
  return table;
}

static void add_participant(Table *table, const Study *study, gsize participant, const Uses *uses) {
  gsize n = 0, n_bounds = 0, row = table_add_row(table);
  for (gsize scale = 0; scale < study->n_scales; scale++) {
    gsize at_bounds = uses[scale].n_low + uses[scale].n_high;
    g_autofree char *column = g_strconcat(study->scales[scale], "_share_bounds", NULL);
    table_set_double(table, row, table_add_column(table, column), share(at_bounds, uses[scale].n));
    n += uses[scale].n;
    n_bounds += at_bounds;
  }
  table_set(table, row, 0, study->participants[participant].id);
  table_set_int(table, row, 1, (gint64)n);
  table_set_int(table, row, 2, (gint64)n_bounds);
  table_set_double(table, row, 3, share(n_bounds, n));
  table_set(table, row, 4, share(n_bounds, n) > BOUNDS_PARTICIPANT_MOST ? "true" : "false");
}

bool tables_bounds_participants(const Study *study, Table **table, GError **error) {
  static const char *const columns[] = {"participant", "n", "n_bounds", "share_bounds", "mostly_bounds"};
  const Ratings *ratings = study->ratings;
  g_autofree Uses *uses = memory_items(study->n_participants * study->n_scales, sizeof *uses, error);
  if (uses == NULL)
    return false;
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    Uses *own = &uses[ratings->raters[rating->rater].person * study->n_scales];
    for (gsize scale = 0; scale < study->n_scales; scale++)
      count_rating(ratings, scale, rating->values[scale], &own[scale]);
  }
  Table *made = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize participant = 0; participant < study->n_participants; participant++)
    add_participant(made, study, participant, &uses[participant * study->n_scales]);
  *table = made;
  return true;
}
