#include "stimuli/base/batch.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/number.h"
#include "stimuli/base/stop.h"

typedef struct {
  BatchWork work;
  gpointer context;
  gsize n_items;
  Progress *progress; /* may be NULL */
  GMutex mutex;       /* guards what follows */
  gsize next, n_done;
  gsize failed_item;
  GError *failure; /* of failed_item, the lowest that failed */
} Batch;

typedef struct {
  Batch *batch;
  gsize index;
} Worker;

static bool take_item(Batch *batch, gsize *item) {
  g_mutex_lock(&batch->mutex);
  bool taken = batch->next < batch->n_items && batch->failure == NULL && stop_requested() == NULL;
  if (taken)
    *item = batch->next++;
  g_mutex_unlock(&batch->mutex);
  return taken;
}

static void finish_item(Batch *batch, gsize item, GError *failure) {
  g_mutex_lock(&batch->mutex);
  if (failure == NULL) {
    batch->n_done++;
  } else if (batch->failure == NULL || item < batch->failed_item) {
    g_clear_error(&batch->failure);
    batch->failure = failure;
    batch->failed_item = item;
  } else {
    g_error_free(failure);
  }
  g_mutex_unlock(&batch->mutex);
  if (failure == NULL && batch->progress != NULL)
    progress_step(batch->progress, 1);
}

static gpointer run_worker(gpointer data) {
  Worker *worker = data;
  gsize item;
  while (take_item(worker->batch, &item)) {
    GError *failure = NULL;
    bool done = worker->batch->work(worker->batch->context, item, worker->index, &failure);
    g_assert(done == (failure == NULL));
    finish_item(worker->batch, item, failure);
  }
  return NULL;
}

gsize batch_workers(const BatchOptions *options, gsize n_items) {
  gsize wanted = options->n_workers > 0 ? options->n_workers : g_get_num_processors();
  return MAX(MIN(wanted, n_items), 1);
}

/* The calling thread is worker 0. Fewer threads than wanted only take longer. */
static void run_workers(Batch *batch, gsize n_workers) {
  g_autofree Worker *workers = g_new(Worker, n_workers);
  g_autofree GThread **threads = g_new0(GThread *, n_workers);
  for (gsize i = 0; i < n_workers; i++) {
    workers[i] = (Worker){.batch = batch, .index = i};
    if (i > 0)
      threads[i] = g_thread_try_new("batch", run_worker, &workers[i], NULL);
  }
  run_worker(&workers[0]);
  for (gsize i = 1; i < n_workers; i++)
    if (threads[i] != NULL)
      g_thread_join(threads[i]);
}

bool batch_run(const BatchOptions *options, gsize n_items, BatchWork work, gpointer context, GError **error) {
  Batch batch = {.work = work, .context = context, .n_items = n_items};
  g_mutex_init(&batch.mutex);
  if (options->label != NULL && n_items > 0)
    batch.progress = progress_new(options->label, n_items);
  StopHandlers old;
  stop_begin(&old);
  run_workers(&batch, batch_workers(options, n_items));
  stop_end(&old);
  progress_free(batch.progress);
  g_mutex_clear(&batch.mutex);
  if (batch.failure != NULL) {
    g_propagate_error(error, batch.failure);
    return false;
  }
  if (stop_requested() != NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "stopped by %s after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " items", stop_requested(), batch.n_done,
                n_items);
    return false;
  }
  return true;
}

static bool slurm_number(const char *name, gint64 fallback, gint64 *value, GError **error) {
  const char *text = g_getenv(name);
  if (text == NULL && fallback >= 0) {
    *value = fallback;
    return true;
  }
  if (text != NULL && number_parse_int(text, value) && *value >= 0)
    return true;
  if (text == NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "shard 'auto' needs a Slurm job array: %s is not set", name);
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s: '%s' is not a count", name, text);
  return false;
}

/* Task ids of an array run from MIN to MAX by STEP. */
static bool parse_slurm(Shard *shard, GError **error) {
  gint64 id, min, count, step;
  if (!slurm_number("SLURM_ARRAY_TASK_ID", -1, &id, error) || !slurm_number("SLURM_ARRAY_TASK_MIN", -1, &min, error) ||
      !slurm_number("SLURM_ARRAY_TASK_COUNT", -1, &count, error) ||
      !slurm_number("SLURM_ARRAY_TASK_STEP", 1, &step, error))
    return false;
  if (step < 1 || id < min || (id - min) % step != 0 || (id - min) / step >= count) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "SLURM_ARRAY_TASK_ID %" G_GINT64_FORMAT " is not one of the array's %" G_GINT64_FORMAT
                " tasks from %" G_GINT64_FORMAT " by %" G_GINT64_FORMAT "; an array with gaps cannot be used",
                id, count, min, step);
    return false;
  }
  *shard = (Shard){.index = (gsize)((id - min) / step), .count = (gsize)count};
  return true;
}

bool shard_parse(const char *text, Shard *shard, GError **error) {
  if (strcmp(text, "auto") == 0)
    return parse_slurm(shard, error);
  g_auto(GStrv) parts = g_strsplit(text, "/", 3);
  gint64 index, count;
  if (g_strv_length(parts) == 2 && number_parse_int(parts[0], &index) && number_parse_int(parts[1], &count) &&
      index >= 1 && index <= count) {
    *shard = (Shard){.index = (gsize)index - 1, .count = (gsize)count};
    return true;
  }
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "shard '%s' is not like 3/8 (the third of eight) or auto", text);
  return false;
}
