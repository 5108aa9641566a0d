#include <stdio.h>
#include <string.h>

#include "present/commands.h"
#include "present/export/export.h"
#include "stimuli/base/error.h"

static bool run(int argc, char **argv, GError **error) {
  static const char *const formats[] = {"tsv", "psych-ds"}; /* in the order of ExportFormat */
  g_autofree char *folder = NULL, *format = NULL;
  gboolean skip = FALSE;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &folder, "The new folder (required)", "DIR"},
      {"format", 0, 0, G_OPTION_ARG_STRING, &format, "tsv (default) or psych-ds", "FORMAT"},
      {"skip-damaged", 0, 0, G_OPTION_ARG_NONE, &skip, "Leave out journals that cannot be read, and name them", NULL},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_export, entries, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  g_auto(GStrv) left_out = NULL;
  for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS(formats); i++)
    if (strcmp(format != NULL ? format : formats[0], formats[i]) == 0) {
      if (!skip && !export_data(argv[1], folder, (ExportFormat)i, error))
        return false;
      if (skip && !export_readable(argv[1], folder, (ExportFormat)i, &left_out, error))
        return false;
      if (left_out != NULL)
        commands_tell_left_out(left_out);
      printf("%s\n", folder);
      return true;
    }
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "export needs -o DIR, and --format is tsv or psych-ds");
  return false;
}

const Command command_export = {"export", "DATA", "Write the data as one long table, or as a Psych-DS dataset", run};
