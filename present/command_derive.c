#include "present/bids/bids.h"
#include "present/commands.h"
#include "stimuli/base/error.h"

static bool run(int argc, char **argv, GError **error) {
  GError *fault = NULL;
  if (!command_parse(&command_derive, NULL, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (!g_file_test(argv[1], G_FILE_TEST_IS_DIR)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no such folder", argv[1]);
    return false;
  }
  return bids_derive(argv[1], error);
}

const Command command_derive = {"derive", "DATA", "Write a data folder's BIDS files anew from its journals", run};
