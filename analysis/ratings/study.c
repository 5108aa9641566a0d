#include "analysis/ratings/study.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

static const char *const default_features[] = {"hue", "saturation", "brightness", "jpeg_bytes", "cfc", "cse", NULL};

/* The cell's text, "" where the set has no such column or value. */
static const char *cell(const Table *table, gsize row, const char *column) {
  int found = table_column(table, column);
  return found < 0 || table_is_missing(table, row, (gsize)found) ? "" : table_get(table, row, (gsize)found);
}

static void choose_features(Study *study, const StudyOptions *options) {
  if (options != NULL && options->features != NULL) {
    study->features = g_strdupv((char **)options->features);
  } else {
    GPtrArray *present = g_ptr_array_new();
    for (gsize i = 0; default_features[i] != NULL; i++)
      if (table_column(study->set->stimuli, default_features[i]) >= 0)
        g_ptr_array_add(present, g_strdup(default_features[i]));
    g_ptr_array_add(present, NULL);
    study->features = (char **)g_ptr_array_free(present, FALSE);
  }
  study->n_features = g_strv_length(study->features);
}

static bool load_images(Study *study, GError **error) {
  const Table *stimuli = study->set->stimuli;
  study->n_images = table_n_rows(stimuli);
  study->images = memory_items(study->n_images, sizeof *study->images, error);
  if (study->images == NULL)
    return false;
  for (gsize i = 0; i < study->n_images; i++) {
    StudyImage *image = &study->images[i];
    image->id = g_strdup(cell(stimuli, i, "id"));
    image->path = stimulus_set_path(study->set, i);
    image->seed = g_strdup(cell(stimuli, i, "seed"));
    image->scales = g_new0(Description, study->n_scales);
    image->features = g_new0(double, MAX(study->n_features, 1));
    for (gsize f = 0; f < study->n_features; f++) {
      gsize column;
      if (!table_require_column(stimuli, study->features[f], &column, error) ||
          !table_get_double(stimuli, i, column, &image->features[f], error))
        return false;
    }
  }
  return true;
}

static bool load_layers(Study *study, GError **error) {
  const Table *stimuli = study->set->stimuli;
  int depth = table_column(stimuli, "depth");
  g_autoptr(GHashTable) indices = g_hash_table_new(g_str_hash, g_str_equal);
  /* At most one layer an image. */
  study->layers = memory_items(study->n_images, sizeof *study->layers, error);
  if (study->layers == NULL)
    return false;
  for (gsize i = 0; i < study->n_images; i++) {
    const char *name = cell(stimuli, i, "layer");
    gpointer found;
    if (!g_hash_table_lookup_extended(indices, name, NULL, &found)) {
      StudyLayer *layer = &study->layers[study->n_layers];
      layer->name = g_strdup(name);
      layer->type = g_strdup(cell(stimuli, i, "layer_type"));
      layer->depth = NAN;
      layer->scales = g_new0(Description, study->n_scales);
      layer->features = g_new0(double, MAX(study->n_features, 1));
      found = GSIZE_TO_POINTER(study->n_layers++);
      g_hash_table_insert(indices, layer->name, found);
      if (depth >= 0 && !table_get_double(stimuli, i, (gsize)depth, &layer->depth, error))
        return false;
    }
    study->images[i].layer = GPOINTER_TO_SIZE(found);
    study->layers[study->images[i].layer].n_images++;
  }
  return true;
}

static void load_raters(Study *study) {
  study->n_raters = study->ratings->n_raters;
  study->raters = g_new0(StudyRater, MAX(study->n_raters, 1));
  study->n_participants = study->ratings->n_participants;
  study->participants = g_new0(StudyParticipant, MAX(study->n_participants, 1));
  for (gsize i = 0; i < study->n_raters; i++) {
    const Rater *from = &study->ratings->raters[i];
    study->raters[i] = (StudyRater){.id = from->id,
                                    .simulated = from->simulated,
                                    .n_trials = from->n_trials,
                                    .scales = g_new0(Description, study->n_scales)};
    StudyParticipant *participant = &study->participants[from->person];
    participant->id = from->participant;
    if (participant->n_raters++ == 0)
      participant->scales = g_new0(Description, study->n_scales);
  }
  study->simulated = study->ratings->n_simulated > 0;
}

static void count_trials(Study *study) {
  for (gsize i = 0; i < study->ratings->n_ratings; i++) {
    const Rating *rating = &study->ratings->ratings[i];
    bool any = false;
    for (gsize scale = 0; scale < study->n_scales; scale++)
      any = any || !isnan(rating->values[scale]);
    study->images[rating->image].n_trials++;
    study->images[rating->image].n_rated += any ? 1 : 0;
  }
  for (gsize i = 0; i < study->n_images; i++) {
    StudyLayer *layer = &study->layers[study->images[i].layer];
    layer->n_trials += study->images[i].n_trials;
    layer->n_rated += study->images[i].n_rated > 0;
  }
}

typedef enum { GROUP_IMAGE, GROUP_LAYER, GROUP_RATER, GROUP_PARTICIPANT } Grouping;

static gsize group_of(const Study *study, Grouping grouping, const Rating *rating) {
  switch (grouping) {
  case GROUP_IMAGE:
    return rating->image;
  case GROUP_LAYER:
    return study->images[rating->image].layer;
  case GROUP_RATER:
    return rating->rater;
  default:
    return study->ratings->raters[rating->rater].person;
  }
}

/* Scale n_scales is the response time. */
static double value_of(const Study *study, const Rating *rating, gsize scale) {
  return scale < study->n_scales ? rating->values[scale] : rating->response_time;
}

static Description *description_of(Study *study, Grouping grouping, gsize group, gsize scale) {
  switch (grouping) {
  case GROUP_IMAGE:
    return &study->images[group].scales[scale];
  case GROUP_LAYER:
    return &study->layers[group].scales[scale];
  case GROUP_RATER:
    return scale < study->n_scales ? &study->raters[group].scales[scale] : &study->raters[group].response_time;
  default:
    return &study->participants[group].scales[scale];
  }
}

/* Describes the values on one scale of every group: sorted by group into one array, then piece by piece. */
static bool describe_groups(Study *study, Grouping grouping, gsize n_groups, gsize scale, GError **error) {
  const Ratings *ratings = study->ratings;
  g_autofree gsize *end = memory_items(n_groups + 1, sizeof *end, error);
  if (end == NULL)
    return false;
  g_autofree double *values = memory_doubles(ratings->n_ratings, 1, error);
  if (values == NULL)
    return false;
  for (gsize i = 0; i < ratings->n_ratings; i++)
    end[group_of(study, grouping, &ratings->ratings[i]) + 1]++;
  for (gsize g = 0; g < n_groups; g++)
    end[g + 1] += end[g];
  /* end[g] is where group g starts; filling moves it to where g ends. */
  for (gsize i = 0; i < ratings->n_ratings; i++)
    values[end[group_of(study, grouping, &ratings->ratings[i])]++] = value_of(study, &ratings->ratings[i], scale);
  for (gsize g = 0; g < n_groups; g++) {
    gsize start = g == 0 ? 0 : end[g - 1];
    if (!descriptive_describe(values + start, end[g] - start, DESCRIPTIVE_CONFIDENCE,
                              description_of(study, grouping, g, scale), error))
      return false;
  }
  return true;
}

static bool describe_all(Study *study, GError **error) {
  for (gsize scale = 0; scale < study->n_scales; scale++)
    if (!describe_groups(study, GROUP_IMAGE, study->n_images, scale, error) ||
        !describe_groups(study, GROUP_LAYER, study->n_layers, scale, error) ||
        !describe_groups(study, GROUP_RATER, study->n_raters, scale, error) ||
        !describe_groups(study, GROUP_PARTICIPANT, study->n_participants, scale, error))
      return false;
  return describe_groups(study, GROUP_RATER, study->n_raters, study->n_scales, error);
}

/* Each feature's mean over a layer's rated images, or over all of them where none is rated. */
static bool average_features(Study *study, bool hue_arithmetic, GError **error) {
  g_autofree double *values = memory_doubles(study->n_images, 1, error);
  if (values == NULL)
    return false;
  for (gsize l = 0; l < study->n_layers; l++) {
    StudyLayer *layer = &study->layers[l];
    for (gsize f = 0; f < study->n_features; f++) {
      gsize n = 0;
      for (gsize i = 0; i < study->n_images; i++)
        if (study->images[i].layer == l && (study->images[i].n_rated > 0 || layer->n_rated == 0))
          values[n++] = study->images[i].features[f];
      bool circular = strcmp(study->features[f], "hue") == 0 && !hue_arithmetic;
      layer->features[f] = circular ? descriptive_circular_mean(values, n, 360) : descriptive_mean(values, n);
    }
  }
  return true;
}

bool study_open(const char *folder, const StimulusSet *set, const StudyOptions *options, Study **study,
                GError **error) {
  g_autoptr(Study) made = g_new0(Study, 1);
  made->folder = g_strdup(folder);
  made->set = set;
  made->log = exclusion_log_new();
  if (!ratings_read(folder, set, options != NULL ? &options->ratings : NULL, made->log, &made->ratings, error) ||
      !questionnaires_read(folder, made->ratings, made->log, &made->questionnaires, error))
    return false;
  made->n_scales = made->ratings->n_scales;
  made->scales = made->ratings->scales;
  choose_features(made, options);
  if (!load_images(made, error) || !load_layers(made, error))
    return false;
  load_raters(made);
  count_trials(made);
  if (!describe_all(made, error) || !average_features(made, options != NULL && options->hue_arithmetic, error))
    return false;
  *study = g_steal_pointer(&made);
  return true;
}

void study_free(Study *study) {
  if (study == NULL)
    return;
  for (gsize i = 0; study->images != NULL && i < study->n_images; i++) {
    StudyImage *image = &study->images[i];
    g_free(image->id);
    g_free(image->path);
    g_free(image->seed);
    g_free(image->scales);
    g_free(image->features);
  }
  for (gsize i = 0; i < study->n_layers; i++) {
    StudyLayer *layer = &study->layers[i];
    g_free(layer->name);
    g_free(layer->type);
    g_free(layer->scales);
    g_free(layer->features);
  }
  for (gsize i = 0; i < study->n_raters; i++)
    g_free(study->raters[i].scales);
  for (gsize i = 0; i < study->n_participants; i++)
    g_free(study->participants[i].scales);
  g_free(study->raters);
  g_free(study->images);
  g_free(study->layers);
  g_free(study->participants);
  g_strfreev(study->features);
  questionnaires_free(study->questionnaires);
  ratings_free(study->ratings);
  exclusion_log_free(study->log);
  g_free(study->folder);
  g_free(study);
}
