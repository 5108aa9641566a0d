/* Sequences of types in which no type comes more than max_run times in succession, drawn so that each has the same
 * probability, up to the generator and the 64-bit mantissa of the counts.
 *
 * The types are put in one after another, each cut into runs and the runs set between what is there. A table counts the
 * ways in which every state (runs so far, gaps that a later type must still fill) comes about; a walk back through it,
 * each step drawn in proportion to its count, gives every sequence the same probability. All terms are positive, so
 * that nothing cancels.
 *
 * Source: the walk back through a table of counts is the recursive method of Nijenhuis & Wilf 1978, Combinatorial
 * Algorithms, 2nd ed., ch. 13; Flajolet, Zimmermann & Van Cutsem 1994, doi:10.1016/0304-3975(94)90226-7. */
#ifndef DREAMRIG_ALLOCATION_RUN_TABLE_H
#define DREAMRIG_ALLOCATION_RUN_TABLE_H

#include <glib.h>
#include <stdbool.h>

#include "stimuli/base/random.h"

typedef struct RunTable RunTable;

/* counts[n_types] items of each type, max_run >= 1; some sequence must be possible (runs_possible). Fails where the
 * table would take too long (as a rule: more than some 300 items of 3 to 6 types). Free with run_table_free. */
bool run_table_new(const gsize *counts, gsize n_types, gsize max_run, RunTable **table, GError **error);
void run_table_free(RunTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunTable, run_table_free)
/* The natural logarithm of the number of sequences of types. For tests: of the whole table, it alone is known exactly
 * from elsewhere. */
double run_table_log_count(const RunTable *table);
/* A sequence of types into sequence[sum of counts]. */
void run_table_draw(const RunTable *table, Random *random, gsize *sequence);

#endif
