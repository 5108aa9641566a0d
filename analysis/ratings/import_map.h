/* A column map: where another program's table has what the analysis needs. A key file; see dreamrig-analysis(1).
 *
 * [file] is how the table is written, [columns] its columns, [scale NAME] one rating scale each, [images] how the
 * table's images are those of the stimulus set. */
#ifndef DREAMRIG_RATINGS_IMPORT_MAP_H
#define DREAMRIG_RATINGS_IMPORT_MAP_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/ratings/ratings.h"
#include "stimuli/base/delimited.h"

/* In a column's place: the name of the file, without its ending. */
#define IMPORT_FILE_NAME "{file}"
/* In a wide table's column patterns: the image. */
#define IMPORT_IMAGE "{image}"
/* "COLUMN->MEMBER": the member of a JSON object in the column's cells (jsPsych's surveys). */
#define IMPORT_MEMBER "->"

typedef enum {
  IMPORT_TRIALS, /* a row is a trial, with a column for each scale */
  IMPORT_SCALES, /* a row is one rating: a column names the scale, another has the value */
  IMPORT_WIDE,   /* a row is a participant, with a column for each image and scale */
} ImportLayout;

typedef enum { IMPORT_REPEATS_ERROR, IMPORT_REPEATS_KEEP, IMPORT_REPEATS_FIRST } ImportRepeats;

typedef struct {
  char *name;
  char *column;  /* wide: a pattern; IMPORT_SCALES: NULL */
  char *touched; /* column, or NULL */
  char *label;   /* IMPORT_SCALES: what the scale column calls it */
  double low, high;
} ImportScale;

typedef struct {
  char *path; /* of the map; "the default map" */
  DelimitedOptions file;
  char *encoding;
  bool decimal_comma;
  char **missing; /* texts, besides "", n/a and NA */
  ImportLayout layout;
  char *keep_column; /* NULL: all rows */
  char **keep_values;
  char *participant;
  char *image; /* NULL: "image", or "stim_id" where there is no such column; wide: none */
  char *session, *trial, *layer, *response_time, *simulated; /* may be NULL */
  double time_unit;                                          /* in seconds */
  char **attention, **attention_pass;                        /* as many of both; empty: none */
  char *scale_column, *value_column;                         /* IMPORT_SCALES */
  gsize n_scales;
  ImportScale scales[RATINGS_MAX_SCALES];
  ImportRepeats repeats;
  bool skip_unknown;  /* leave out images that the set does not have, instead of failing */
  GHashTable *images; /* the table's name of an image -> the set's; NULL: none */
} ImportMap;

/* Reads a map. path NULL: the default, whose columns are participant, image (or stim_id), arousal and valence. Fails
 * with RIG_ERROR_INPUT, naming file, line, group and key. Free with import_map_free. */
bool import_map_read(const char *path, ImportMap **map, GError **error);
void import_map_free(ImportMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportMap, import_map_free)

#endif
