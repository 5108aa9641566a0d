#include <string.h>

#include "protocols/trials.h"
#include "stimuli/base/files.h"
#include "stimuli/base/table.h"
#include "stimuli/image.h"
#include "stimuli/manifest.h"
#include "synth/net/architectures.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

static const char *text_or_empty(const char *text) { return text != NULL ? text : ""; }

static void assert_says(const char *text, const char *line) {
  if (strstr(text_or_empty(text), line) == NULL)
    g_error("\"%s\" is not in:\n%s", line, text_or_empty(text));
}

/* The study's set in small: its 144 layers, five seeds each, all images the same four pixels. */
static char *write_study_set(const char *folder) {
  GError *error = NULL;
  char *path = g_build_filename(folder, "set", NULL), *bytes = NULL;
  g_autofree char *first = g_build_filename(path, "first.png", NULL);
  gsize size = 0;
  g_assert_true(files_make_folder(path, 0755, &error));
  g_autoptr(Image) image = image_new(2, 2, &error);
  for (gsize i = 0; i < 12; i++)
    image->pixels[i] = 100;
  g_assert_true(image_write_png(image, first, &error));
  g_assert_true(g_file_get_contents(first, &bytes, &size, &error));
  g_autoptr(StimulusSet) set = stimulus_set_new(path);
  const char *const *layers = net_inception5h_layers();
  for (gsize layer = 0; layers[layer] != NULL; layer++)
    for (int seed = 1; seed <= 5; seed++) {
      g_autofree char *id = g_strdup_printf("%s_seed%d", layers[layer], seed), *file = g_strconcat(id, ".png", NULL);
      g_autofree char *place = g_build_filename(path, file, NULL);
      g_assert_true(g_file_set_contents(place, bytes, (gssize)size, &error));
      gsize row = table_add_row(set->stimuli);
      table_set(set->stimuli, row, (gsize)table_column(set->stimuli, "id"), id);
      table_set(set->stimuli, row, (gsize)table_column(set->stimuli, "file"), file);
      table_set(set->stimuli, row, (gsize)table_column(set->stimuli, "layer"), layers[layer]);
      table_set_int(set->stimuli, row, (gsize)table_column(set->stimuli, "seed"), seed);
    }
  g_assert_true(stimulus_set_write(set, &error));
  g_assert_no_error(error);
  g_free(bytes);
  return path;
}

static void test_study_protocol_is_valid_and_balanced(void) {
  GError *error = NULL;
  g_autofree char *folder = support_folder(), *set = write_study_set(folder), *study = NULL, *out = NULL, *err = NULL;
  g_autofree char *design = g_build_filename(folder, "design.tsv", NULL);
  g_assert_true(files_bundled("protocols/deep-dream-2024.protocol", &study, &error));
  if (support_run(&out, NULL, "dreamrig-present", "validate", study, "--set", set, NULL) != 0)
    g_error("%s", out);
  g_clear_pointer(&out, g_free);
  if (support_run(&out, &err, "dreamrig-present", "allocate", study, "--set", set, "--participants", "150", "-o",
                  design, NULL) != 0)
    g_error("%s", err);
  assert_says(out, "[block main] 144 of 720 images a participant, one per layer, in random order\n"
                   "  balance of images: exact over any 5 consecutive participants; each image is seen by 1\n"
                   "  image x participants: exact; each image is seen by 30 participants\n");
  assert_says(out, "  image x arousal on top: exact; each image 15 times\n");
  g_autoptr(Table) table = NULL;
  g_assert_true(table_read(design, &table, &error));
  g_assert_cmpuint(table_n_rows(table), ==, 150 * 146);
  g_assert_cmpstr(table_get(table, 0, 0), ==, "001");
  g_assert_cmpstr(table_get(table, 150 * 146 - 1, (gsize)table_column(table, "number")), ==, "150");
  support_remove(folder);
}

/* The fixture with five images, and what allocate says to it. */
static int allocate(const char *folder, const char *main_lines, const char *participants, char **out, char **err) {
  fixture_set(folder, 5);
  g_autofree char *text = fixture_text(main_lines), *path = fixture_write(folder, "p", text);
  return support_run(out, err, "dreamrig-present", "allocate", path, "--participants", participants, NULL);
}

static void test_counts_follow_the_design_as_comments(void) {
  g_autofree char *folder = support_folder(), *out = NULL, *err = NULL;
  g_assert_cmpint(allocate(folder, "images = 2\ndesign = balanced\n", "10", &out, &err), ==, 0);
  g_assert_true(g_str_has_prefix(
      out, "participant\tnumber\tblock\tphase\ttrial\tstim_id\tlayer\tseed\tscale_1\tscale_2\n001\t1\twarmup\t"));
  assert_says(out, "\n# 10 participants, seed 7\n");
  assert_says(out, "\n#   pair x participants: exact; each pair of images is seen by 1 participant\n");
  support_remove(folder);
}

/* Where an exact design is found, and where none is: what is said beforehand is what was counted. */
static void test_balance_of_pairs_is_said_honestly(void) {
  g_autofree char *folder = support_folder(), *out = NULL, *exact = NULL;
  g_assert_cmpint(allocate(folder, "images = 2\ndesign = balanced\n", "10", &exact, NULL), ==, 0);
  assert_says(exact, "#   balance of pairs: exact over any 10 consecutive participants (a balanced incomplete block "
                     "design)\n");
  fixture_set(folder, 40);
  g_autofree char *text = fixture_text("images = 10\ndesign = balanced\n"), *path = fixture_write(folder, "q", text);
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "allocate", path, "--participants", "160", NULL), ==, 0);
  assert_says(out, "# [block main] 10 of 40 images a participant, in incomplete blocks, in random order\n"
                   "#   balance of images: exact over any 160 consecutive participants; each image is seen by 40\n"
                   "#   balance of images: exact also over participants 1 to 40, and each further 40\n"
                   "#   balance of pairs: NOT exact; over any 160 consecutive participants each pair is seen by 9 to "
                   "10\n"
                   "#     (no design with exact pairs was found; any would need 52 participants or more)\n"
                   "#   image x participants: exact; each image is seen by 40 participants\n"
                   "#   pair x participants: not exact; each pair of images is seen by 9 to 10 participants\n");
  g_autofree char *forty = NULL;
  g_assert_cmpint(support_run(&forty, NULL, "dreamrig-present", "allocate", path, "--participants", "40", NULL), ==, 0);
  assert_says(forty, "#   image x participants: exact; each image is seen by 10 participants\n");
  support_remove(folder);
}

static void test_what_is_not_even_is_said(void) {
  g_autofree char *folder = support_folder(), *out = NULL, *latin = NULL, *limited = NULL;
  g_assert_cmpint(allocate(folder, "images = 2\ndesign = balanced\n", "9", &out, NULL), ==, 0);
  assert_says(out, "#   pair x participants: not exact; each pair of images is seen by 0 to 1 participants\n");
  g_assert_cmpint(allocate(folder, "order = latin\n", "10", &latin, NULL), ==, 0);
  assert_says(latin, "#   image x place: exact; each image comes at each of 5 places 2 times\n"
                     "#   image x next: exact; each image directly follows each other one 2 times\n");
  g_assert_cmpint(allocate(folder, "max_run = 1\nrun_of = layer\n", "40", &limited, NULL), ==, 0);
  assert_says(limited, "#   runs: the longest of one layer is 1; at most 1 are wanted\n");
  support_remove(folder);
}

#define EXCLUDING                                                                                                      \
  "[protocol]\nname = conf\ntask = conf\nseed = 11\nstimuli = set\n[scale x]\nleft = l\nright = r\n"                   \
  "[sequence]\nsteps = a; c; d\n"

/* Block a excludes others; what is said of it over a round, and over no round where that is too long. */
static void check_excluding(const char *folder, const char *blocks, const char *says) {
  g_autofree char *text = g_strconcat(EXCLUDING, blocks, NULL), *path = fixture_write(folder, "p", text), *out = NULL;
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "allocate", path, "--participants", "4", NULL), ==, 0);
  assert_says(out, says);
}

static void test_excluding_blocks_are_said_as_counted(void) {
  g_autofree char *folder = support_folder();
  fixture_set(folder, 12);
  check_excluding(folder,
                  "[block a]\nimages = 3\norder = latin\nexclude = c\nscales = x\n"
                  "[block c]\nimages = one per layer\nscales = x\n[block d]\nscales = x\n",
                  "# [block a] 3 of 12 images a participant, in Latin squares (Williams)\n"
                  "#   balance of images: exact over any 4 consecutive participants; each image is seen by 1\n"
                  "#   balance of places: exact over any 24 consecutive participants; each image comes at each place 2 "
                  "times\n"
                  "#   image x participants: exact; each image is seen by 1 participant\n");
  g_autoptr(GString) table = g_string_new("id\tfile\tlayer\tgroup\n");
  static const int groups[] = {0, 0, 2, 1, 1, 2, 1, 2, 0};
  for (int i = 0; i < 9; i++)
    g_string_append_printf(table, "i%d\ti%02d.png\tl%d\tg%d\n", i, i, i % 3, groups[i]);
  g_autofree char *uneven = fixture_write(folder, "set/stimuli.tsv", table->str);
  check_excluding(
      folder,
      "[block a]\nimages = 3\nexclude = c; d\nscales = x\n"
      "[block c]\nimages = one per group\nscales = x\n[block d]\nimages = one per layer\nscales = x\n",
      "#   balance of images: not exact; over participants 1 to 12, after which the design comes round, each "
      "image is seen by 3 to 6\n");
  fixture_set(folder, 257);
  check_excluding(folder,
                  "[block a]\nimages = 5\nexclude = c\nscales = x\n"
                  "[block c]\nimages = 10\ndesign = balanced\nscales = x\n[block d]\nscales = x\n",
                  "#   balance of images: not counted; the design comes round after 8125312 participants\n");
  support_remove(folder);
}

/* Three layers of four images, which alternation by the number would show in one polarity each. */
static void test_polarity_is_counted(void) {
  g_autofree char *folder = support_folder(), *out = NULL;
  fixture_set(folder, 12);
  g_autofree char *text = fixture_text("images = one per layer\n");
  g_auto(GStrv) parts = g_strsplit(text, "start = center\n", -1);
  g_autofree char *turned = g_strjoinv("start = center\npolarity = participant\n", parts);
  g_autofree char *path = fixture_write(folder, "p", turned);
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "allocate", path, "--participants", "16", NULL), ==, 0);
  assert_says(out, "#   image x low end at the left: exact; each image 2 times\n"
                   "#   image x low end at the right: exact; each image 2 times\n");
  g_autofree char *four = NULL;
  g_assert_cmpint(support_run(&four, NULL, "dreamrig-present", "allocate", path, "--participants", "4", NULL), ==, 0);
  assert_says(four, "#   image x low end at the left: not exact; each image 0 to 1 times\n");
  support_remove(folder);
}

static void test_printed_order_is_that_of_any_writing_of_the_number(void) {
  g_autofree char *folder = support_folder(), *out = NULL;
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 12, "");
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "allocate", protocol->path, "--participants", "1", NULL),
                  ==, 0);
  static const char *const labels[] = {"001", "01", "1"};
  g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
  for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
    g_autoptr(TrialList) list = NULL;
    g_assert_true(trial_list_new(protocol, labels[i], &list, NULL));
    g_assert_cmpuint(list->n_trials, ==, 14);
    for (gsize t = 0; t < list->n_trials; t++) {
      g_autofree char *cell = g_strdup_printf("\t%s\t", protocol_stimulus(protocol, list->trials[t].stimulus, "id"));
      g_assert_true(g_str_has_prefix(lines[1 + t], "001\t"));
      assert_says(lines[1 + t], cell);
    }
  }
  support_remove(folder);
}

static void test_impossible_designs_fail(void) {
  g_autofree char *folder = support_folder(), *out = NULL, *err = NULL, *small = NULL;
  g_assert_cmpint(allocate(folder, "images = one per layer\n", "10", &out, &err), ==, 1);
  g_assert_cmpstr(out, ==, "");
  assert_says(err,
              "p:31: [block main] images: is \"one per layer\", which needs as many images of each, but the set has "
              "2 of l0 and 1 of l2\n");
  g_assert_cmpint(allocate(folder, "", "0", NULL, &small), ==, 2);
  assert_says(small, "allocate needs --participants 1..100000");
  support_remove(folder);
}

static void test_seed_and_labels_change_the_design(void) {
  g_autofree char *folder = support_folder(), *one = NULL, *other = NULL, *lab = NULL;
  fixture_set(folder, 8);
  g_autofree char *text = fixture_text("images = 3\n"), *path = fixture_write(folder, "p", text);
  g_assert_cmpint(support_run(&one, NULL, "dreamrig-present", "allocate", path, "--participants", "2", NULL), ==, 0);
  g_assert_cmpint(
      support_run(&other, NULL, "dreamrig-present", "allocate", path, "--participants", "2", "--seed", "8", NULL), ==,
      0);
  g_assert_cmpint(support_run(&lab, NULL, "dreamrig-present", "allocate", path, "--participants", "2", "--first", "2",
                              "--prefix", "lab", NULL),
                  ==, 0);
  g_autofree char *dated = NULL, *refused = NULL;
  g_assert_cmpint(support_run(&dated, NULL, "dreamrig-present", "allocate", path, "--participants", "2", "--first",
                              "20250101001", NULL),
                  ==, 0);
  assert_says(dated, "\n20250101002\t");
  g_assert_cmpint(support_run(NULL, &refused, "dreamrig-present", "allocate", path, "--participants", "2", "--prefix",
                              "99999999999999999999", NULL),
                  ==, 1);
  assert_says(refused, "the number 99999999999999999999001 that ends the label is above 9223372036854775807");
  assert_says(other, "# 2 participants, seed 8\n");
  assert_says(lab, "\nlab003\t3\tmain\t");
  g_auto(GStrv) of_one = g_strsplit(one, "\n", -1);
  g_auto(GStrv) of_other = g_strsplit(other, "\n", -1);
  g_assert_cmpuint(g_strv_length(of_one), ==, g_strv_length(of_other));
  bool differs = false;
  for (gsize i = 1; i <= 10; i++)
    differs |= strcmp(of_one[i], of_other[i]) != 0;
  g_assert_true(differs);
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/allocate/study protocol is valid and balanced", test_study_protocol_is_valid_and_balanced);
  g_test_add_func("/allocate/counts follow the design as comments", test_counts_follow_the_design_as_comments);
  g_test_add_func("/allocate/balance of pairs is said honestly", test_balance_of_pairs_is_said_honestly);
  g_test_add_func("/allocate/what is not even is said", test_what_is_not_even_is_said);
  g_test_add_func("/allocate/excluding blocks are said as counted", test_excluding_blocks_are_said_as_counted);
  g_test_add_func("/allocate/polarity is counted", test_polarity_is_counted);
  g_test_add_func("/allocate/printed order is that of any writing of the number",
                  test_printed_order_is_that_of_any_writing_of_the_number);
  g_test_add_func("/allocate/impossible designs fail", test_impossible_designs_fail);
  g_test_add_func("/allocate/seed and labels change the design", test_seed_and_labels_change_the_design);
  return g_test_run();
}
