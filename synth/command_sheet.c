#include <glib/gstdio.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/commands.h"
#include "synth/dream/layers.h"
#include "synth/dream/output_name.h"
#include "synth/dream/set.h"
#include "synth/dream/sheet.h"

#define DEFAULT_THUMB_PX 160

static bool is_same_file(const char *path, dev_t device, ino_t inode) {
  GStatBuf status;
  return g_stat(path, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

/* The sheet may lie in the set's folder, but not in the place of what belongs to the set. */
static bool is_of_set(const StimulusSet *set, const char *output) {
  g_autofree char *starts = g_build_filename(set->folder, START_FOLDER, NULL), *in = g_path_get_dirname(output);
  GStatBuf status;
  if (g_stat(in, &status) == 0 && is_same_file(starts, status.st_dev, status.st_ino))
    return true;
  if (g_stat(output, &status) != 0)
    return false;
  static const char *const others[] = {MANIFEST_TABLE, MANIFEST_RECORD, SET_RECIPE};
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autofree char *path = g_build_filename(set->folder, others[i], NULL);
    if (is_same_file(path, status.st_dev, status.st_ino))
      return true;
  }
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++) {
    g_autofree char *path = stimulus_set_path(set, row);
    if (is_same_file(path, status.st_dev, status.st_ino))
      return true;
  }
  return false;
}

/* The sheet may lie in the set's folder, but not in the place of what belongs to the set. */
static bool check_output(const StimulusSet *set, const char *output, GError **error) {
  if (!files_check_output(output, error))
    return false;
  if (!is_of_set(set, output))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: is a file of the set itself; give the sheet another name",
              output);
  return false;
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *output = NULL, *layers = NULL;
  int columns = 0, thumb = DEFAULT_THUMB_PX;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "The sheet to write, a PNG", "FILE"},
      {"columns", 0, 0, G_OPTION_ARG_INT, &columns, "Images in a row (default: a balanced sheet)", "N"},
      {"thumb", 0, 0, G_OPTION_ARG_INT, &thumb, "Longer side of a thumbnail in pixels (default 160)", "PX"},
      {"layers", 0, 0, G_OPTION_ARG_STRING, &layers, "Only these layers: names and patterns, comma-separated", "LIST"},
      {0}};
  if (!command_parse(&command_sheet, entries, 1, 1, &argc, &argv, error))
    return !error || !*error;
  const char *fault = NULL;
  if (!output)
    fault = "-o is missing: the PNG to write";
  else if (!output_has_suffix(output, ".png"))
    fault = "-o: the sheet's name must end in .png";
  else if (thumb < SHEET_MIN_THUMB || thumb > SHEET_MAX_THUMB)
    fault = "--thumb must be " G_STRINGIFY(SHEET_MIN_THUMB) " to " G_STRINGIFY(SHEET_MAX_THUMB) " pixels";
  else if (columns < 0 || columns > 10000)
    fault = "--columns must be 1 to 10000";
  if (fault) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, fault);
    return false;
  }
  g_auto(GStrv) patterns = layers ? layers_parse(layers) : NULL;
  const SheetOptions options = {.columns = columns, .thumb_px = thumb, .layers = (const char *const *)patterns};
  g_autoptr(StimulusSet) set = NULL;
  g_autoptr(Image) sheet = NULL;
  return stimulus_set_open(argv[1], false, &set, error) && check_output(set, output, error) &&
         sheet_draw(set, &options, &sheet, error) && image_write_png(sheet, output, error);
}

const Command command_sheet = {"sheet", "SET", "Draw a contact sheet of a stimulus set", run};
