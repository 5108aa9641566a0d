/* What the parts of the import share: the trials as the tables have them, before they are matched with the set. */
#ifndef DREAMRIG_RATINGS_IMPORT_PRIVATE_H
#define DREAMRIG_RATINGS_IMPORT_PRIVATE_H

#include "analysis/ratings/exclusion_rules.h"
#include "analysis/ratings/import_map.h"

/* Who rated where; one rater for each different one. */
typedef struct {
  const char *participant, *session; /* session may be "" */
  gsize file;                        /* index into files */
} ImportSource;

typedef struct {
  gsize source;
  gsize line;
  const char *image, *layer; /* as the data name them; layer "" where they do not */
  double values[RATINGS_MAX_SCALES];
  guint seen; /* IMPORT_SCALES: bit s is set once scale s was read */
  double response_time;
  int touched;
} ImportTrial;

typedef struct {
  gsize source;
  gsize line;
  const char *name;
  bool passed;
} ImportCheck;

typedef struct {
  const ImportMap *map;
  const ExclusionRules *rules; /* may be NULL */
  ExclusionLog *log;
  GStringChunk *texts;   /* holds all texts of the arrays */
  GPtrArray *files;      /* const char *: the files' names without their folder */
  GArray *sources;       /* ImportSource */
  GHashTable *by_source; /* text of a source -> index */
  GArray *simulated;     /* gboolean, of the sources */
  GArray *trials;        /* ImportTrial */
  GArray *checks;        /* ImportCheck */
  GHashTable *seen;      /* participant, session, trial -> ImportSeen */
} Import;

/* Reads one file's rows into the import's arrays. */
bool import_file_read(Import *import, const char *path, GError **error);
/* The source's index; adds it where it is new. */
gsize import_source(Import *import, const char *participant, const char *session);
/* Where the trial with this key is: its index, or -1 after having remembered `index` for it. */
gssize import_remember(Import *import, const char *key, gsize index);
void import_remember_new(Import *import, const char *key, gsize index);

/* Names of a set's images. */
typedef struct ImportImages ImportImages;
ImportImages *import_images_new(const StimulusSet *set, GHashTable *names);
void import_images_free(ImportImages *images);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportImages, import_images_free)
/* The set's row of an image, as the data name it. Fails with a sentence about the image. */
bool import_images_find(const ImportImages *images, const char *name, gsize *row, bool *ambiguous, char **what);
/* A file's name without folder and ending. Free with g_free. */
char *import_stem(const char *name);

#endif
