#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "analysis/stats/power_private.h"
#include "analysis/stats/power_study_private.h"
#include "stimuli/base/error.h"

/* The new study's layout: row i is participant person[i]'s rating of image[i]. */
typedef struct {
  gsize n;
  gsize *person, *image, *layer_of; /* (n), (n), (n_images) */
  gsize *rows[3];                   /* (n) of the data, by owner */
} Layout;

static void layout_clear(Layout *layout) {
  g_free(layout->person);
  g_free(layout->image);
  g_free(layout->layer_of);
  for (gsize k = 0; k < 3; k++)
    g_free(layout->rows[k]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Layout, layout_clear)

/* Layers without replacement as far as the data have enough of them; images of a layer, and participants, with. */
static bool lay_out(const PowerStudy *study, const PowerDesign *design, Random *random, Layout *layout,
                    GError **error) {
  gsize people = design->n_participants, images = design->n_images,
        layers = study->layer != G_MAXSIZE ? MAX(design->n_layers, 1) : 1;
  gsize each = design->n_ratings > 0 ? MIN(design->n_ratings, images) : images;
  if (!g_size_checked_mul(&layout->n, people, each) || layout->n > G_MAXINT32) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for a study of %" G_GSIZE_FORMAT " participants",
                people);
    return false;
  }
  g_autofree gsize *order = memory_items(images, sizeof(gsize), error), *donor = NULL, *person_donor = NULL,
                   *shuffled = NULL;
  if (order == NULL || (donor = memory_items(images, sizeof(gsize), error)) == NULL ||
      (person_donor = memory_items(people, sizeof(gsize), error)) == NULL ||
      (shuffled = memory_items(study->n_layers, sizeof(gsize), error)) == NULL ||
      (layout->layer_of = memory_items(images, sizeof(gsize), error)) == NULL ||
      (layout->person = memory_items(layout->n, sizeof(gsize), error)) == NULL ||
      (layout->image = memory_items(layout->n, sizeof(gsize), error)) == NULL)
    return false;
  for (gsize k = 0; k < 3; k++)
    if ((layout->rows[k] = memory_items(layout->n, sizeof(gsize), error)) == NULL)
      return false;
  for (gsize l = 0; l < study->n_layers; l++)
    shuffled[l] = l;
  random_shuffle(random, shuffled, study->n_layers);
  for (gsize m = 0; m < images; m++) {
    layout->layer_of[m] = m % layers;
    gsize from = shuffled[layout->layer_of[m] % study->n_layers], first = study->first_image[from];
    donor[m] = study->images.row[first + random_below(random, (guint32)(study->first_image[from + 1] - first))];
    order[m] = m;
  }
  random_shuffle(random, order, images);
  for (gsize p = 0; p < people; p++)
    person_donor[p] = study->participants.row[random_below(random, (guint32)study->participants.n)];
  for (gsize i = 0; i < layout->n; i++) {
    layout->person[i] = i / each;
    layout->image[i] = order[i % images];
    if (each < images)
      layout->image[i] = order[(layout->person[i] * each + i % each) % images];
    layout->rows[OF_PARTICIPANT][i] = person_donor[layout->person[i]];
    layout->rows[OF_IMAGE][i] = donor[layout->image[i]];
    layout->rows[OF_TRIAL][i] = random_below(random, (guint32)study->variables->n);
  }
  return true;
}

/* The new rows' variables: copied, but for new participants, images and layers. */
static bool gather(const PowerStudy *study, const PowerDesign *design, const Layout *layout, ModelVariables **variables,
                   GError **error) {
  g_autofree const gsize **rows = g_new0(const gsize *, MAX(study->n_variables, 1));
  g_autoptr(ModelVariables) made = NULL;
  for (gsize v = 0; v < study->n_variables; v++)
    rows[v] = layout->rows[study->owner[v]];
  if (!model_variables_gather(study->variables, layout->n, rows, &made, error))
    return false;
  made->variables[study->participant].n_levels = design->n_participants;
  made->variables[study->image].n_levels = design->n_images;
  for (gsize i = 0; i < layout->n; i++) {
    made->variables[study->participant].level[i] = (guint32)layout->person[i];
    made->variables[study->image].level[i] = (guint32)layout->image[i];
    if (study->layer != G_MAXSIZE)
      made->variables[study->layer].level[i] = (guint32)layout->layer_of[layout->image[i]];
  }
  *variables = g_steal_pointer(&made);
  return true;
}

/* Lower Cholesky factor (row-major) of a covariance, also where that is singular. */
static void factor(const double *covariance, gsize q, double *l) {
  memset(l, 0, q * q * sizeof *l);
  for (gsize j = 0; j < q; j++)
    for (gsize i = j; i < q; i++) {
      double sum = covariance[i * q + j];
      for (gsize k = 0; k < j; k++)
        sum -= l[i * q + k] * l[j * q + k];
      if (i == j)
        l[j * q + j] = sum > 1e-12 * covariance[j * q + j] ? sqrt(sum) : 0;
      else if (l[j * q + j] > 0)
        l[i * q + j] = sum / l[j * q + j];
    }
}

static bool add_random(const MixedGroup *of, const ModelGroup *group, gsize n, Random *random, double *y,
                       GError **error) {
  gsize q = of->n_effects;
  g_autofree double *l = memory_doubles(q, q, error), *b = NULL, *z = NULL;
  if (l == NULL || (z = memory_doubles(q, 1, error)) == NULL || (b = memory_doubles(group->n_levels, q, error)) == NULL)
    return false;
  factor(of->covariance, q, l);
  for (gsize level = 0; level < group->n_levels; level++) {
    for (gsize k = 0; k < q; k++)
      z[k] = random_normal(random);
    for (gsize i = 0; i < q; i++)
      for (gsize k = 0; k <= i; k++)
        b[level * q + i] += l[i * q + k] * z[k];
  }
  for (gsize i = 0; i < n; i++)
    for (gsize e = 0; e < q; e++)
      y[i] += group->effects.values[e * n + i] * b[group->level[i] * q + e];
  return true;
}

static bool draw_ratings(const PowerStudy *study, Random *random, ModelFrame *frame, GError **error) {
  for (gsize i = 0; i < frame->n; i++) {
    frame->y[i] = study->fit->sigma * random_normal(random);
    for (gsize c = 0; c < study->fit->n_fixed; c++)
      frame->y[i] += study->beta[c] * frame->fixed.values[c * frame->n + i];
  }
  for (gsize g = 0; g < frame->n_groups; g++)
    if (!add_random(&study->fit->groups[g], &frame->groups[g], frame->n, random, frame->y, error))
      return false;
  return true;
}

bool power_study_simulate(const PowerStudy *study, const PowerDesign *design, Random *random, PowerOutcome *outcome,
                          GError **error) {
  g_assert(design->n_participants >= 2 && design->n_images >= 2);
  g_auto(Layout) layout = {0};
  g_autoptr(ModelVariables) variables = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  return lay_out(study, design, random, &layout, error) && gather(study, design, &layout, &variables, error) &&
         model_frame_build(variables, &frame, error) && draw_ratings(study, random, frame, error) &&
         power_fit(frame, study->term, outcome, error);
}
