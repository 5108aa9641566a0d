#include <stdio.h>

#include "present/bids/bids.h"
#include "present/commands.h"
#include "stimuli/base/error.h"

void commands_tell_left_out(char *const *left_out) {
  for (gsize i = 0; left_out[i] != NULL; i++)
    fprintf(stderr, "warning: left out: %s\n", left_out[i]);
}

static bool run(int argc, char **argv, GError **error) {
  gboolean skip = FALSE;
  const GOptionEntry entries[] = {
      {"skip-damaged", 0, 0, G_OPTION_ARG_NONE, &skip, "Leave out journals that cannot be read, and name them", NULL},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_derive, entries, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (!g_file_test(argv[1], G_FILE_TEST_IS_DIR)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no such folder", argv[1]);
    return false;
  }
  if (!skip)
    return bids_derive(argv[1], error);
  g_auto(GStrv) left_out = NULL;
  if (!bids_derive_readable(argv[1], &left_out, error))
    return false;
  commands_tell_left_out(left_out);
  return true;
}

const Command command_derive = {"derive", "DATA", "Write a data folder's BIDS files anew from its journals", run};
