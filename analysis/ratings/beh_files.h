/* The behavioural data files of a BIDS folder, in order, with the parts of their names. */
#ifndef DREAMRIG_RATINGS_BEH_FILES_H
#define DREAMRIG_RATINGS_BEH_FILES_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  char *path;         /* relative to the data folder */
  char *participant;  /* "sub-03" */
  char *session;      /* "ses-1"; "" where the name has none */
  char *task;         /* "task-rating" */
  char *run;          /* "run-2"; "" */
  guint64 run_number; /* 0 where the name has none */
  char *id;           /* the rater's, see ratings.h */
} BehFile;

/* Finds sub-LABEL/[ses-LABEL/]beh/..._beh.tsv below the folder: by participant, session, run (by number), task. Fails
 * with RIG_ERROR_INPUT when the folder cannot be read, holds no such file, or has one whose name is not that of the
 * folders it lies in. The array holds BehFile * and owns them. */
bool beh_files_find(const char *folder, GPtrArray **files, GError **error);

#endif
