#include "stimuli/base/command.h"

#include <stdio.h>
#include <string.h>

#include "stimuli/base/error.h"

#define HELP_SUMMARY "Show this help"

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

/* Edit distance in which exchanging two neighbours counts as one (optimal string alignment). */
static gsize edit_distance(const char *a, const char *b, gsize *rows, gsize width) {
  gsize *before = rows, *last = rows + width, *now = rows + 2 * width, length = strlen(b);
  for (gsize j = 0; j <= length; j++)
    last[j] = j;
  for (gsize i = 1; a[i - 1] != '\0'; i++) {
    now[0] = i;
    for (gsize j = 1; j <= length; j++) {
      gsize same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]) ? 0 : 1;
      now[j] = MIN(MIN(last[j] + 1, now[j - 1] + 1), last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = MIN(now[j], before[j - 2] + 1);
    }
    gsize *oldest = before;
    before = last;
    last = now;
    now = oldest;
  }
  return last[length];
}

const char *command_nearest(const char *wanted, const char *const *names, gsize n_names) {
  gsize width = 0;
  for (gsize i = 0; i < n_names; i++)
    width = MAX(width, strlen(names[i]) + 1);
  gsize length = strlen(wanted), best = G_MAXSIZE;
  if (width == 0 || length > 1000)
    return NULL;
  g_autofree gsize *rows = g_new(gsize, 3 * width);
  const char *nearest = NULL;
  for (gsize i = 0; i < n_names; i++) {
    gsize distance = edit_distance(wanted, names[i], rows, width);
    gsize limit = MAX(MAX(length, strlen(names[i])) / 3, 1);
    if (distance > limit || distance >= best)
      continue;
    best = distance;
    nearest = names[i];
  }
  return nearest;
}

static void print_program_help(const char *program, const char *summary, const Command *commands, gsize n_commands) {
  printf("Usage: %s COMMAND [OPTION...] [ARGUMENT...]\n\n%s\n\nCommands:\n", program, summary);
  int width = 0;
  for (gsize i = 0; i < n_commands; i++)
    width = MAX(width, (int)strlen(commands[i].name));
  for (gsize i = 0; i < n_commands; i++)
    printf("  %-*s  %s\n", width, commands[i].name, commands[i].summary);
  printf("\n%s COMMAND --help explains a command; %s --version tells the version.\n", program, program);
}

static void set_unknown_command(const char *name, const Command *commands, gsize n_commands, GError **error) {
  g_autofree const char **names = g_new(const char *, n_commands + 1);
  for (gsize i = 0; i < n_commands; i++)
    names[i] = commands[i].name;
  const char *nearest = command_nearest(name, names, n_commands);
  if (nearest != NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "no command '%s'; did you mean '%s'?", name, nearest);
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "no command '%s'", name);
}

/* Results that did not reach their reader (a full disk behind a redirection) are a failure. */
static bool flush_results(GError **error) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "cannot write to the standard output");
  return false;
}

/* GOption wants "-j 4"; everybody also types "-j4". */
static GPtrArray *split_jobs(int argc, char **argv) {
  GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
  bool options = true;
  for (int i = 0; i < argc; i++) {
    options = options && strcmp(argv[i], "--") != 0;
    bool joined = options && argv[i][0] == '-' && argv[i][1] == 'j' && g_ascii_isdigit(argv[i][2]);
    g_ptr_array_add(words, joined ? g_strdup("-j") : g_strdup(argv[i]));
    if (joined)
      g_ptr_array_add(words, g_strdup(argv[i] + 2));
  }
  return words;
}

static bool run_command(const char *program, const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *name = g_strconcat(program, " ", command->name, NULL);
  g_set_prgname(name); /* GOption's usage line */
  g_autoptr(GError) fault = NULL;
  g_autoptr(GPtrArray) words = split_jobs(argc, argv);
  /* GOption takes words out of the array it is given, so the owner keeps its own. */
  g_autofree char **given = g_new0(char *, words->len + 1);
  memcpy(given, words->pdata, words->len * sizeof *given);
  bool done = command->run((int)words->len, given, &fault);
  g_assert(!done || fault == NULL);
  if (fault == NULL)
    return true; /* done, or --help */
  g_propagate_error(error, g_steal_pointer(&fault));
  return false;
}

int command_main(const char *program, const char *summary, const Command *commands, gsize n_commands, int argc,
                 char **argv) {
  g_autoptr(GError) error = NULL;
  const char *name = argc > 1 ? argv[1] : NULL, *asked = program;
  g_autofree char *full = NULL;
  const Command *command = NULL;
  for (gsize i = 0; name != NULL && i < n_commands; i++)
    if (strcmp(commands[i].name, name) == 0)
      command = &commands[i];

  bool done = true;
  if (command != NULL) {
    full = g_strconcat(program, " ", command->name, NULL);
    asked = full;
    done = run_command(program, command, argc - 1, argv + 1, &error);
  } else if (name == NULL) {
    g_set_error(&error, RIG_ERROR, RIG_ERROR_USAGE, "a command is missing");
    done = false;
  } else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
    print_program_help(program, summary, commands, n_commands);
  } else if (strcmp(name, "--version") == 0) {
    printf("%s %s\n", program, RIG_VERSION);
  } else {
    set_unknown_command(name, commands, n_commands, &error);
    done = false;
  }
  if (done)
    done = flush_results(&error);
  if (done)
    return EXIT_DONE;

  bool usage = g_error_matches(error, RIG_ERROR, RIG_ERROR_USAGE);
  fflush(stdout);
  g_autofree char *message = rig_one_line(error->message);
  fprintf(stderr, "%s: %s\n", program, message);
  if (usage)
    fprintf(stderr, "%s --help shows how to use it.\n", asked);
  return usage ? EXIT_USAGE : EXIT_FAILED;
}

/* Names the nearest option where GOption only says that one is unknown. */
static void set_option_error(GError *fault, const GOptionEntry *entries, GError **error) {
  const char *unknown = fault->code == G_OPTION_ERROR_UNKNOWN_OPTION ? strstr(fault->message, "--") : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const GOptionEntry *entry = entries; entry != NULL && entry->long_name != NULL; entry++)
    g_ptr_array_add(names, (char *)entry->long_name);
  const char *nearest =
      unknown != NULL ? command_nearest(unknown + 2, (const char *const *)names->pdata, names->len) : NULL;
  if (nearest != NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s; did you mean --%s?", fault->message, nearest);
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s", fault->message);
}

static bool check_positional(const Command *command, int min, int max, int argc, char **argv, GError **error) {
  int n = argc - 1;
  if (n < min)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s needs %s", command->name, command->arguments);
  else if (n > max && *command->arguments == '\0')
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s takes no argument: '%s'", command->name, argv[1]);
  else if (n > max)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s takes only %s: '%s' is too much", command->name,
                command->arguments, argv[max + 1]);
  return n >= min && n <= max;
}

bool command_parse(const Command *command, const GOptionEntry *entries, int min_positional, int max_positional,
                   int *argc, char ***argv, GError **error) {
  gboolean help = FALSE;
  GOptionEntry help_entries[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &help, HELP_SUMMARY, NULL}, {0}};
  g_autoptr(GOptionContext) context = g_option_context_new(command->arguments);
  g_option_context_set_help_enabled(context, FALSE); /* it would exit */
  g_option_context_set_summary(context, command->summary);
  if (entries != NULL)
    g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_add_main_entries(context, help_entries, NULL);
  g_autoptr(GError) fault = NULL;
  if (!g_option_context_parse(context, argc, argv, &fault)) {
    set_option_error(fault, entries, error);
    return false;
  }
  if (help) {
    g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);
    fputs(text, stdout);
    return false;
  }
  if (*argc > 1 && strcmp((*argv)[1], "--") == 0) {
    (*argv)[1] = (*argv)[0];
    (*argv)++;
    (*argc)--;
  }
  return check_positional(command, min_positional, max_positional, *argc, *argv, error);
}
