#include "stimuli/base/error.h"
#include "synth/commands.h"
#include "synth/dream/layers.h"
#include "synth/dream/recipe_options.h"
#include "synth/dream/set.h"

static bool make(const Recipe *wanted, const SetOptions *options, GError **error) {
  g_autoptr(RecipeInputs) inputs = NULL;
  SetOutcome outcome;
  if (!recipe_inputs_open(wanted, &inputs, error) || !set_make(inputs, options, &outcome, error))
    return false;
  g_print("%s: %" G_GSIZE_FORMAT " %s, %" G_GSIZE_FORMAT " made now, %" G_GSIZE_FORMAT " kept\n", options->folder,
          outcome.n_stimuli, outcome.n_stimuli == 1 ? "stimulus" : "stimuli", outcome.n_made, outcome.n_kept);
  if (inputs->graph->note)
    g_print("%s\n", inputs->graph->note);
  if (outcome.n_unmoved > 0)
    g_print("%" G_GSIZE_FORMAT " %s as the start: the layer had no gradient (a ReLU that never fires); dream the layer "
            "before its ReLU instead.\n",
            outcome.n_unmoved, outcome.n_unmoved == 1 ? "image is the same" : "images are the same");
  if (outcome.n_missing > 0)
    g_print("%" G_GSIZE_FORMAT " %s still missing: other shards make %s.\n", outcome.n_missing,
            outcome.n_missing == 1 ? "stimulus is" : "stimuli are", outcome.n_missing == 1 ? "it" : "them");
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
  if (layers) {
    g_strfreev(wanted->layers);
    wanted->layers = layers_parse(layers);
  }
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
