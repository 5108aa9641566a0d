/* A question as a journal's design tells it, checked, for the tables of questionnaires. Internal to bids. */
#ifndef DREAMRIG_BIDS_QUESTION_H
#define DREAMRIG_BIDS_QUESTION_H

#include "present/journal/journal.h"

typedef struct {
  const char *name, *kind, *text;  /* of the design */
  JsonArray *options, *items;      /* of the design; may be NULL */
  gsize n_options, n_items;        /* n_items: 0 but for grids */
  double *values;                  /* (n_options) what the data hold */
  bool *reversed;                  /* (MAX(n_items, 1)) */
  double min, max;                 /* of its values; infinite where not stated */
  double correct_min, correct_max; /* NaN: no right answer */
  double *correct_items;           /* (MAX(n_items, 1)) what an item asks for; NaN: it asks for nothing */
} BidsQuestion;

/* Journals of earlier versions have choices only, without kind and values. Lists too long for a protocol are cut. Free
 * with bids_question_free; the design must stay. */
BidsQuestion *bids_question_new(JsonObject *design);
void bids_question_free(BidsQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BidsQuestion, bids_question_free)

/* The names of the columns that hold the answer itself: NAME, or NAME_1... of a grid or several choices. Free with
 * g_strfreev. */
char **bids_question_columns(const BidsQuestion *question);
/* The value of such a column; NaN where there is none, as always of a text. */
double bids_question_value(const BidsQuestion *question, const AnswerRecord *answer, gsize column);
/* As scores count it: a reversed one mirrored in the range of its values. */
double bids_question_scored(const BidsQuestion *question, const AnswerRecord *answer, gsize column);
/* Whether the question as a whole is an attention check, and whether that was passed; false where it is none. */
bool bids_question_is_check(const BidsQuestion *question);
bool bids_question_passed(const BidsQuestion *question, const AnswerRecord *answer);
/* The same of an item of a grid. */
bool bids_question_is_item_check(const BidsQuestion *question, gsize item);
bool bids_question_item_passed(const BidsQuestion *question, const AnswerRecord *answer, gsize item);
/* The text of option or item i, "" where it has none. */
const char *bids_question_item(JsonArray *texts, gsize i);

#endif
