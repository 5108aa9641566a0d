#include "analysis/ratings/study_mixed.h"

#include <math.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/formula.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

/* The features that enter, as indices of study->features; the others' names go to left_out. A feature enters where
 * its values over the rated images differ. */
static void choose_predictors(const Study *study, GArray *chosen, StudyMixed *mixed) {
  g_autoptr(GStrvBuilder) left_out = g_strv_builder_new();
  for (gsize f = 0; f < study->n_features; f++) {
    double low = INFINITY, high = -INFINITY;
    for (gsize i = 0; i < study->n_images; i++)
      if (study->images[i].n_rated > 0 && !isnan(study->images[i].features[f])) {
        low = MIN(low, study->images[i].features[f]);
        high = MAX(high, study->images[i].features[f]);
      }
    if (low < high)
      g_array_append_val(chosen, f);
    else
      g_strv_builder_add(left_out, study->features[f]);
  }
  mixed->left_out = g_strv_builder_end(left_out);
}

static bool is_complete(const StudyImage *image, const GArray *chosen) {
  for (guint k = 0; k < chosen->len; k++)
    if (isnan(image->features[g_array_index(chosen, gsize, k)]))
      return false;
  return true;
}

/* The frame is that of model_frame_new for the formula below and the rows used, but from the numbers that the study
 * holds: through a table of text it takes longer to build than to fit. */
static bool find_rows(const Study *study, gsize scale, const GArray *chosen, ModelFrame *frame, GError **error) {
  const Ratings *ratings = study->ratings;
  if ((frame->rows = memory_items(ratings->n_ratings, sizeof *frame->rows, error)) == NULL ||
      (frame->y = memory_doubles(ratings->n_ratings, 1, error)) == NULL)
    return false;
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    if (isnan(rating->values[scale]) || !is_complete(&study->images[rating->image], chosen)) {
      frame->n_incomplete++;
      continue;
    }
    frame->y[frame->n] = rating->values[scale];
    frame->rows[frame->n++] = i;
  }
  return true;
}

/* R's scale(): the mean and the standard deviation are those of the whole column, of ratings that are missing too;
 * `all` has room for it. False where there is no spread. */
static bool standardise(const Study *study, gsize feature, double *all, double *values, gsize n) {
  const Ratings *ratings = study->ratings;
  gsize n_all = 0;
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    double value = study->images[ratings->ratings[i].image].features[feature];
    if (!isnan(value))
      all[n_all++] = value;
  }
  double mean = descriptive_mean(all, n_all), sd = descriptive_sd(all, n_all);
  bool differ = false;
  for (gsize i = 1; i < n; i++)
    differ |= values[i] != values[0];
  for (gsize i = 0; i < n; i++)
    values[i] = (values[i] - mean) / sd;
  return differ;
}

static bool fill_columns(ModelColumns *columns, gsize n_columns, gsize n, GError **error) {
  columns->n_columns = n_columns;
  columns->names = g_new0(char *, n_columns + 1);
  columns->terms = g_new0(gsize, n_columns);
  columns->names[0] = g_strdup("(Intercept)");
  columns->terms[0] = MODEL_NO_TERM;
  columns->values = memory_doubles(n_columns, n, error);
  for (gsize i = 0; columns->values != NULL && i < n; i++)
    columns->values[i] = 1;
  return columns->values != NULL;
}

static bool fill_fixed(const Study *study, const GArray *chosen, ModelFrame *frame, GError **error) {
  g_autofree double *all = memory_doubles(study->ratings->n_ratings, 1, error);
  if (all == NULL || !fill_columns(&frame->fixed, chosen->len + 1, frame->n, error))
    return false;
  for (gsize k = 0; k < chosen->len; k++) {
    gsize feature = g_array_index(chosen, gsize, k);
    double *values = frame->fixed.values + (k + 1) * frame->n;
    frame->fixed.names[k + 1] = g_strdup(study->features[feature]);
    frame->fixed.terms[k + 1] = k;
    for (gsize i = 0; i < frame->n; i++)
      values[i] = study->images[study->ratings->ratings[frame->rows[i]].image].features[feature];
    if (!standardise(study, feature, all, values, frame->n)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s is the same for every image that has all properties",
                  study->features[feature]);
      return false;
    }
  }
  return true;
}

typedef enum { BY_PARTICIPANT, BY_IMAGE, BY_LAYER } Factor;

static gsize level_of(const Study *study, Factor factor, gsize row) {
  const Rating *rating = &study->ratings->ratings[row];
  return factor == BY_PARTICIPANT ? study->ratings->raters[rating->rater].person
         : factor == BY_IMAGE     ? rating->image
                                  : study->images[rating->image].layer;
}

/* The number of each level of the factor in order of appearance, and how many there are. */
static bool number_levels(const Study *study, Factor factor, const ModelFrame *frame, guint32 **level, gsize *n_levels,
                          GError **error) {
  gsize most = factor == BY_PARTICIPANT ? study->n_participants
               : factor == BY_IMAGE     ? study->n_images
                                        : study->n_layers;
  g_autofree guint32 *number = memory_items(most, sizeof *number, error); /* from 1; 0: none yet */
  g_autofree guint32 *numbers = memory_items(frame->n, sizeof *numbers, error);
  if (number == NULL || numbers == NULL)
    return false;
  *n_levels = 0;
  for (gsize i = 0; i < frame->n; i++) {
    guint32 *found = &number[level_of(study, factor, frame->rows[i])];
    if (*found == 0)
      *found = (guint32)++ * n_levels;
    numbers[i] = *found - 1;
  }
  *level = g_steal_pointer(&numbers);
  return true;
}

static bool fill_groups(const Study *study, StudyMixed *mixed, GError **error) {
  ModelFrame *frame = mixed->frame;
  static const char *const names[] = {"participant", "image:layer", "layer"};
  gsize n_levels[3];
  frame->groups = g_new0(ModelGroup, 3);
  frame->n_groups = 3; /* to be freed, whatever comes */
  if (!number_levels(study, BY_LAYER, frame, &frame->groups[BY_LAYER].level, &n_levels[BY_LAYER], error) ||
      !number_levels(study, BY_IMAGE, frame, &frame->groups[BY_IMAGE].level, &n_levels[BY_IMAGE], error) ||
      !number_levels(study, BY_PARTICIPANT, frame, &frame->groups[BY_PARTICIPANT].level, &n_levels[BY_PARTICIPANT],
                     error))
    return false;
  mixed->layers = n_levels[BY_LAYER] >= 2 && n_levels[BY_LAYER] < n_levels[BY_IMAGE];
  if (!mixed->layers)
    g_clear_pointer(&frame->groups[BY_LAYER].level, g_free);
  frame->n_groups = mixed->layers ? 3 : 2;
  for (gsize g = 0; g < frame->n_groups; g++) {
    frame->groups[g].name = g_strdup(g == BY_IMAGE && !mixed->layers ? "image" : names[g]);
    frame->groups[g].n_levels = n_levels[g];
    frame->groups[g].block = g_new0(gsize, 1);
    if (!fill_columns(&frame->groups[g].effects, 1, frame->n, error))
      return false;
  }
  const char *why = n_levels[BY_PARTICIPANT] < 2           ? "there is one participant"
                    : n_levels[BY_IMAGE] < 2               ? "one image was rated"
                    : n_levels[BY_IMAGE] >= frame->n       ? "no image was rated twice"
                    : n_levels[BY_PARTICIPANT] >= frame->n ? "no participant rated two images"
                                                           : NULL;
  if (why != NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "it takes several participants who rated the same images, and among the images with all properties %s",
                why);
  return why == NULL;
}

static char *write_formula(const Study *study, gsize scale, const StudyMixed *mixed) {
  g_autofree char *response = formula_quote(study->scales[scale]);
  GString *text = g_string_new(response);
  g_string_append(text, " ~ ");
  for (gsize k = 1; k < mixed->frame->fixed.n_columns; k++) {
    g_autofree char *feature = formula_quote(mixed->frame->fixed.names[k]);
    g_string_append_printf(text, "scale(%s) + ", feature);
  }
  g_string_append_printf(text, "(1 | participant) + (1 | %s)", mixed->layers ? "layer/image" : "image");
  return g_string_free(text, FALSE);
}

/* Both by ML: REML criteria of different fixed effects cannot be compared. */
static bool compare(StudyMixed *mixed, GError **error) {
  const MixedOptions options = {.ml = true, .no_inference = true};
  ModelFrame without = *mixed->frame; /* borrows everything; the intercept is the first column */
  without.fixed.n_columns = 1;
  g_autoptr(MixedModel) smaller = NULL, larger = NULL;
  if (!mixed_fit(&without, &options, &smaller, error) || !mixed_fit(mixed->frame, &options, &larger, error))
    return false;
  mixed->test = mixed_compare(smaller, larger);
  return true;
}

bool study_mixed_fit(const Study *study, gsize scale, StudyMixed **mixed, GError **error) {
  g_assert(scale < study->n_scales);
  const MixedOptions options = {.ml = false};
  g_autoptr(StudyMixed) made = g_new0(StudyMixed, 1);
  g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
  choose_predictors(study, chosen, made);
  if (chosen->len == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                study->n_features == 0 ? "the set has no image properties; run: dreamrig-analysis features %s"
                                       : "no image property differs between the rated images of %s",
                study->set->folder);
    return false;
  }
  made->frame = g_new0(ModelFrame, 1);
  made->frame->response = g_strdup(study->scales[scale]);
  if (!find_rows(study, scale, chosen, made->frame, error))
    return false;
  if (made->frame->n < 2) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "fewer than two ratings are of images with all properties known");
    return false;
  }
  if (!fill_fixed(study, chosen, made->frame, error) || !fill_groups(study, made, error) ||
      !mixed_fit(made->frame, &options, &made->model, error) || !compare(made, error))
    return false;
  made->formula = write_formula(study, scale, made);
  *mixed = g_steal_pointer(&made);
  return true;
}

void study_mixed_free(StudyMixed *mixed) {
  if (mixed == NULL)
    return;
  g_free(mixed->formula);
  model_frame_free(mixed->frame);
  mixed_free(mixed->model);
  g_strfreev(mixed->left_out);
  g_free(mixed);
}
