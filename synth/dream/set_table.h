/* stimuli.tsv while a set is being made: rows enter as images are finished, always in the set's own order, from several
 * threads and several programs (shards) at once. */
#ifndef DREAMRIG_DREAM_SET_TABLE_H
#define DREAMRIG_DREAM_SET_TABLE_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  const char *id, *file, *sha256, *network, *layer, *layer_type;
  int depth;
  gint64 seed;
  double objective_before, objective_after;
} SetRow;

typedef struct SetTable SetTable;

/* The table of the set in `folder`, whose rows come in the order of `ids` (NULL-terminated, copied). */
SetTable *set_table_new(const char *folder, const char *const *ids);
void set_table_free(SetTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SetTable, set_table_free)

/* Guards the folder's tables and records against the set's other shards. Not recursive; set_table_put takes it itself.
 */
bool set_table_lock(SetTable *table, GError **error);
void set_table_unlock(SetTable *table);

/* done[i]: the table has a row for ids[i], and its file is there with the row's digest. */
bool set_table_finished(SetTable *table, bool *done, GError **error);
/* Adds a row, or replaces its cells where the id has one; other columns of the table (features) are kept, but go back
 * to n/a where the image's digest changed. Safe from several threads. */
bool set_table_put(SetTable *table, const SetRow *row, GError **error);

#endif
