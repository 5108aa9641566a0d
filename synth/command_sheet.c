#include "stimuli/base/error.h"
#include "synth/commands.h"
#include "synth/dream/sheet.h"

#define DEFAULT_THUMB_PX 160

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
  else if (thumb < SHEET_MIN_THUMB || thumb > SHEET_MAX_THUMB)
    fault = "--thumb must be " G_STRINGIFY(SHEET_MIN_THUMB) " to " G_STRINGIFY(SHEET_MAX_THUMB) " pixels";
  else if (columns < 0 || columns > 10000)
    fault = "--columns must be 1 to 10000";
  if (fault) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, fault);
    return false;
  }
  g_auto(GStrv) patterns = layers ? g_strsplit(layers, ",", -1) : NULL;
  const SheetOptions options = {.columns = columns, .thumb_px = thumb, .layers = (const char *const *)patterns};
  g_autoptr(StimulusSet) set = NULL;
  g_autoptr(Image) sheet = NULL;
  return stimulus_set_open(argv[1], false, &set, error) && sheet_draw(set, &options, &sheet, error) &&
         image_write_png(sheet, output, error);
}

const Command command_sheet = {"sheet", "SET", "Draw a contact sheet of a stimulus set", run};
