#include "analysis/ratings/tables.h"

/* The numbers of a description that a table shows, by column suffix. */
typedef struct {
  const char *suffix;
  gsize offset; /* in Description */
} Shown;

static const Shown interval[] = {{"_mean", offsetof(Description, mean)},
                                 {"_sd", offsetof(Description, sd)},
                                 {"_ci_low", offsetof(Description, ci_low)},
                                 {"_ci_high", offsetof(Description, ci_high)},
                                 {"_median", offsetof(Description, median)}};
static const Shown quartiles[] = {
    {"_mean", offsetof(Description, mean)},     {"_sd", offsetof(Description, sd)},
    {"_ci_low", offsetof(Description, ci_low)}, {"_ci_high", offsetof(Description, ci_high)},
    {"_q1", offsetof(Description, q1)},         {"_median", offsetof(Description, median)},
    {"_q3", offsetof(Description, q3)}};

static double shown_value(const Description *description, const Shown *shown) {
  return *(const double *)(gconstpointer)((const char *)description + shown->offset);
}

/* Columns that the row's own part does not have yet are added at the right, so that the order is that of the calls. */
static void set_named(Table *table, gsize row, const char *name, const char *suffix, double value) {
  g_autofree char *column = g_strconcat(name, suffix, NULL);
  table_set_double(table, row, table_add_column(table, column), value);
}

static void set_description(Table *table, gsize row, const char *scale, const Description *description,
                            const Shown *shown, gsize n_shown) {
  set_named(table, row, scale, "_n", (double)description->n);
  for (gsize i = 0; i < n_shown; i++)
    set_named(table, row, scale, shown[i].suffix, shown_value(description, &shown[i]));
}

static void set_count(Table *table, gsize row, gsize column, gsize count) {
  table_set_int(table, row, column, (gint64)count);
}

Table *tables_images(const Study *study) {
  static const char *const first[] = {"stim_id", "layer", "layer_type", "depth", "seed", "n_trials"};
  Table *table = table_new(first, G_N_ELEMENTS(first));
  for (gsize i = 0; i < study->n_images; i++) {
    const StudyImage *image = &study->images[i];
    const StudyLayer *layer = &study->layers[image->layer];
    gsize row = table_add_row(table);
    table_set(table, row, 0, image->id);
    table_set(table, row, 1, layer->name);
    table_set(table, row, 2, layer->type);
    table_set_double(table, row, 3, layer->depth);
    table_set(table, row, 4, image->seed);
    set_count(table, row, 5, image->n_trials);
    for (gsize s = 0; s < study->n_scales; s++)
      set_description(table, row, study->scales[s], &image->scales[s], interval, G_N_ELEMENTS(interval));
    for (gsize f = 0; f < study->n_features; f++)
      set_named(table, row, study->features[f], "", image->features[f]);
  }
  return table;
}

Table *tables_layers(const Study *study) {
  static const char *const first[] = {"layer", "layer_type", "depth", "n_images", "n_rated", "n_trials"};
  Table *table = table_new(first, G_N_ELEMENTS(first));
  for (gsize i = 0; i < study->n_layers; i++) {
    const StudyLayer *layer = &study->layers[i];
    gsize row = table_add_row(table);
    table_set(table, row, 0, layer->name);
    table_set(table, row, 1, layer->type);
    table_set_double(table, row, 2, layer->depth);
    set_count(table, row, 3, layer->n_images);
    set_count(table, row, 4, layer->n_rated);
    set_count(table, row, 5, layer->n_trials);
    for (gsize s = 0; s < study->n_scales; s++)
      set_description(table, row, study->scales[s], &layer->scales[s], quartiles, G_N_ELEMENTS(quartiles));
    for (gsize f = 0; f < study->n_features; f++)
      set_named(table, row, study->features[f], "", layer->features[f]);
  }
  return table;
}

/* A column of its own: a questionnaire may be called as another column is. */
static gsize add_questionnaire_column(Table *table, const char *name) {
  g_autoptr(GString) free_name = g_string_new(name);
  while (table_column(table, free_name->str) >= 0)
    g_string_prepend(free_name, "questionnaire_");
  return table_add_column(table, free_name->str);
}

static void add_questionnaire(Table *table, const Questionnaire *questionnaire) {
  g_autofree char *label_name = g_strconcat(questionnaire->name, "_label", NULL);
  gsize value = add_questionnaire_column(table, questionnaire->name);
  gsize label = add_questionnaire_column(table, label_name);
  for (gsize row = 0; row < table_n_rows(table); row++) {
    gsize level = questionnaire->levels[row];
    const char *text = level == QUESTIONNAIRE_NO_LEVEL ? NULL : questionnaire->labels[level];
    table_set_double(table, row, value, questionnaire->answers[row]);
    table_set(table, row, label, text);
  }
}

Table *tables_participants(const Study *study) {
  static const char *const first[] = {"participant", "rater", "simulated", "n_trials"};
  Table *table = table_new(first, G_N_ELEMENTS(first));
  for (gsize i = 0; i < study->n_raters; i++) {
    const StudyRater *rater = &study->raters[i];
    gsize row = table_add_row(table);
    table_set(table, row, 0, study->ratings->raters[i].participant);
    table_set(table, row, 1, rater->id);
    table_set(table, row, 2, rater->simulated ? "true" : "false");
    set_count(table, row, 3, rater->n_trials);
    for (gsize s = 0; s < study->n_scales; s++)
      set_description(table, row, study->scales[s], &rater->scales[s], interval, G_N_ELEMENTS(interval));
    set_named(table, row, "response_time_median", "", rater->response_time.median);
  }
  for (gsize q = 0; q < study->questionnaires->n_questionnaires; q++)
    add_questionnaire(table, &study->questionnaires->questionnaires[q]);
  return table;
}
