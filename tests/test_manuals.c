/* README and manuals against the programs: each command they show exists, and knows each option they give it. */
#include <string.h>

#include "tests/support.h"

/* The whole text of the shell lines in README and of the example lines in the manuals. */
static char *read_source(const char *relative) {
  const char *root = g_getenv("DREAMRIG_DATADIR");
  g_autofree char *path = g_build_filename(root != NULL ? root : ".", relative, NULL);
  char *text = NULL;
  GError *error = NULL;
  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  return text;
}

static bool is_word(char c) { return g_ascii_isalnum(c) || c == '-'; }

/* The option at `at` ("--seeds"), as the help names it. */
static char *word_at(const char *at) {
  gsize n = 0;
  while (is_word(at[n]))
    n++;
  return g_strndup(at, n);
}

/* Checks a line "PROGRAM COMMAND ... --option ...". Returns whether it was one. */
static bool check_line(const char *line) {
  const char *start = strstr(line, "dreamrig-");
  if (start == NULL)
    return false;
  g_autofree char *program = word_at(start);
  const char *after = start + strlen(program);
  if (*after != ' ' || !g_ascii_islower(after[1]))
    return false;
  g_autofree char *command = word_at(after + 1);
  g_autofree char *help = NULL, *err = NULL;
  if (support_run(&help, &err, program, command, "--help", NULL) != 0)
    g_error("\"%s\": %s", line, err);
  for (const char *option = strstr(after, " --"); option != NULL; option = strstr(option + 1, " --")) {
    g_autofree char *name = word_at(option + 1);
    if (strlen(name) > 2 && strstr(help, name) == NULL)
      g_error("\"%s\": %s %s does not know %s", line, program, command, name);
  }
  return true;
}

/* roff's markup taken out: "\-" is a minus, "\fB" and ".B " are fonts. */
static char *plain(const char *line) {
  GString *text = g_string_new(NULL);
  if (line[0] == '.' && strchr("BI", line[1]) != NULL)
    line += strcspn(line, " ");
  for (; *line != '\0'; line++) {
    if (line[0] == '\\' && line[1] == 'f' && line[2] != '\0')
      line += 2;
    else if (line[0] == '\\' && line[1] == '-')
      g_string_append_c(text, *++line);
    else if (line[0] != '"')
      g_string_append_c(text, *line);
  }
  return g_string_free(text, FALSE);
}

static int check_file(const char *relative) {
  g_autofree char *text = read_source(relative);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  int checked = 0;
  for (gsize k = 0; lines[k] != NULL; k++) {
    g_autofree char *line = plain(lines[k]);
    checked += check_line(line);
  }
  return checked;
}

static void test_readme_shows_commands_that_exist(void) { g_assert_cmpint(check_file("README.md"), >=, 4); }

static void test_manuals_show_commands_that_exist(void) {
  static const char *const manuals[] = {"synth/dreamrig-synth.1", "present/dreamrig-present.1",
                                        "analysis/dreamrig-analysis.1", "protocols/dreamrig-protocol.5"};
  int checked = 0;
  for (gsize k = 0; k < G_N_ELEMENTS(manuals); k++)
    checked += check_file(manuals[k]);
  g_assert_cmpint(checked, >=, 8);
}

/* Each command's own help is what its manual describes: every long option of the help is in the manual. */
static void test_manuals_describe_every_option(void) {
  static const char *const programs[] = {"synth", "present", "analysis"};
  for (gsize k = 0; k < G_N_ELEMENTS(programs); k++) {
    g_autofree char *program = g_strdup_printf("dreamrig-%s", programs[k]), *help = NULL;
    g_autofree char *manual_path = g_strdup_printf("%s/%s.1", programs[k], program);
    g_autofree char *roff = read_source(manual_path), *manual = plain(roff);
    g_assert_cmpint(support_run(&help, NULL, program, "--help", NULL), ==, 0);
    g_auto(GStrv) lines = g_strsplit(help, "\n", -1);
    for (gsize n = 0; lines[n] != NULL; n++) {
      if (!g_str_has_prefix(lines[n], "  ") || !g_ascii_islower(lines[n][2]))
        continue;
      g_autofree char *command = word_at(lines[n] + 2), *options = NULL;
      if (support_run(&options, NULL, program, command, "--help", NULL) != 0)
        continue;
      for (const char *at = strstr(options, "--"); at != NULL; at = strstr(at + 2, "--")) {
        g_autofree char *option = word_at(at);
        if (strlen(option) > 3 && strcmp(option, "--help") != 0 && strstr(manual, option) == NULL) {
          g_test_message("%s: %s of %s is not described", manual_path, option, command);
          g_test_fail();
        }
      }
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/manuals/readme_shows_commands_that_exist", test_readme_shows_commands_that_exist);
  g_test_add_func("/manuals/manuals_show_commands_that_exist", test_manuals_show_commands_that_exist);
  g_test_add_func("/manuals/manuals_describe_every_option", test_manuals_describe_every_option);
  return g_test_run();
}
