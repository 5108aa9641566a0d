#include <stdio.h>

#include "present/commands.h"
#include "protocols/protocol.h"
#include "stimuli/base/error.h"

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *set = NULL, *language = NULL;
  const GOptionEntry entries[] = {
      {"set", 0, 0, G_OPTION_ARG_FILENAME, &set, "Use this stimulus set instead of the protocol's", "DIR"},
      {"language", 0, 0, G_OPTION_ARG_STRING, &language, "Check the texts of this language (pl, pt_BR)", "LOCALE"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_validate, entries, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  g_auto(GStrv) faults = NULL;
  if (!protocol_validate(argv[1], &(ProtocolOptions){language, set}, &faults, error))
    return false;
  for (gsize i = 0; faults[i] != NULL; i++)
    puts(faults[i]);
  guint n = g_strv_length(faults);
  if (n == 0)
    printf("%s is valid\n", argv[1]);
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s has %u fault%s", argv[1], n, n == 1 ? "" : "s");
  return n == 0;
}

const Command command_validate = {"validate", "PROTOCOL", "Check a protocol and list every fault", run};
