#include "synth/dream/set.h"

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/manifest.h"
#include "synth/dream/set_folder.h"
#include "synth/dream/set_image.h"
#include "synth/dream/set_lock.h"
#include "synth/dream/set_table.h"

/* One of a batch's threads; the ascent stays while the layer does. */
typedef struct {
  NetWorkspace *workspace;
  Ascent *ascent;
  int node;
} Worker;

typedef struct {
  const RecipeInputs *inputs;
  const SetOptions *options;
  SetTable *table;
  const SetRow *rows;
  gsize *missing; /* indices into rows: this call's items */
  gsize n_missing;
  Worker *workers;
  gsize n_workers;
  Progress *progress; /* in outer iterations; NULL: none */
  double *work;       /* of an outer iteration, for each layer */
  gint n_unmoved;     /* atomic */
} Making;

static bool ready_worker(const Making *making, Worker *worker, int node, GError **error) {
  if (worker->ascent && worker->node == node)
    return true;
  g_clear_pointer(&worker->ascent, ascent_free);
  const Recipe *recipe = making->inputs->recipe;
  worker->ascent =
      ascent_new(making->inputs->graph, node, &recipe->ascent, recipe->width, recipe->height, worker->workspace, error);
  worker->node = node;
  return worker->ascent != NULL;
}

typedef struct {
  Progress *progress;
  double work; /* of one outer iteration */
} Ticker;

static void on_iteration(gpointer context, int iterations_done) {
  (void)iterations_done;
  const Ticker *ticker = context;
  progress_step_weighted(ticker->progress, 1, ticker->work);
}

static bool save(Making *making, const Image *image, SetRow *row, GError **error) {
  g_autofree char *sha256 = NULL;
  if (!set_image_write(image, making->options->folder, row, &sha256, error))
    return false;
  row->sha256 = sha256;
  if (!set_table_put(making->table, row, error))
    return false;
  set_image_forget(making->options->folder, row);
  return true;
}

static bool make_one(gpointer context, gsize item, gsize worker_index, GError **error) {
  Making *making = context;
  const RecipeInputs *inputs = making->inputs;
  const gsize index = making->missing[item], n_seeds = (gsize)inputs->recipe->seeds;
  const int node = inputs->nodes[index / n_seeds];
  const guint32 seed = (guint32)(index % n_seeds) + 1;
  Worker *worker = &making->workers[worker_index];
  if (!ready_worker(making, worker, node, error))
    return false;
  g_autoptr(Image) image = recipe_inputs_start(inputs, seed, error);
  if (!image)
    return false;
  const double before = ascent_objective(worker->ascent, image);
  Random random;
  random_init(&random, seed);
  AscentOutcome outcome;
  Ticker ticker = {making->progress, making->work[index / n_seeds]};
  if (!ascent_run(worker->ascent, &random, image, making->progress ? on_iteration : NULL, &ticker, &outcome, error))
    return false;
  if (!outcome.moved && inputs->recipe->ascent.iterations > 0)
    g_atomic_int_inc(&making->n_unmoved);
  image_quantise(image);
  SetRow row = making->rows[index];
  row.objective_before = before;
  row.objective_after = ascent_objective(worker->ascent, image);
  return save(making, image, &row, error);
}

/* Which of this shard's items are still to be made. */
static bool find_missing(Making *making, SetOutcome *outcome, GError **error) {
  g_autofree SetState *states = g_new0(SetState, outcome->n_stimuli);
  if (!set_table_states(making->table, states, error))
    return false;
  making->missing = g_new(gsize, outcome->n_stimuli);
  const Shard *shard = &making->options->shard;
  for (gsize i = shard->index; i < outcome->n_stimuli; i += shard->count) {
    if (states[i] == SET_FINISHED) {
      set_image_forget(making->options->folder, &making->rows[i]); /* a kill after the row's writing leaves it */
      outcome->n_kept++;
      continue;
    }
    if (states[i] == SET_UNKNOWN && !set_image_check_way(making->options->folder, &making->rows[i], error))
      return false;
    making->missing[making->n_missing++] = i;
  }
  return true;
}

static void start_progress(Making *making) {
  const RecipeInputs *inputs = making->inputs;
  making->work = g_new(double, inputs->n_nodes);
  for (gsize i = 0; i < inputs->n_nodes; i++)
    making->work[i] = ascent_estimate_work(inputs->graph, inputs->nodes[i]);
  const gsize iterations = (gsize)inputs->recipe->ascent.iterations, n_seeds = (gsize)inputs->recipe->seeds;
  if (!making->options->progress || iterations == 0 || making->n_missing == 0)
    return;
  double total = 0;
  for (gsize i = 0; i < making->n_missing; i++)
    total += making->work[making->missing[i] / n_seeds] * (double)iterations;
  g_autofree char *label = g_strdup_printf("dreaming %" G_GSIZE_FORMAT " %s", making->n_missing,
                                           making->n_missing == 1 ? "image" : "images");
  making->progress = progress_new_weighted(label, making->n_missing * iterations, total);
}

static bool run(Making *making, GError **error) {
  const BatchOptions options = {.label = NULL, .n_workers = making->options->n_workers};
  making->n_workers = batch_workers(&options, making->n_missing);
  making->workers = g_new0(Worker, making->n_workers);
  for (gsize i = 0; i < making->n_workers; i++)
    making->workers[i].workspace = net_workspace_new();
  start_progress(making);
  const bool ok = batch_run(&options, making->n_missing, make_one, making, error);
  g_clear_pointer(&making->progress, progress_free);
  for (gsize i = 0; i < making->n_workers; i++) {
    ascent_free(making->workers[i].ascent);
    net_workspace_free(making->workers[i].workspace);
  }
  g_free(making->workers);
  g_free(making->work);
  return ok;
}

/* Counts what the whole set still lacks: a row that this call made and another program's table lost would show here. A
 * set without anything missing is one that every other program opens. */
static bool count_missing(Making *making, SetOutcome *outcome, GError **error) {
  g_autofree SetState *states = g_new0(SetState, outcome->n_stimuli);
  if (!set_table_states(making->table, states, error))
    return false;
  outcome->n_missing = 0;
  for (gsize i = 0; i < outcome->n_stimuli; i++)
    outcome->n_missing += states[i] != SET_FINISHED;
  g_autoptr(StimulusSet) set = NULL;
  return outcome->n_missing > 0 || stimulus_set_open(making->options->folder, true, &set, error);
}

static bool make_locked(Making *making, SetOutcome *outcome, GError **error) {
  const bool ok = set_folder_prepare(making->inputs, making->options->folder, making->rows, outcome->n_stimuli,
                                     making->table, error) &&
                  find_missing(making, outcome, error) && run(making, error) && count_missing(making, outcome, error);
  outcome->n_made = ok ? making->n_missing : 0;
  outcome->n_unmoved = (gsize)making->n_unmoved;
  g_free(making->missing);
  return ok;
}

bool set_make(const RecipeInputs *inputs, const SetOptions *options, SetOutcome *outcome, GError **error) {
  if (!files_make_folder(options->folder, 0755, error))
    return false;
  g_autofree char *name = g_strdup_printf(".shard-%" G_GSIZE_FORMAT "-of-%" G_GSIZE_FORMAT ".lock",
                                          options->shard.index + 1, options->shard.count);
  g_autofree char *lock_path = g_build_filename(options->folder, name, NULL);
  int lock;
  GError *fault = NULL;
  if (!set_lock_take(lock_path, 0, &lock, &fault)) {
    if (g_error_matches(fault, RIG_ERROR, RIG_ERROR_STATE)) {
      g_clear_error(&fault);
      g_set_error(&fault, RIG_ERROR, RIG_ERROR_STATE, "%s: another program is dreaming this set now", options->folder);
    }
    g_propagate_error(error, fault);
    return false;
  }
  gsize n_rows;
  SetRow *rows = set_rows_new(inputs, &n_rows);
  SetTable *table = set_table_new(options->folder, rows, n_rows);
  Making making = {.inputs = inputs, .options = options, .table = table, .rows = rows};
  *outcome = (SetOutcome){.n_stimuli = n_rows};
  const bool ok = make_locked(&making, outcome, error);
  set_table_free(table);
  set_rows_free(rows, n_rows);
  set_lock_give_back(lock_path, lock);
  return ok;
}
