/* stimuli.tsv while a set is being made: rows enter as images are finished, always in the set's own order, from several
 * threads and several programs (shards) at once. */
#ifndef DREAMRIG_DREAM_SET_TABLE_H
#define DREAMRIG_DREAM_SET_TABLE_H

#include "synth/dream/set_rows.h"

typedef struct SetTable SetTable;

/* The table of the set in `folder`, whose rows come in the order of `rows`, which must outlive it. */
SetTable *set_table_new(const char *folder, const SetRow *rows, gsize n_rows);
void set_table_free(SetTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SetTable, set_table_free)

/* Guards the folder's tables and records against the set's other shards. Not recursive; set_table_put takes it itself.
 */
bool set_table_lock(SetTable *table, GError **error);
void set_table_unlock(SetTable *table);

/* Where a stimulus of the set stands. */
typedef enum {
  SET_UNKNOWN,  /* the table has no row of this id */
  SET_DAMAGED,  /* it has one, but its cells are not what the recipe says, or the image is absent or another */
  SET_FINISHED, /* row and image are right */
} SetState;

/* The state of every row. Fails where no image could complete the table: on an id that two rows have, and on a row that
 * is not of the recipe whose image is not there, has changed or lies outside the folder; the message names the line. */
bool set_table_states(SetTable *table, SetState *states, GError **error);
/* Adds a row, or replaces its cells where the id has one; other columns of the table (features) are kept, but go back
 * to n/a where the image's digest changed. Safe from several threads. */
bool set_table_put(SetTable *table, const SetRow *row, GError **error);

#endif
