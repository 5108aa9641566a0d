#include <stdio.h>
#include <string.h>

#include "present/commands.h"
#include "stimuli/base/error.h"

#define PREFIX "selftest " /* of each self-test's name, so that messages and help name it whole */

static const Command *const SELFTESTS[] = {&command_selftest_display, &command_selftest_audio, &command_selftest_input,
                                           &command_selftest_photodiode};

static const Command *find(const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS(SELFTESTS); i++)
    if (strcmp(SELFTESTS[i]->name + strlen(PREFIX), name) == 0)
      return SELFTESTS[i];
  return NULL;
}

static void print_help(void) {
  printf("Usage:\n  %s KIND [OPTION...]\n\n%s\n\nKinds:\n", g_get_prgname(), command_selftest.summary);
  for (gsize i = 0; i < G_N_ELEMENTS(SELFTESTS); i++)
    printf("  %-12s%s\n", SELFTESTS[i]->name + strlen(PREFIX), SELFTESTS[i]->summary);
  printf("\n%s KIND --help explains a self-test.\n", g_get_prgname());
}

static bool run(int argc, char **argv, GError **error) {
  const char *name = argc > 1 ? argv[1] : "";
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
    print_help();
    return true;
  }
  const Command *selftest = find(name);
  if (selftest == NULL) {
    g_autoptr(GString) kinds = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(SELFTESTS); i++)
      g_string_append_printf(kinds, "%s%s", i > 0 ? ", " : "", SELFTESTS[i]->name + strlen(PREFIX));
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "selftest needs a kind (%s), not '%s'", kinds->str, name);
    return false;
  }
  g_autofree char *program = g_strdup_printf("%s %s", g_get_prgname(), name);
  g_set_prgname(program); /* the usage line of its --help */
  return selftest->run(argc - 1, argv + 1, error);
}

const Command command_selftest = {"selftest", "KIND", "Measure this machine's timing and print a report", run};
