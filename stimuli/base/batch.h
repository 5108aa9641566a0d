/* A job over many items: workers, progress with ETA, shards, and a stop that finishes cleanly.
 *
 * Which items remain to be done is the caller's to know (resume = call with the missing ones). Results do not depend on
 * the number of workers as long as an item's work depends only on its index. */
#ifndef DREAMRIG_BASE_BATCH_H
#define DREAMRIG_BASE_BATCH_H

#include <glib.h>
#include <stdbool.h>

/* A progress line on stderr: a bar with count, rate and ETA on a terminal, one plain line every tenth of the work (and
 * at most every 10 s) elsewhere. Safe from several threads. */
typedef struct Progress Progress;
Progress *progress_new(const char *label, gsize total);
void progress_step(Progress *progress, gsize done); /* adds `done` units */
/* For units of unequal work: counts are of units, the bar and the time left follow the work done of `total_work` (any
 * unit, more than 0). */
Progress *progress_new_weighted(const char *label, gsize total, double total_work);
void progress_step_weighted(Progress *progress, gsize done, double work);
void progress_free(Progress *progress); /* ends the line */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

/* Works on one item. `worker` (0..n_workers-1) picks the caller's per-worker workspace. */
typedef bool (*BatchWork)(gpointer context, gsize item, gsize worker, GError **error);

typedef struct {
  const char *label; /* for the progress line; NULL: no progress */
  gsize n_workers;   /* 0: one per processor */
} BatchOptions;

/* The number of workers that batch_run uses for these options and items. */
gsize batch_workers(const BatchOptions *options, gsize n_items);
/* Runs work over items 0..n_items-1 in order of index, each exactly once. After the first failure no new item starts;
 * the items under way finish, and the failure with the lowest index comes back. SIGINT and SIGTERM likewise stop after
 * the items under way, with RIG_ERROR_STATE; a second one ends the process. The calling thread is worker 0. One batch
 * at a time: the handlers are the process's. */
bool batch_run(const BatchOptions *options, gsize n_items, BatchWork work, gpointer context, GError **error);

/* "3/8": this process does items i with i % 8 == 3 - 1. "auto" reads SLURM_ARRAY_TASK_ID, _MIN and _COUNT. */
typedef struct {
  gsize index, count; /* index is 0-based */
} Shard;
bool shard_parse(const char *text, Shard *shard, GError **error);

#endif
