#include <stdio.h>

#include "present/commands.h"
#include "present/screens/fit.h"
#include "protocols/protocol.h"
#include "stimuli/base/error.h"
#include "stimuli/image.h"

/* Digests only tell that a file has not changed, and a set by hand need not have any: each image is read as a session
 * would read it. One line for each that cannot be. */
static void check_images(const StimulusSet *set, GStrvBuilder *faults) {
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++) {
    g_autofree char *path = stimulus_set_path(set, row);
    g_autoptr(Image) image = NULL;
    g_autoptr(GError) fault = NULL;
    if (image_read(path, &image, &fault))
      continue;
    g_autofree char *line =
        g_strdup_printf("%s:%" G_GSIZE_FORMAT ": file: %s", table_name(set->stimuli), row + 2, fault->message);
    g_strv_builder_add(faults, line);
  }
}

/* What the file alone does not show: texts too long for the protocol's window, characters without a font, which
 * another machine may have, and images that are none. */
static bool check_looks(const char *path, const ProtocolOptions *options, char ***faults, GError **error) {
  g_autoptr(Protocol) protocol = NULL;
  if (!protocol_open(path, options, &protocol, error))
    return false;
  g_autoptr(GStrvBuilder) found = g_strv_builder_new();
  g_auto(GStrv) unfit = fit_faults(protocol, protocol->screen.window_width, protocol->screen.window_height);
  g_strv_builder_addv(found, (const char **)unfit);
  check_images(protocol->set, found);
  *faults = g_strv_builder_end(found);
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
