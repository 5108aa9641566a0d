#include "analysis/stats/power_private.h"

#include <math.h>

#include "analysis/stats/memory.h"
#include "analysis/stats/mixed.h"
#include "stimuli/base/error.h"

/* The drawn properties of a study's people and images. */
typedef struct {
  double *x_image, *x_participant; /* predictor, where it is theirs */
  double *image, *layer;           /* (n_images), (n_layers) effects */
  double *participant, *slope;     /* (n_participants) */
  gsize *order;                    /* (n_images) in which images rotate over participants */
} Draws;

static void draws_clear(Draws *draws) {
  g_free(draws->x_image);
  g_free(draws->x_participant);
  g_free(draws->image);
  g_free(draws->layer);
  g_free(draws->participant);
  g_free(draws->slope);
  g_free(draws->order);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draws, draws_clear)

static bool draw_normals(Random *random, gsize n, double sd, double **values, GError **error) {
  if ((*values = memory_doubles(n, 1, error)) == NULL)
    return false;
  for (gsize i = 0; i < n; i++)
    (*values)[i] = sd * random_normal(random);
  return true;
}

/* Standard normal values, or halves of -1/2 and 1/2 in random order. */
static bool draw_predictor(Random *random, gsize n, bool two_groups, double **values, GError **error) {
  if (!draw_normals(random, n, 1, values, error))
    return false;
  if (!two_groups)
    return true;
  g_autofree gsize *order = memory_items(n, sizeof *order, error);
  if (order == NULL)
    return false;
  for (gsize i = 0; i < n; i++)
    order[i] = i;
  random_shuffle(random, order, n);
  for (gsize i = 0; i < n; i++)
    (*values)[order[i]] = i < n / 2 ? -0.5 : 0.5;
  return true;
}

static bool draw(const PowerModel *model, const PowerDesign *design, Random *random, Draws *draws, GError **error) {
  gsize people = design->n_participants, images = design->n_images;
  if (!draw_predictor(random, images, model->two_groups, &draws->x_image, error) ||
      !draw_predictor(random, people, model->two_groups, &draws->x_participant, error) ||
      !draw_normals(random, images, model->sd_image, &draws->image, error) ||
      !draw_normals(random, MAX(design->n_layers, 1), model->sd_layer, &draws->layer, error) ||
      !draw_normals(random, people, model->sd_participant, &draws->participant, error) ||
      !draw_normals(random, people, model->sd_slope, &draws->slope, error) ||
      (draws->order = memory_items(images, sizeof(gsize), error)) == NULL)
    return false;
  for (gsize i = 0; i < images; i++)
    draws->order[i] = i;
  random_shuffle(random, draws->order, images);
  return true;
}

/* A group of the frame with one effect: the column of ones, or x. */
static bool add_effect(ModelFrame *frame, gsize group_index, const char *name, gsize n_levels, const double *x,
                       GError **error) {
  ModelGroup *group = &frame->groups[group_index];
  gsize old = group->effects.n_columns;
  double *values = memory_doubles(frame->n, old + 1, error);
  if (values == NULL)
    return false;
  for (gsize i = 0; i < old * frame->n; i++)
    values[i] = group->effects.values[i];
  for (gsize i = 0; i < frame->n; i++)
    values[old * frame->n + i] = x != NULL ? x[i] : 1;
  g_free(group->effects.values);
  group->effects.values = values;
  group->effects.names = g_renew(char *, group->effects.names, old + 1);
  group->effects.names[old] = g_strdup(x != NULL ? "x" : "(Intercept)");
  group->effects.terms = g_renew(gsize, group->effects.terms, old + 1);
  group->effects.terms[old] = x != NULL ? 0 : MODEL_NO_TERM;
  group->block = g_renew(gsize, group->block, old + 1);
  group->block[old] = old;
  group->effects.n_columns = old + 1;
  if (old > 0)
    return true;
  group->name = g_strdup(name);
  group->n_levels = n_levels;
  frame->n_groups = group_index + 1;
  return (group->level = memory_items(frame->n, sizeof(guint32), error)) != NULL;
}

static bool fill_rows(const PowerModel *model, const PowerDesign *design, const Draws *draws, Random *random,
                      ModelFrame *frame) {
  gsize each = frame->n / design->n_participants, row = 0;
  double *x = frame->fixed.values + frame->n;
  for (gsize p = 0; p < design->n_participants; p++)
    for (gsize k = 0; k < each; k++, row++) {
      gsize image = draws->order[(p * each + k) % design->n_images];
      gsize layer = design->n_layers > 0 ? image % design->n_layers : 0;
      double of_trial = model->two_groups ? (random_uniform(random) < 0.5 ? -0.5 : 0.5) : random_normal(random);
      x[row] = model->predictor == POWER_OF_IMAGE         ? draws->x_image[image]
               : model->predictor == POWER_OF_PARTICIPANT ? draws->x_participant[p]
                                                          : of_trial;
      frame->fixed.values[row] = 1;
      frame->groups[0].level[row] = (guint32)p;
      frame->groups[1].level[row] = (guint32)image;
      if (frame->n_groups > 2)
        frame->groups[2].level[row] = (guint32)layer;
      frame->y[row] = (model->effect + draws->slope[p]) * x[row] + draws->participant[p] + draws->image[image] +
                      (design->n_layers > 0 ? draws->layer[layer] : 0) + model->sd_residual * random_normal(random);
    }
  return true;
}

static bool build_frame(const PowerModel *model, const PowerDesign *design, Random *random, ModelFrame *frame,
                        GError **error) {
  g_auto(Draws) draws = {0};
  gsize each = design->n_ratings > 0 ? MIN(design->n_ratings, design->n_images) : design->n_images;
  if (!g_size_checked_mul(&frame->n, design->n_participants, each) || frame->n > G_MAXINT32) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for a study of %" G_GSIZE_FORMAT " participants",
                design->n_participants);
    return false;
  }
  frame->response = g_strdup("rating");
  frame->fixed.n_columns = 2;
  frame->fixed.names = g_new0(char *, 2);
  frame->fixed.names[0] = g_strdup("(Intercept)");
  frame->fixed.names[1] = g_strdup("x");
  frame->groups = g_new0(ModelGroup, 3);
  if (!draw(model, design, random, &draws, error) || (frame->y = memory_doubles(frame->n, 1, error)) == NULL ||
      (frame->fixed.values = memory_doubles(frame->n, 2, error)) == NULL ||
      !add_effect(frame, 0, "participant", design->n_participants, NULL, error) ||
      !add_effect(frame, 1, "image", design->n_images, NULL, error) ||
      (design->n_layers > 0 && !add_effect(frame, 2, "layer", design->n_layers, NULL, error)) ||
      !fill_rows(model, design, &draws, random, frame))
    return false;
  return !(model->sd_slope > 0) || model->predictor == POWER_OF_PARTICIPANT ||
         add_effect(frame, 0, "participant", design->n_participants, frame->fixed.values + frame->n, error);
}

bool power_fit(const ModelFrame *frame, gsize term, PowerOutcome *outcome, GError **error) {
  const MixedOptions options = {0};
  g_autoptr(MixedModel) fit = NULL;
  g_autoptr(GError) fault = NULL;
  *outcome = (PowerOutcome){.estimate = NAN, .p = NAN};
  if (!mixed_fit(frame, &options, &fit, &fault)) {
    if (!g_error_matches(fault, RIG_ERROR, RIG_ERROR_MEMORY))
      return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
  }
  const MixedCoefficient *tested = &fit->fixed[term];
  if (!tested->aliased)
    *outcome = (PowerOutcome){true, fit->converged, fit->singular, tested->beta, tested->p};
  return true;
}

bool power_simulate(const PowerModel *model, const PowerDesign *design, Random *random, PowerOutcome *outcome,
                    GError **error) {
  g_assert(design->n_participants >= 2 && design->n_images >= 2);
  g_autoptr(ModelFrame) frame = g_new0(ModelFrame, 1);
  return build_frame(model, design, random, frame, error) && power_fit(frame, 1, outcome, error);
}
