/* dreamrig-synth layers and probe, as a user runs them. */
#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "stimuli/image.h"
#include "synth/net/architectures.h"
#include "synth/net/import.h"
#include "tests/support.h"

#define PROGRAM "dreamrig-synth"

static char *network(void) { return support_data("tiny5h/net.pb"); }
static char *image(void) { return support_data("tiny5h/image.png"); }

/* The program must have failed with this status and a message of one line (and, for usage, the hint). */
static void assert_failed(int status, int expected, const char *out, const char *err, const char *message) {
  if (status != expected || strstr(err, message) == NULL)
    g_error("status %d and '%s' expected, got %d and '%s'", expected, message, status, err);
  g_assert_cmpstr(out, ==, "");
}

static void layers_of_the_study(void) {
  g_autofree char *file = network(), *out = NULL;
  g_assert_cmpint(support_run(&out, NULL, PROGRAM, "layers", file, "--size", "190x150", NULL), ==, 0);
  g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 146); /* header, 144 layers, the end */
  g_assert_cmpstr(lines[0], ==, "index\tname\top\ttype\tchannels\theight\twidth\tdepth");
  g_assert_cmpstr(lines[1], ==, "1\tconv2d0_pre_relu\tconv+bias\tconv2d_pre_relu\t8\t75\t95\t1");
  g_assert_cmpstr(lines[3], ==, "3\tmaxpool0\tmaxpool\tmaxpool\t8\t38\t48\t1");
}

static void layers_for_a_size_too_small(void) {
  g_autofree char *file = network(), *out = NULL;
  g_assert_cmpint(support_run(&out, NULL, PROGRAM, "layers", file, "--size", "32x32", NULL), ==, 0);
  g_assert_nonnull(strstr(out, "\thead0_pool\tavgpool\thead_pool\t64\tn/a\tn/a\t"));
}

static void all_nodes(void) {
  g_autofree char *file = network(), *out = NULL;
  g_assert_cmpint(support_run(&out, NULL, PROGRAM, "layers", file, "--all", NULL), ==, 0);
  g_assert_nonnull(strstr(out, "1\tinput\tinput\tinput\t3\t512\t512\t0\n"));
  g_assert_nonnull(strstr(out, "\tconv2d0_pre_relu/conv\tconv\t"));
  g_assert_nonnull(strstr(out, "\tavgpool0\tavgpool\t"));
}

/* The programs look for bundled files in DREAMRIG_DATADIR first, and in their source last. */
static char *run_with_data(const char *data, const char *name, int status, char **layers) {
  g_autofree char *old = g_strdup(g_getenv("DREAMRIG_DATADIR"));
  char *err = NULL;
  g_setenv("DREAMRIG_DATADIR", data, TRUE);
  g_assert_cmpint(support_run(layers, &err, PROGRAM, "layers", name, NULL), ==, status);
  if (old != NULL)
    g_setenv("DREAMRIG_DATADIR", old, TRUE);
  else
    g_unsetenv("DREAMRIG_DATADIR");
  return err;
}

static void the_untrained_network_says_what_it_is(void) {
  g_autofree char *out = NULL, *err = run_with_data("/nonexistent", "mini-untrained", 0, &out);
  g_assert_true(g_str_has_prefix(err, "mini (untrained) has random weights"));
  g_assert_nonnull(strstr(out, "144\thead1_bottleneck\trelu\t"));
}

static void the_bundled_network_is_its_file(void) {
  GError *error = NULL;
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, NET_MINI_FILE, NULL), *out = NULL;
  g_autofree char *below = g_path_get_dirname(path);
  g_autoptr(NetGraph) graph = net_inception5h_new("mini (of this test)", 0.0625, 10, 8, &error);
  graph->note = g_strdup("mini (of this test) has seen nothing but a test");
  g_assert_true(files_make_folder(below, 0700, &error));
  g_assert_true(net_write_safetensors(graph, path, &error));
  g_autofree char *err = run_with_data(folder, "mini", 0, &out);
  g_assert_cmpstr(err, ==, "mini (of this test) has seen nothing but a test\n");
  g_assert_true(g_str_has_prefix(strchr(out, '\n'), "\n1\tconv2d0_pre_relu\tconv+bias\tconv2d_pre_relu\t4\t"));
  g_autofree char *untrained = run_with_data(folder, "mini-untrained", 0, NULL);
  g_assert_true(g_str_has_prefix(untrained, "mini (untrained)"));

  g_assert_true(files_write(path, "cut", 3, FILES_PUBLIC, &error));
  g_autofree char *fault = run_with_data(folder, "mini", 1, NULL);
  g_assert_nonnull(strstr(fault, path));
  support_remove(folder);
}

static void probe_of_chosen_layers(void) {
  g_autofree char *file = network(), *picture = image(), *out = NULL;
  g_assert_cmpint(support_run(&out, NULL, PROGRAM, "probe", "--network", file, "--image", picture, "--layer",
                              "mixed5?_pool", "--layer", "conv2d0", "--at", "1,50,38", NULL),
                  ==, 0);
  g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 5);
  g_assert_cmpstr(lines[0], ==, "layer\tchannels\theight\twidth\tmean\tgrad_l2\tgrad_mean_abs\tgrad_c1_y50_x38");
  g_assert_true(g_str_has_prefix(lines[1], "mixed5a_pool\t104\t5\t6\t"));
  g_assert_true(g_str_has_prefix(lines[2], "mixed5b_pool\t104\t5\t6\t"));
  /* shared oracle tiny5h: 1.8103987..., 1.3136697...e-06 */
  g_assert_true(g_str_has_prefix(lines[3], "conv2d0\t8\t75\t95\t1.8103"));
  g_assert_nonnull(strstr(lines[3], "\t1.3136"));
}

/* The image is too small for the first head's pool, which a name then refuses. */
static void patterns_leave_out_what_cannot_be_computed(void) {
  GError *error = NULL;
  g_autofree char *folder = support_folder(), *picture = g_build_filename(folder, "small.png", NULL);
  g_autofree char *file = network(), *out = NULL, *err = NULL, *named = NULL;
  g_autoptr(Image) small = image_new(48, 48, &error);
  g_assert_true(image_write_png(small, picture, &error));
  g_assert_cmpint(support_run(&out, &err, PROGRAM, "probe", "--network", file, "--image", picture, "--layer",
                              "head0_pool*", "--layer", "conv2d0", NULL),
                  ==, 0);
  g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 3);
  g_assert_true(g_str_has_prefix(lines[1], "conv2d0\t"));
  g_assert_nonnull(strstr(err, "1 layer that cannot be computed for 48x48 pixels is left out."));
  g_assert_cmpint(
      support_run(NULL, &named, PROGRAM, "probe", "--network", file, "--image", picture, "--layer", "head0_pool", NULL),
      ==, 1);
  g_assert_nonnull(strstr(named, "the smallest size that works is 65x65"));
  support_remove(folder);
}

static void the_number_of_workers_changes_nothing(void) {
  g_autofree char *file = network(), *picture = image(), *one = NULL, *three = NULL;
  g_assert_cmpint(support_run(&one, NULL, PROGRAM, "probe", "--network", file, "--image", picture, "--layer", "mixed3*",
                              "-j", "1", NULL),
                  ==, 0);
  g_assert_cmpint(support_run(&three, NULL, PROGRAM, "probe", "--network", file, "--image", picture, "--layer",
                              "mixed3*", "-j", "3", NULL),
                  ==, 0);
  g_assert_cmpstr(one, ==, three);
}

static void faults_of_the_command_line(void) {
  static const struct {
    const char *arguments[8];
    int status;
    const char *message;
  } cases[] = {
      {{"layers"}, 2, "layers needs NETWORK"},
      {{"layers", "NET", "--size", "10x"}, 2, "'10x' is no size"},
      {{"layers", "/nonexistent/net.pb"}, 1, "/nonexistent/net.pb: cannot read"},
      {{"layers", "IMAGE"}, 1, "not a network but a PNG image"},
      {{"probe", "--image", "IMAGE"}, 2, "--network is missing"},
      {{"probe", "--network", "NET"}, 2, "--image is missing"},
      {{"probe", "--network", "NET", "--image", "NET"}, 1, "net.pb"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "--at", "3,0,0"}, 2, "--at 3,0,0: C,Y,X expected"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "--at", "0,150,0"}, 2, "row 0 to 149"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "--at", "0,1"}, 2, "C,Y,X expected"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "-j", "-1"}, 2, "-j must be"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "-j", "2000"}, 2, "-j must be 1 to 1024"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "--layer", "mixed4d_5x5_botleneck"},
       1,
       "did you mean \"mixed4d_5x5_bottleneck\"?"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "--layer", "mixed9*"}, 1, "no layer matches 'mixed9*'"},
      {{"probe", "--network", "NET", "--image", "IMAGE", "--layer", "avgpool0"}, 1, "the smallest size that works is"},
  };
  g_autofree char *file = network(), *picture = image();
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *a[8] = {NULL};
    for (gsize k = 0; k < G_N_ELEMENTS(a) && cases[i].arguments[k] != NULL; k++)
      a[k] = strcmp(cases[i].arguments[k], "NET") == 0     ? file
             : strcmp(cases[i].arguments[k], "IMAGE") == 0 ? picture
                                                           : cases[i].arguments[k];
    g_autofree char *out = NULL, *err = NULL;
    int status = support_run(&out, &err, PROGRAM, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], NULL);
    assert_failed(status, cases[i].status, out, err, cases[i].message);
  }
}

static void a_failed_probe_leaves_no_file(void) {
  g_autofree char *folder = support_folder(), *inside = g_build_filename(folder, "none", "out.tsv", NULL);
  g_autofree char *output = g_build_filename(folder, "out.tsv", NULL), *file = network(), *picture = image(),
                  *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "probe", "--network", file, "--image", picture, "--layer", "conv2d0",
                              "-o", inside, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, inside));
  g_autofree char *no_network = NULL;
  g_assert_cmpint(support_run(NULL, &no_network, PROGRAM, "probe", "--network", "/nonexistent/net.pb", "--image",
                              picture, "-o", inside, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(no_network, inside)); /* before anything is read */
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "probe", "--network", file, "--image", picture, "--layer",
                              "avgpool0", "-o", output, NULL),
                  ==, 1);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/synth/commands/layers lists the study's 144", layers_of_the_study);
  g_test_add_func("/synth/commands/layers shows what a size cannot compute", layers_for_a_size_too_small);
  g_test_add_func("/synth/commands/layers --all lists every node", all_nodes);
  g_test_add_func("/synth/commands/the untrained network says what it is", the_untrained_network_says_what_it_is);
  g_test_add_func("/synth/commands/the bundled network is its file", the_bundled_network_is_its_file);
  g_test_add_func("/synth/commands/probe takes names, patterns and positions", probe_of_chosen_layers);
  g_test_add_func("/synth/commands/patterns leave out what cannot be computed",
                  patterns_leave_out_what_cannot_be_computed);
  g_test_add_func("/synth/commands/probe does not depend on the workers", the_number_of_workers_changes_nothing);
  g_test_add_func("/synth/commands/faults have a message and a status", faults_of_the_command_line);
  g_test_add_func("/synth/commands/a failed probe leaves no file", a_failed_probe_leaves_no_file);
  return g_test_run();
}
