/* The log of what the data hold and the analysis leaves out: one entry a trial, file or participant, with its reason.
 */
#ifndef DREAMRIG_RATINGS_EXCLUSIONS_H
#define DREAMRIG_RATINGS_EXCLUSIONS_H

#include <glib.h>

#include "stimuli/base/table.h"

typedef enum {
  EXCLUSION_PHASE,   /* a trial of another phase than the one analysed (practice) */
  EXCLUSION_MISSING, /* a rating is n/a: that rating alone is left out */
  EXCLUSION_EMPTY,   /* a session without a trial of the analysed phase */
  EXCLUSION_ANSWER,  /* a questionnaire without this participant's answer */
  EXCLUSION_UNUSED,  /* an answer, or a whole questionnaire, that no analysis uses */
  /* of imported tables */
  EXCLUSION_ROW,    /* a row that the column map does not keep, or without an image */
  EXCLUSION_REPEAT, /* another trial of an image of which the first counts */
  EXCLUSION_IMAGE,  /* an image that the set does not have, where the column map says to skip those */
  EXCLUSION_CHECK,  /* a trial that is an attention check */
  /* of the exclusion rules */
  EXCLUSION_NAMED,      /* a participant whom the rules name */
  EXCLUSION_ATTENTION,  /* a participant who failed attention checks */
  EXCLUSION_UNCHECKED,  /* a participant without any attention check, whom that rule cannot judge */
  EXCLUSION_FAST,       /* a trial, or a participant with too many of them */
  EXCLUSION_SLOW,       /* a trial */
  EXCLUSION_UNTOUCHED,  /* a trial, or a participant with too many of them */
  EXCLUSION_STRAIGHT,   /* a participant who gave the same rating again and again */
  EXCLUSION_INCOMPLETE, /* a participant with too many missing ratings or too few images */
  EXCLUSION_REASONS,
} ExclusionReason;

/* One exclusion. */
typedef struct {
  ExclusionReason reason;
  char *file;        /* relative to the data folder */
  gsize line;        /* 1-based; 0 where the whole file is meant */
  char *field;       /* column; "" where none is meant */
  char *detail;      /* a plain sentence */
  char *participant; /* "" where it is of none */
  gsize n_trials;    /* trials that this entry, and none before it, took out of the analysis */
} Exclusion;

typedef struct ExclusionLog ExclusionLog;
ExclusionLog *exclusion_log_new(void);
void exclusion_log_free(ExclusionLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExclusionLog, exclusion_log_free)
/* Adds an entry; the detail is a printf format. */
void exclusion_log_add(ExclusionLog *log, ExclusionReason reason, const char *file, gsize line, const char *field,
                       const char *format, ...) G_GNUC_PRINTF(6, 7);

/* The same with the participant (may be NULL) and the number of trials that it takes out. */
void exclusion_log_add_trials(ExclusionLog *log, ExclusionReason reason, const char *participant, gsize n_trials,
                              const char *file, gsize line, const char *field, const char *format, ...)
    G_GNUC_PRINTF(8, 9);

gsize exclusion_log_length(const ExclusionLog *log);
const Exclusion *exclusion_log_entry(const ExclusionLog *log, gsize entry);
/* "another phase", "missing rating", "empty session", "missing answer", "unused answer", ... */
const char *exclusion_reason_name(ExclusionReason reason);
/* All entries: reason, file, line, field, detail, participant, trials. */
Table *exclusion_log_table(const ExclusionLog *log);
/* One row a reason that occurs: reason, entries, participants (different ones), trials. */
Table *exclusion_log_summary(const ExclusionLog *log);

#endif
