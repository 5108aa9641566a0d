/* Questionnaires answered once a session: phenotype/TOOL.tsv with participant_id, TOOL, and optionally TOOL_label,
 * session_id and run. attitude and self_esteem are the study's; any other file is read alike, but pages.tsv is left
 * alone: it tells when pages were read. */
#ifndef DREAMRIG_RATINGS_QUESTIONNAIRES_H
#define DREAMRIG_RATINGS_QUESTIONNAIRES_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/ratings/exclusions.h"
#include "analysis/ratings/ratings.h"

/* More different answers than this are a score rather than levels: no analysis of variance by them. */
#define QUESTIONNAIRE_MAX_LEVELS 12
#define QUESTIONNAIRE_NO_LEVEL G_MAXSIZE

typedef struct {
  char *name;      /* "attitude" */
  gsize n_levels;  /* different answers given */
  double *values;  /* (n_levels) ascending; words: 1 and up in the order of their bytes */
  char **labels;   /* (n_levels), NULL-terminated; the number's text where the file has no label */
  bool in_words;   /* values are numbers that the words got */
  double *answers; /* (n_raters); NaN: none */
  gsize *levels;   /* (n_raters) index of the answer, or QUESTIONNAIRE_NO_LEVEL */
  /* (n_participants) the level that a participant chose in every session with an answer, or QUESTIONNAIRE_NO_LEVEL:
   * none, or another one from session to session. */
  gsize *participant_levels;
} Questionnaire;

typedef struct {
  gsize n_questionnaires;
  Questionnaire *questionnaires; /* in order of name */
  char **unused;                 /* NULL-terminated: files that are none, each with the reason */
} Questionnaires;

/* Reads phenotype/ of the data folder (no such folder: no questionnaires). A row belongs to the raters of its
 * participant_id, and of its session_id and run where it has them; where several rows fit several raters, they go in
 * order. A level's label is the first in the file (other languages have others). Answers in words are levels where some
 * are given more than once and there are at most QUESTIONNAIRE_MAX_LEVELS of them.
 * To the log go: a rater without an answer; a row of nobody who rated, or that repeats another; a participant whose
 * answers differ between sessions; a file without a column of its own name, or with free text there.
 * Fails with RIG_ERROR_INPUT, naming file, line and field, on a missing participant_id column, on an answer that is no
 * number among numbers, and on rows that contradict each other for one rater. Free with questionnaires_free. */
bool questionnaires_read(const char *folder, const Ratings *ratings, ExclusionLog *log, Questionnaires **questionnaires,
                         GError **error);
void questionnaires_free(Questionnaires *questionnaires);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Questionnaires, questionnaires_free)

#endif
