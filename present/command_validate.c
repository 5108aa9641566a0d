#include <stdio.h>

#include "present/commands.h"
#include "present/draw/fit.h"
#include "protocols/protocol.h"
#include "stimuli/base/error.h"

/* What the file alone does not show: texts too long for the protocol's window, and characters without a font, which
 * another machine may have. */
static bool check_looks(const char *path, const ProtocolOptions *options, char ***faults, GError **error) {
  g_autoptr(Protocol) protocol = NULL;
  if (!protocol_open(path, options, &protocol, error))
    return false;
  *faults = fit_faults(protocol, protocol->screen.window_width, protocol->screen.window_height);
  g_auto(GStrv) missing = fit_missing_glyphs(protocol);
  for (gsize i = 0; missing[i] != NULL; i++)
    fprintf(stderr, "warning: %s\n", missing[i]);
  return true;
}

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
  const ProtocolOptions options = {language, set};
  if (!protocol_validate(argv[1], &options, &faults, error))
    return false;
  if (faults[0] == NULL) {
    g_clear_pointer(&faults, g_strfreev);
    if (!check_looks(argv[1], &options, &faults, error))
      return false;
  }
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
