#include <string.h>

#include "stimuli/base/error.h"
#include "synth/commands.h"
#include "synth/dream/recipe_options.h"
#include "synth/dream/set.h"

static void set_layers(Recipe *recipe, const char *text) {
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  g_autoptr(GPtrArray) layers = g_ptr_array_new();
  for (char **part = parts; *part; part++)
    if (*g_strstrip(*part))
      g_ptr_array_add(layers, g_strdup(*part));
  g_ptr_array_add(layers, NULL);
  g_strfreev(recipe->layers);
  recipe->layers = (char **)g_ptr_array_free(g_steal_pointer(&layers), FALSE);
}

static bool make(const Recipe *wanted, const SetOptions *options, GError **error) {
  g_autoptr(RecipeInputs) inputs = NULL;
  SetOutcome outcome;
  if (!recipe_inputs_open(wanted, &inputs, error) || !set_make(inputs, options, &outcome, error))
    return false;
  g_print("%s: %" G_GSIZE_FORMAT " stimuli, %" G_GSIZE_FORMAT " made now, %" G_GSIZE_FORMAT " kept\n", options->folder,
          outcome.n_stimuli, outcome.n_made, outcome.n_kept);
  if (inputs->graph->note)
    g_print("%s\n", inputs->graph->note);
  if (outcome.n_unmoved > 0)
    g_print("%" G_GSIZE_FORMAT " images are the same as their start: their layer had no gradient (a ReLU that never "
            "fires); dream the layer before its ReLU instead.\n",
            outcome.n_unmoved);
  if (outcome.n_missing > 0)
    g_print("%" G_GSIZE_FORMAT " stimuli are still missing: other shards make them.\n", outcome.n_missing);
  return true;
}

static bool run(int argc, char **argv, GError **error) {
  g_auto(RecipeOptions) recipe_options = recipe_options_none();
  g_autofree char *layers = NULL, *output = NULL, *recipe_path = NULL, *shard = NULL;
  int seeds = G_MININT, jobs = 0;
  const GOptionEntry entries[] = {
      {"recipe", 0, 0, G_OPTION_ARG_FILENAME, &recipe_path, "Take settings from this recipe; other options override it",
       "FILE"},
      {"layers", 0, 0, G_OPTION_ARG_STRING, &layers,
       "Layer names, patterns (mixed4*) or all, comma-separated; !PATTERN leaves out", "LIST"},
      {"seeds", 0, 0, G_OPTION_ARG_INT, &seeds, "Images of each layer, from seeds 1 to K (default 1)", "K"},
      RECIPE_OPTIONS_ENTRIES(recipe_options),
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "The set's folder; one begun earlier is gone on with", "DIR"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Images at a time (default: one per processor)", "N"},
      {"shard", 0, 0, G_OPTION_ARG_STRING, &shard,
       "Make only part I of N of the set; auto: as the Slurm job array says", "I/N"},
      {0}};
  if (!command_parse(&command_set, entries, 0, 0, &argc, &argv, error))
    return !error || !*error;
  g_autoptr(Recipe) wanted = NULL;
  if (!recipe_path)
    wanted = recipe_new();
  else if (!recipe_read(recipe_path, &wanted, error))
    return false;
  SetOptions options = {.folder = output, .shard = {0, 1}, .n_workers = (gsize)MAX(jobs, 0), .progress = true};
  if (!recipe_options_apply(&recipe_options, wanted, error) || (shard && !shard_parse(shard, &options.shard, error)))
    return false;
  if (layers)
    set_layers(wanted, layers);
  if (seeds != G_MININT)
    wanted->seeds = seeds;
  const char *fault = NULL;
  if (!output)
    fault = "-o is missing: the set's folder";
  else if (wanted->seeds < 1 || wanted->seeds > RECIPE_MAX_SEEDS)
    fault = "--seeds must be 1 to " G_STRINGIFY(RECIPE_MAX_SEEDS);
  else if (jobs < 0 || jobs > 1024)
    fault = "-j must be 1 to 1024, or 0 for one per processor";
  if (fault) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, fault);
    return false;
  }
  return make(wanted, &options, error);
}

const Command command_set = {"set", "", "Dream a stimulus set: layers x seeds, resumable", run};
