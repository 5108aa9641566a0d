#include "analysis/ratings/ratings.h"

/* Copies a column of the set's row, where the set has it. */
static void copy_cell(Table *table, gsize row, gsize column, const StimulusSet *set, gsize image, const char *name) {
  int from = table_column(set->stimuli, name);
  if (from >= 0)
    table_set(table, row, column, table_get(set->stimuli, image, (gsize)from));
}

Table *ratings_table(const Ratings *ratings, const StimulusSet *set) {
  static const char *const first[] = {"participant", "rater", "stim_id", "layer", "seed"};
  Table *table = table_new(first, G_N_ELEMENTS(first));
  for (gsize s = 0; s < ratings->n_scales; s++)
    table_add_column(table, ratings->scales[s]);
  gsize time = table_add_column(table, "response_time"), phase = table_add_column(table, "phase");
  gsize simulated = table_add_column(table, "simulated");
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    const Rater *rater = &ratings->raters[rating->rater];
    gsize row = table_add_row(table);
    table_set(table, row, 0, rater->participant);
    table_set(table, row, 1, rater->id);
    copy_cell(table, row, 2, set, rating->image, "id");
    copy_cell(table, row, 3, set, rating->image, "layer");
    copy_cell(table, row, 4, set, rating->image, "seed");
    for (gsize s = 0; s < ratings->n_scales; s++)
      table_set_double(table, row, G_N_ELEMENTS(first) + s, rating->values[s]);
    table_set_double(table, row, time, rating->response_time);
    table_set(table, row, phase, ratings->phase);
    table_set(table, row, simulated, rater->simulated ? "true" : "false");
  }
  return table;
}
