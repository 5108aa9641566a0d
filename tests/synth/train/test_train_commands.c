/* dreamrig-synth patterns and accuracy, as a user runs them. */
#include <string.h>

#include "stimuli/image.h"
#include "synth/train/first_layer.h"
#include "synth/train/pattern.h"
#include "synth/train/trainer.h"
#include "tests/support.h"

#define PROGRAM "dreamrig-synth"

/* A line's last number, of the line that starts with `head` and has `layer`. */
static double accuracy_of(const char *table, const char *layer) {
  const char *line = strstr(table, layer);
  g_assert_nonnull(line);
  g_auto(GStrv) fields = g_strsplit(line, "\t", 4);
  return g_ascii_strtod(fields[3], NULL);
}

/* The bundled network is the one that its card describes: this also fails when a rewritten pattern no longer looks as
 * it did when the network was trained. 256 images: four standard errors below .85 is .76. */
static void bundled_network_is_accurate(void) {
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint(support_run(&out, &err, PROGRAM, "accuracy", "mini", "--images", "256", NULL), ==, 0);
  g_assert_true(g_str_has_prefix(out, "head\tlayer\timages\tcorrect\taccuracy\nmain\tsoftmax2_pre_activation\t256\t"));
  for (int head = 0; head < TRAIN_HEADS; head++)
    g_assert_cmpfloat(accuracy_of(out, train_heads[head]), >, .76);
}

static void accuracy_needs_the_classes(void) {
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint(support_run(&out, &err, PROGRAM, "accuracy", "mini-untrained", NULL), ==, 1);
  g_assert_nonnull(strstr(err, "no layer softmax2_pre_activation with the patterns' 78 classes"));
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "accuracy", "mini", "--images", "0", NULL), ==, 2);
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "accuracy", "mini", "--size", "128", NULL), ==, 1);
  g_assert_nonnull(
      strstr(err, "cannot be computed for an image of 128x128 pixels; the largest size that works is 96x96"));
}

static void patterns_are_the_seeds(void) {
  g_autofree char *folder = support_folder(), *a = g_build_filename(folder, "a.png", NULL),
                  *b = g_build_filename(folder, "b.png", NULL), *c = g_build_filename(folder, "c.png", NULL);
  g_autofree char *one = NULL, *two = NULL, *three = NULL, *err = NULL;
  g_autoptr(Image) sheet = NULL;
  gsize n_one, n_two, n_three;
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "patterns", "--size", "32", "--samples", "1", "-o", a, NULL), ==, 0);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "patterns", "--size", "32", "--samples", "1", "-o", b, NULL), ==, 0);
  g_assert_cmpint(
      support_run(NULL, NULL, PROGRAM, "patterns", "--size", "32", "--samples", "1", "--seed", "2", "-o", c, NULL), ==,
      0);
  g_assert_true(g_file_get_contents(a, &one, &n_one, NULL) && g_file_get_contents(b, &two, &n_two, NULL) &&
                g_file_get_contents(c, &three, &n_three, NULL));
  g_assert_cmpuint(n_one, ==, n_two);
  g_assert_cmpint(memcmp(one, two, n_one), ==, 0);
  g_assert_false(n_one == n_three && memcmp(one, three, n_one) == 0);
  g_assert_true(image_read(a, &sheet, NULL));
  int rows = ((int)pattern_n_classes() + 5) / 6;
  g_assert_cmpint(sheet->width, ==, 2 * 16 + 6 * (32 + 16) - 16);
  g_assert_cmpint(sheet->height, ==, 2 * 16 + rows * (18 + 32 + 4));
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "patterns", "--size", "31", "-o", a, NULL), ==, 2);
  g_assert_nonnull(strstr(err, "--size: 32 to 512 expected"));
  support_remove(folder);
}

/* A network without its checkpoint may be the only copy there is. */
static void training_leaves_files_of_others_alone(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "network.safetensors", NULL);
  g_autofree char *err = NULL, *kept = NULL;
  g_assert_true(g_file_set_contents(path, "mine", -1, NULL));
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "train", "--width", "0.03", "--size", "64", "--batch", "16",
                              "--steps", "1", "--held-out", "16", "-o", folder, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, "network.safetensors is there without a checkpoint.safetensors"));
  g_assert_true(g_file_get_contents(path, &kept, NULL, NULL));
  g_assert_cmpstr(kept, ==, "mine");
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "train", "-o", "", NULL), ==, 2);
  support_remove(folder);
}

static int train_in(const char *folder, const char *option, const char *value, char **err) {
  return support_run(NULL, err, PROGRAM, "train", "--width", "0.03", "--size", "64", "--batch", "16", "--steps", "2",
                     "--rate", "0.1", "--report-steps", "2", "-o", folder, option, value, NULL);
}

/* A point of the curve is as exact as the images it is of are many: a run goes on with what it began with. */
static void training_goes_on_with_its_own_settings_alone(void) {
  g_autofree char *folder = support_folder(), *network = g_build_filename(folder, "network.safetensors", NULL);
  char *err = NULL;
  static const struct {
    const char *option, *value, *message;
  } others[] = {{"--held-out", "32", "it has held_out=16, this run held_out=32"},
                {"--rate", "0.3", "it has rate=0.1, this run rate=0.3"}};
  g_assert_cmpint(train_in(folder, "--held-out", "16", NULL), ==, 0);
  for (gsize k = 0; k < G_N_ELEMENTS(others); k++) {
    if (k == 0)
      g_assert_cmpint(train_in(folder, others[k].option, others[k].value, &err), ==, 1);
    else
      g_assert_cmpint(support_run(NULL, &err, PROGRAM, "train", "--width", "0.03", "--size", "64", "--batch", "16",
                                  "--steps", "2", "--report-steps", "2", "--held-out", "16", "-o", folder,
                                  others[k].option, others[k].value, NULL),
                      ==, 1);
    if (strstr(err, others[k].message) == NULL)
      g_error("'%s' lacks '%s'", err, others[k].message);
    g_clear_pointer(&err, g_free);
  }
  /* And it is not called by the bundled network's name. */
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "accuracy", network, "--size", "512", "--images", "16", NULL), ==,
                  1);
  g_assert_null(strstr(err, "mini"));
  g_assert_nonnull(strstr(err, "procedural images"));
  g_free(err);
  support_remove(folder);
}

/* Neighbouring weights of a filter agree at the start, and its deviation is a quarter of sqrt(2/147) over 70. */
static void first_layer_starts_smooth(void) {
  TrainSettings settings = train_settings_default();
  g_autoptr(TrainState) state = NULL;
  g_assert_true(train_state_new(&settings, &state, NULL));
  const NetNode *node = &state->graph->nodes[1];
  g_assert_true(first_layer_is(state->graph, node));
  double squares = 0, steps = 0, n = (double)node->n_weights;
  for (gsize k = 0; k + 1 < node->n_weights; k++) {
    double here = (double)node->weights[k], step = (double)node->weights[k + 1] - here;
    squares += here * here / n;
    steps += k % 7 < 6 ? step * step / (n * 6 / 7) : 0;
  }
  support_assert_near("deviation", squares, 2. / 147 / (16. * 4900), .1, 0);
  /* For white noise the mean squared step is twice the variance; smoothed, far less. */
  g_assert_cmpfloat(steps, <, .4 * squares);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/train/commands/the_bundled_network_is_accurate", bundled_network_is_accurate);
  g_test_add_func("/train/commands/accuracy_needs_the_classes", accuracy_needs_the_classes);
  g_test_add_func("/train/commands/patterns_are_the_seeds", patterns_are_the_seeds);
  g_test_add_func("/train/commands/training_leaves_files_of_others_alone", training_leaves_files_of_others_alone);
  g_test_add_func("/train/commands/training_goes_on_with_its_own_settings_alone",
                  training_goes_on_with_its_own_settings_alone);
  g_test_add_func("/train/commands/first_layer_starts_smooth", first_layer_starts_smooth);
  return g_test_run();
}
