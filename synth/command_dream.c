#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/image_codecs.h"
#include "synth/commands.h"
#include "synth/dream/dream_record.h"
#include "synth/dream/output_name.h"
#include "synth/dream/recipe_options.h"

#define MAX_RECORD_BYTES ((gsize)64 << 20)

typedef struct {
  RecipeOptions recipe;
  char *layer, *output;
  gint64 seed;
} DreamOptions;

static bool check_options(const DreamOptions *options, GError **error) {
  const char *fault = NULL;
  if (!options->layer)
    fault = "--layer is missing: the layer to dream; 'dreamrig-synth layers NETWORK' lists them";
  else if (!*options->layer)
    fault = "--layer is empty: the layer to dream; 'dreamrig-synth layers NETWORK' lists them";
  else if (!options->output)
    fault = "-o is missing: the image to write, OUT.png, or OUT.npy for the raw floats";
  else if (!output_has_suffix(options->output, ".png") && !output_has_suffix(options->output, ".npy"))
    fault = "-o: the image's name must end in .png, or in .npy for the raw floats";
  else if (options->seed < 0 || options->seed > G_MAXUINT32)
    fault = "--seed must be 0 to 4294967295";
  if (fault)
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, fault);
  return !fault;
}

static void on_iteration(gpointer context, int iterations_done) {
  (void)iterations_done;
  progress_step(context, 1);
}

/* The record lies beside the image: OUT.json. */
static char *record_path(const char *output) {
  return g_strdup_printf("%.*s.json", (int)(strlen(output) - strlen(".png")), output);
}

static char *format_record(const RecipeInputs *inputs, const DreamOptions *options, const char *sha256, double before,
                           double after, gsize *size) {
  JsonObject *record = dream_record_new(inputs);
  dream_record_add_start(record, inputs, options->seed, NULL, NULL);
  json_object_remove_member(json_object_get_object_member(record, "recipe"), "seeds");
  g_autofree char *file = g_path_get_basename(options->output);
  json_object_set_string_member(record, "file", file);
  json_object_set_string_member(record, "sha256", sha256);
  json_object_set_int_member(record, "seed", options->seed);
  json_object_set_double_member(record, "objective_before", before);
  json_object_set_double_member(record, "objective_after", after);
  g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), record);
  char *text = json_write(root, size);
  json_object_unref(record);
  return text;
}

/* Image and record, both or neither. The record goes first: what a kill between the two leaves is a record whose digest
 * is not that of the image beside it. */
static bool write_both(const char *image_path, const GByteArray *image, const char *record_text, gsize record_size,
                       GError **error) {
  g_autofree char *path = record_path(image_path), *old = NULL;
  gsize old_size = 0;
  const bool had_record = g_file_test(path, G_FILE_TEST_EXISTS);
  if (had_record && !files_read(path, MAX_RECORD_BYTES, &old, &old_size, error))
    return false;
  if (!files_write(path, record_text, record_size, FILES_PUBLIC, error))
    return false;
  if (files_write(image_path, image->data, image->len, FILES_PUBLIC, error))
    return true;
  if (had_record)
    files_write(path, old, old_size, FILES_PUBLIC, NULL);
  else
    g_unlink(path);
  return false;
}

static bool dream(const RecipeInputs *inputs, const DreamOptions *options, GError **error) {
  const Recipe *recipe = inputs->recipe;
  const char *layer = recipe->layers[0];
  g_autoptr(Ascent) ascent =
      ascent_new(inputs->graph, inputs->nodes[0], &recipe->ascent, recipe->width, recipe->height, NULL, error);
  g_autoptr(Image) image = ascent ? recipe_inputs_start(inputs, (guint32)options->seed, error) : NULL;
  if (!image)
    return false;
  const double before = ascent_objective(ascent, image);
  Random random;
  random_init(&random, (guint32)options->seed);
  AscentOutcome outcome;
  g_autoptr(Progress) progress = progress_new(layer, (gsize)MAX(recipe->ascent.iterations, 1));
  const bool ok = ascent_run(ascent, &random, image, on_iteration, progress, &outcome, error);
  g_clear_pointer(&progress, progress_free);
  if (!ok)
    return false;
  const bool raw = output_has_suffix(options->output, ".npy");
  if (!raw)
    image_quantise(image);
  const double after = ascent_objective(ascent, image);
  g_autoptr(GByteArray) bytes = raw ? image_npy_encode(options->output, image, error) : g_byte_array_new();
  if (!bytes || (!raw && !image_png_encode(options->output, image, bytes, error)))
    return false;
  gsize size;
  g_autofree char *sha256 = files_sha256_data(bytes->data, bytes->len);
  g_autofree char *record = format_record(inputs, options, sha256, before, after, &size);
  if (!write_both(options->output, bytes, record, size, error))
    return false;
  g_print("%s: %s, mean activation %.6g before and %.6g after\n", options->output, layer, before, after);
  if (!outcome.moved && recipe->ascent.iterations > 0)
    g_print("The layer has no gradient on this image (a ReLU that never fires), so the image is unchanged; dream the "
            "layer before its ReLU, or from another start.\n");
  return true;
}

static bool run(int argc, char **argv, GError **error) {
  g_auto(RecipeOptions) recipe_options = recipe_options_none();
  g_autofree char *layer = NULL, *output = NULL;
  gint64 seed = 1;
  const GOptionEntry entries[] = {
      RECIPE_OPTIONS_ENTRIES(recipe_options),
      {"layer", 0, 0, G_OPTION_ARG_STRING, &layer, "The layer whose mean activation is raised", "NAME"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed of the noise and of the tiles' shifts (default 1)", "N"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
       "The image, OUT.png or OUT.npy (raw floats); its record goes to OUT.json", "FILE"},
      {0}};
  if (!command_parse(&command_dream, entries, 0, 0, &argc, &argv, error))
    return !error || !*error;
  const DreamOptions options = {recipe_options, layer, output, seed};
  g_autoptr(Recipe) wanted = recipe_new();
  if (!check_options(&options, error) || !recipe_options_apply(&options.recipe, wanted, error))
    return false;
  g_strfreev(wanted->layers);
  wanted->layers = g_strsplit(layer, "\n", 1);
  g_autofree char *folder = g_path_get_dirname(output), *record = record_path(output);
  g_autoptr(RecipeInputs) inputs = NULL;
  if (!recipe_inputs_open(wanted, &inputs, error))
    return false;
  if (inputs->n_nodes != 1) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "--layer %s names %" G_GSIZE_FORMAT " layers; dreamrig-synth set dreams several", layer,
                inputs->n_nodes);
    return false;
  }
  /* Minutes of work are not lost to a place that cannot be written to. */
  return files_make_folder(folder, 0755, error) && files_check_output(output, error) &&
         files_check_output(record, error) && dream(inputs, &options, error);
}

const Command command_dream = {"dream", "", "Dream one image: raise a layer's mean activation by gradient ascent", run};
