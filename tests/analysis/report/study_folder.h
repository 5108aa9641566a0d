/* A small rating study on disk, for the report's tests: a stimulus set and session data in BIDS layout. */
#ifndef DREAMRIG_TESTS_STUDY_FOLDER_H
#define DREAMRIG_TESTS_STUDY_FOLDER_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  int n_layers, n_seeds; /* images: one a layer and seed */
  int n_participants;    /* each rates every image once */
  bool constant;         /* every rating is 40 */
  bool simulated;
  bool features;       /* the set has its feature columns */
  bool questionnaires; /* attitude and self_esteem */
  const char *note;    /* on the set's network; NULL: none */
} StudyFolder;

/* Makes FOLDER/set and FOLDER/data. */
void study_folder_make(const char *folder, const StudyFolder *what);

#endif
