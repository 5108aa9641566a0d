/* A recipe: every setting of a synthesis, as a key file that `set` reads and that a set keeps as set.recipe.
 *
 *   [network]
 *   file=bvlc_googlenet.caffemodel    mini, mini-untrained or a file, relative to the recipe
 *   sha256=...                        optional: the network must have this digest
 *   [stimuli]
 *   layers=conv1/7x7_s2;inception_4*  names, patterns, all, !pattern
 *   seeds=5                           seeds 1 to 5
 *   size=400x400                      width x height
 *   start=noise                       or an image file, relative to the recipe, of which the top left is taken
 *   start_sha256=...                  optional: the image file must have this digest; start=noise is then a file, too
 *   [ascent]
 *   iterations=50
 *   step=2
 *   octaves=5
 *   octave_scale=1.4
 *   tile=512
 * Only what differs from the defaults need be there. */
#ifndef DREAMRIG_DREAM_RECIPE_H
#define DREAMRIG_DREAM_RECIPE_H

#include "synth/dream/ascent.h"

#define RECIPE_MAX_SEEDS 100000
#define RECIPE_NOISE "noise"
#define RECIPE_KEPT_START "start/start.png" /* where a set keeps its start image */

typedef struct {
  char *network;        /* NULL: not said */
  char *network_sha256; /* NULL: any */
  char **layers;        /* NULL-terminated; empty: not said */
  int seeds;            /* seeds 1..seeds */
  int width, height;    /* 0: the start image's size, or the study's 800 x 800 for noise */
  char *start;          /* NULL: noise of each seed */
  char *start_sha256;   /* NULL: any */
  char *start_kept;     /* the start image as the set of the recipe keeps it, in case the file is gone; NULL: none */
  AscentSettings ascent;
} Recipe;

/* The study's settings with one seed; no network, no layers. */
Recipe *recipe_new(void);
void recipe_free(Recipe *recipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recipe, recipe_free)

/* Reads a recipe; unknown keys and groups, duplicates and values out of range are faults, named by file, line and key.
 * Relative paths come back as relative to the caller's folder where the file is there, else as written. start=noise
 * with a file of that name beside the recipe is a fault unless the digest tells that the file is meant. */
bool recipe_read(const char *path, Recipe **recipe, GError **error);
/* The text of a recipe file, the same for equal recipes. Free with g_free. */
char *recipe_format(const Recipe *recipe);
/* The first setting that differs, as "step is 2 there and 3 here" (there = a, here = b); NULL where the recipes agree.
 * The network and the start image count as the same when their digests agree. Free with g_free. */
char *recipe_difference(const Recipe *a, const Recipe *b);

/* "640x480" to width and height, 1..IMAGE_MAX_SIDE each. */
bool recipe_parse_size(const char *text, int *width, int *height, GError **error);
/* The shortest decimal text that reads back as the same double. */
void recipe_format_double(double value, char text[static 40]);

#endif
