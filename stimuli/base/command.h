/* Sub-commands of a program: dispatch, --help, --version, and the one mapping from errors to exit statuses
 * (0 done, 1 failed, 2 usage). A main.c holds a table of commands and calls command_main. */
#ifndef DREAMRIG_BASE_COMMAND_H
#define DREAMRIG_BASE_COMMAND_H

#include <glib.h>
#include <stdbool.h>

#define RIG_VERSION "0.1.0"

typedef struct {
  const char *name;      /* "dream" */
  const char *arguments; /* what follows the options in the usage line: "IMAGE...", "" for none */
  const char *summary;   /* one line, shown by PROGRAM --help */
  /* argv[0] is the command's name. Parses its own options with command_parse. Prints results to stdout, nothing to
   * stderr on failure: command_main prints the error. */
  bool (*run)(int argc, char **argv, GError **error);
} Command;

/* Runs the named command; returns the process's exit status. Also does `PROGRAM --help`, `--version`, and names the
 * nearest command when the given one is unknown. */
int command_main(const char *program, const char *summary, const Command *commands, gsize n_commands, int argc,
                 char **argv);

/* Parses `entries` out of argv (GOption; names both "--help" and -h), leaving the positional arguments in
 * argv[1..argc-1]. Faults come back as RIG_ERROR_USAGE. On --help prints and exits through command_main: returns false
 * with no error set, and the caller returns true at once. Fails when fewer than min_positional or more than
 * max_positional (G_MAXINT: any number) arguments remain. */
bool command_parse(const Command *command, const GOptionEntry *entries, int min_positional, int max_positional,
                   int *argc, char ***argv, GError **error);

/* The entry of `names` nearest to `wanted` by edit distance, or NULL when none is near enough to be a likely slip. */
const char *command_nearest(const char *wanted, const char *const *names, gsize n_names);

#endif
