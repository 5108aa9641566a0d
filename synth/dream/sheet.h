/* A contact sheet: every stimulus of a set as a thumbnail over its layer's name and seed, on white. */
#ifndef DREAMRIG_DREAM_SHEET_H
#define DREAMRIG_DREAM_SHEET_H

#include "stimuli/image.h"
#include "stimuli/manifest.h"

#define SHEET_MIN_THUMB 16
#define SHEET_MAX_THUMB 2048

typedef struct {
  int columns;               /* 0: chosen so that the sheet is wider than high and its last row full */
  int thumb_px;              /* the longer side of a thumbnail; smaller images are not enlarged */
  const char *const *layers; /* NULL-terminated list as layers_select has it, of layers to show; NULL: all */
} SheetOptions;

/* Draws the set's stimuli in the table's order. Thumbnails keep their aspect. Fails, naming the file, on an image that
 * cannot be read, and on a wanted layer that the set does not have. */
bool sheet_draw(const StimulusSet *set, const SheetOptions *options, Image **sheet, GError **error);

#endif
