#include "synth/dream/set.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/dream/set_folder.h"
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
  char **ids;
  gsize *missing; /* indices into ids: this call's items */
  gsize n_missing;
  Worker *workers;
  gsize n_workers;
  Progress *progress; /* in outer iterations; NULL: none */
  double *work;       /* of an outer iteration, for each layer */
  gint n_unmoved;     /* atomic */
} Making;

static void append_safe(GString *id, const char *layer) {
  for (; *layer; layer++)
    g_string_append_c(id, g_ascii_isalnum(*layer) || *layer == '.' || *layer == '_' ? *layer : '-');
}

/* Layer names that a file cannot have may become the same ("a/b", "a:b"), also where file names ignore case: later ones
 * get a number. */
static char **safe_names(const Recipe *recipe) {
  g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (char **layer = recipe->layers; *layer; layer++) {
    GString *name = g_string_new(NULL);
    append_safe(name, *layer);
    const gsize length = name->len;
    for (int n = 2; !g_hash_table_add(taken, g_ascii_strdown(name->str, -1)); n++) {
      g_string_truncate(name, length);
      g_string_append_printf(name, "-%d", n);
    }
    g_ptr_array_add(names, g_string_free(name, FALSE));
  }
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

char **set_ids(const Recipe *recipe) {
  g_auto(GStrv) names = safe_names(recipe);
  g_autoptr(GPtrArray) ids = g_ptr_array_new();
  for (char **name = names; *name; name++)
    for (int seed = 1; seed <= recipe->seeds; seed++)
      g_ptr_array_add(ids, g_strdup_printf("%s_seed%d", *name, seed));
  g_ptr_array_add(ids, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}

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
  g_autofree char *path = g_build_filename(making->options->folder, row->file, NULL), *sha256 = NULL;
  if (!image_write_png(image, path, error) || !files_sha256(path, &sha256, error))
    return false;
  row->sha256 = sha256;
  return set_table_put(making->table, row, error);
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
  if (!outcome.moved)
    g_atomic_int_inc(&making->n_unmoved);
  image_quantise(image);
  const char *id = making->ids[index];
  g_autofree char *file = g_strconcat(id, ".png", NULL);
  SetRow row = {.id = id,
                .file = file,
                .network = inputs->graph->name,
                .layer = inputs->graph->nodes[node].name,
                .layer_type = inputs->graph->nodes[node].type,
                .depth = inputs->graph->nodes[node].depth,
                .seed = seed,
                .objective_before = before,
                .objective_after = ascent_objective(worker->ascent, image)};
  return save(making, image, &row, error);
}

/* Which of this shard's items are still to be made. */
static bool find_missing(Making *making, SetOutcome *outcome, GError **error) {
  g_autofree bool *done = g_new0(bool, outcome->n_stimuli);
  if (!set_table_finished(making->table, done, error))
    return false;
  making->missing = g_new(gsize, outcome->n_stimuli);
  const Shard *shard = &making->options->shard;
  for (gsize i = shard->index; i < outcome->n_stimuli; i += shard->count)
    if (done[i])
      outcome->n_kept++;
    else
      making->missing[making->n_missing++] = i;
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
  g_autofree char *label = g_strdup_printf("dreaming %" G_GSIZE_FORMAT " images", making->n_missing);
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

/* Counts what the whole set still lacks: a row that this call made and another program's table lost would show here. */
static bool count_missing(Making *making, SetOutcome *outcome, GError **error) {
  g_autofree bool *done = g_new0(bool, outcome->n_stimuli);
  if (!set_table_finished(making->table, done, error))
    return false;
  outcome->n_missing = 0;
  for (gsize i = 0; i < outcome->n_stimuli; i++)
    outcome->n_missing += !done[i];
  return true;
}

static bool make_locked(Making *making, SetOutcome *outcome, GError **error) {
  const bool ok = set_folder_prepare(making->inputs, making->options->folder, making->table, error) &&
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
  g_auto(GStrv) ids = set_ids(inputs->recipe);
  g_autoptr(SetTable) table = set_table_new(options->folder, (const char *const *)ids);
  Making making = {.inputs = inputs, .options = options, .table = table, .ids = ids};
  *outcome = (SetOutcome){.n_stimuli = g_strv_length(ids)};
  const bool ok = make_locked(&making, outcome, error);
  set_lock_give_back(lock_path, lock);
  return ok;
}
