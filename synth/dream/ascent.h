/* The study's gradient ascent: many outer iterations of split into octaves, then one normalised step at every octave
 * from the smallest up.
 *
 * The image is float32 and is never clipped. A step adds g * (step / (mean|g| + 1e-7)), with the mean over the whole
 * octave, pixels outside every tile included. Before each step the octave is rolled by (x, y) = two draws of
 * randint(tile) from the caller's generator, also where the octave is smaller than a tile.
 *
 * Source: Marczak-Czajka et al. 2024 (the published script's arithmetic, NumPy float32); Mordvintsev et al. 2015,
 * "Inceptionism"; TensorFlow's deepdream tutorial. */
#ifndef DREAMRIG_DREAM_ASCENT_H
#define DREAMRIG_DREAM_ASCENT_H

#include "stimuli/base/random.h"
#include "stimuli/image.h"
#include "synth/dream/objective.h"

#define ASCENT_MAX_ITERATIONS 100000
#define ASCENT_MIN_STEP 1e-6
#define ASCENT_MAX_STEP 1000.0
#define ASCENT_MIN_SCALE 1.01
#define ASCENT_MAX_SCALE 16.0

typedef struct {
  int iterations;      /* outer iterations, 0..ASCENT_MAX_ITERATIONS */
  double step;         /* mean absolute change of a pixel value per octave step, in units of 0..255;
                          ASCENT_MIN_STEP..ASCENT_MAX_STEP */
  int octaves;         /* 1..OCTAVES_MAX */
  double octave_scale; /* ASCENT_MIN_SCALE..ASCENT_MAX_SCALE */
  int tile;            /* pixels a side, 1..IMAGE_MAX_SIDE */
} AscentSettings;

/* The study's: 50 iterations, step 2, 5 octaves of scale 1.4, tiles of 512. */
AscentSettings ascent_settings_default(void);
/* Every setting in its range; the message names the option. */
bool ascent_settings_check(const AscentSettings *settings, GError **error);

/* Whether a layer can be dreamed at this size: every tile of every octave must be large enough for it. The message says
 * which size, tile or number of octaves would do. */
bool ascent_check_size(const NetGraph *graph, int node, const AscentSettings *settings, int width, int height,
                       GError **error);

/* The relative work of an outer iteration on this layer, for times left: the products of the layer's ancestors for a
 * pixel, and what every pixel costs besides. */
double ascent_estimate_work(const NetGraph *graph, int node);

typedef struct Ascent Ascent;

/* An ascent of one layer's mean on images of one size, with all memory and one plan for each size of tile. Belongs to
 * one thread; graph and workspace (NULL: one of its own) must outlive it. Fails as ascent_check_size, or without
 * memory. */
Ascent *ascent_new(const NetGraph *graph, int node, const AscentSettings *settings, int width, int height,
                   NetWorkspace *workspace, GError **error);
void ascent_free(Ascent *ascent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ascent, ascent_free)

typedef void (*AscentProgress)(gpointer context, int iterations_done);

typedef struct {
  bool moved; /* false: the gradient was 0 at every step, so the image is unchanged (a ReLU that never fires) */
} AscentOutcome;

/* Changes the image in place. `random` gives the rolls; progress (may be NULL) is told after every outer iteration.
 * Fails, leaving the image as it was, when a gradient is not finite. */
bool ascent_run(Ascent *ascent, Random *random, Image *image, AscentProgress progress, gpointer context,
                AscentOutcome *outcome, GError **error);

/* The objective of a whole image, as recorded before and after: the mean over the tiles of the full size, without a
 * roll, each weighted by its number of pixels (tiles.h). The image must have the ascent's size. */
double ascent_objective(Ascent *ascent, const Image *image);

#endif
