/* command_main runs in subprocesses of this test: what matters is what reaches stdout, stderr and the exit status. */
#include "stimuli/base/command.h"

#include <stdio.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

static const Command commands[];

static bool run_dream(int argc, char **argv, GError **error) {
  int seed = 3;
  const GOptionEntry entries[] = {{"seed", 's', 0, G_OPTION_ARG_INT, &seed, "The generator's seed", "N"}, {0}};
  if (!command_parse(&commands[0], entries, 1, 2, &argc, &argv, error))
    return false;
  printf("seed %d", seed);
  for (int i = 1; i < argc; i++)
    printf(", %s", argv[i]);
  printf("\n");
  return true;
}

static bool run_fail(int argc, char **argv, GError **error) {
  if (!command_parse(&commands[1], NULL, 0, 0, &argc, &argv, error))
    return false;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "a.png:7: field: what is wrong");
  return false;
}

static const Command commands[] = {
    {"dream", "IMAGE [MASK]", "Dreams an image", run_dream},
    {"fail", "", "Fails", run_fail},
};

static void assert_run(const char *arguments, int status, const char *out, const char *err) {
  g_auto(GStrv) extra = g_strsplit(arguments, " ", -1);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_ptr_array_add(argv, (char *)"/proc/self/exe");
  g_ptr_array_add(argv, (char *)"--as-program");
  for (char **argument = extra; *argument != NULL; argument++)
    if (**argument != '\0')
      g_ptr_array_add(argv, *argument);
  g_ptr_array_add(argv, NULL);
  g_autofree char *got_out = NULL, *got_err = NULL, *self = g_file_read_link("/proc/self/exe", NULL);
  argv->pdata[0] = self;
  int wait_status = 0;
  GError *error = NULL;
  g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &got_out, &got_err, &wait_status, &error);
  g_assert_no_error(error);
  g_assert_cmpint(wait_status >> 8, ==, status);
  if (out != NULL)
    g_assert_cmpstr(got_out, ==, out);
  if (err != NULL)
    g_assert_cmpstr(got_err, ==, err);
}

static void test_options_and_arguments_reach_the_command(void) {
  assert_run("dream a.png", 0, "seed 3, a.png\n", "");
  assert_run("dream a.png --seed 17 b.png", 0, "seed 17, a.png, b.png\n", "");
  assert_run("dream -s 17 -- -odd", 0, "seed 17, -odd\n", "");
  assert_run("dream -- a.png b.png", 0, "seed 3, a.png, b.png\n", "");
}

static void test_a_failure_is_one_line_and_status_1(void) {
  assert_run("fail", 1, "", "rig: a.png:7: field: what is wrong\n");
}

static void test_usage_faults_give_status_2_and_the_way_to_help(void) {
  assert_run("", 2, "", "rig: a command is missing\nrig --help shows how to use it.\n");
  assert_run("draem x", 2, "", "rig: no command 'draem'; did you mean 'dream'?\nrig --help shows how to use it.\n");
  assert_run("quite-other", 2, "", "rig: no command 'quite-other'\nrig --help shows how to use it.\n");
  assert_run("dream", 2, "", "rig: dream needs IMAGE [MASK]\nrig dream --help shows how to use it.\n");
  assert_run("dream a b c", 2, "",
             "rig: dream takes only IMAGE [MASK]: 'c' is too much\nrig dream --help shows how to use it.\n");
  assert_run("fail x", 2, "", "rig: fail takes no argument: 'x'\nrig fail --help shows how to use it.\n");
  assert_run("dream a --sede 5", 2, "",
             "rig: Unknown option --sede; did you mean --seed?\nrig dream --help shows how to use it.\n");
  assert_run("dream a --seed x", 2, "", NULL);
}

static void test_help_and_version_succeed_on_stdout(void) {
  assert_run("--version", 0, "rig " RIG_VERSION "\n", "");
  assert_run("--help", 0,
             "Usage: rig COMMAND [OPTION...] [ARGUMENT...]\n\nA test\n\nCommands:\n  dream  Dreams an image\n"
             "  fail   Fails\n\nrig COMMAND --help explains a command; rig --version tells the version.\n",
             "");
  assert_run("dream -h", 0, NULL, "");
  g_autofree char *out = NULL, *err = NULL, *self = g_file_read_link("/proc/self/exe", NULL);
  g_assert_cmpint(support_run(&out, &err, self, "--as-program", "dream", "--help", NULL), ==, 0);
  g_assert_true(g_str_has_prefix(out, "Usage:\n  rig dream [OPTION")); /* the rest differs between GLib's versions */
  g_assert_nonnull(strstr(out, "IMAGE [MASK]\n\nDreams an image\n"));
  g_assert_nonnull(strstr(out, "-s, --seed=N"));
  g_assert_cmpstr(err, ==, "");
}

static void test_the_nearest_name_is_a_likely_slip_or_none(void) {
  static const char *const layers[] = {"conv2d0", "mixed3a", "mixed4c_5x5_pre_relu", "mixed4c_5x5"};
  static const struct {
    const char *wanted, *nearest;
  } cases[] = {{"conv2d", "conv2d0"},          {"Mixed3a", "mixed3a"}, {"mixed4c_5x5_prerelu", "mixed4c_5x5_pre_relu"},
               {"mixde4c_5x5", "mixed4c_5x5"}, {"inception", NULL},    {"", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(command_nearest(cases[i].wanted, layers, G_N_ELEMENTS(layers)), ==, cases[i].nearest);
  g_assert_null(command_nearest("x", NULL, 0));
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--as-program") == 0)
    return command_main("rig", "A test", commands, G_N_ELEMENTS(commands), argc - 1, argv + 1);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/command/options-and-arguments-reach-the-command", test_options_and_arguments_reach_the_command);
  g_test_add_func("/command/a-failure-is-one-line-and-status-1", test_a_failure_is_one_line_and_status_1);
  g_test_add_func("/command/usage-faults-give-status-2-and-the-way-to-help",
                  test_usage_faults_give_status_2_and_the_way_to_help);
  g_test_add_func("/command/help-and-version-succeed-on-stdout", test_help_and_version_succeed_on_stdout);
  g_test_add_func("/command/the-nearest-name-is-a-likely-slip-or-none", test_the_nearest_name_is_a_likely_slip_or_none);
  return g_test_run();
}
