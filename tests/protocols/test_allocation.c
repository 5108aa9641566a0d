#include "protocols/allocation.h"

#include <string.h>

#include "protocols/trials.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

#define MANY 10000 /* participants */
#define MANY_IMAGES 16

/* What the main block of the fixture showed to participants first, first + 1, ... */
typedef struct {
  gsize n, count;    /* images of the set, and of a participant */
  gsize *shown;      /* of each image */
  gsize *places;     /* n by count */
  gsize *follows;    /* n by n: [image][the one before] */
  gsize *together;   /* n by n */
  gsize longest_run; /* of one layer */
} Counts;

static void count_list(Counts *counts, const Protocol *protocol, const Trial *trials, gsize n) {
  gsize run = 0;
  for (gsize i = 0; i < n; i++) {
    gsize image = trials[i].stimulus, before = i > 0 ? trials[i - 1].stimulus : 0;
    counts->shown[image]++;
    counts->places[image * counts->count + i]++;
    if (i > 0)
      counts->follows[image * counts->n + before]++;
    for (gsize j = 0; j < n; j++)
      counts->together[image * counts->n + trials[j].stimulus]++;
    bool same =
        i > 0 && strcmp(protocol_stimulus(protocol, image, "layer"), protocol_stimulus(protocol, before, "layer")) == 0;
    run = same ? run + 1 : 1;
    counts->longest_run = MAX(counts->longest_run, run);
  }
}

static Counts count_design(const char *folder, gsize n, const char *main_lines, gsize first, gsize n_participants) {
  g_autoptr(Protocol) protocol = fixture_protocol(folder, n, main_lines);
  Counts counts = {.n = n, .count = trial_list_count(protocol, 1)};
  counts.shown = g_new0(gsize, n);
  counts.places = g_new0(gsize, n * counts.count);
  counts.follows = g_new0(gsize, n * n);
  counts.together = g_new0(gsize, n * n);
  for (gsize p = first; p < first + n_participants; p++) {
    g_autofree char *label = g_strdup_printf("%05zu", p);
    GError *error = NULL;
    g_autoptr(TrialList) list = NULL;
    trial_list_new(protocol, label, &list, &error);
    g_assert_no_error(error);
    gsize n_trials = 0;
    const Trial *trials = trial_list_step(list, 3, &n_trials);
    g_assert_cmpuint(n_trials, ==, counts.count);
    count_list(&counts, protocol, trials, n_trials);
  }
  return counts;
}

static void counts_clear(Counts *counts) {
  g_free(counts->shown);
  g_free(counts->places);
  g_free(counts->follows);
  g_free(counts->together);
}

static void assert_all(const gsize *counts, gsize n, gsize wanted) {
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint(counts[i], ==, wanted);
}

/* Off the diagonal of an n by n matrix. */
static void assert_pairs(const gsize *counts, gsize n, gsize wanted) {
  for (gsize i = 0; i < n * n; i++)
    if (i / n != i % n)
      g_assert_cmpuint(counts[i], ==, wanted);
}

/* Of image by place; each participant's order being a permutation, less the factor (n - 1) / n. */
static double chi_squared(const Counts *counts, gsize n_participants) {
  double expected = (double)n_participants / (double)counts->n, sum = 0;
  for (gsize i = 0; i < counts->n * counts->count; i++) {
    double distance = (double)counts->places[i] - expected;
    sum += distance * distance / expected;
  }
  return sum * ((double)counts->n - 1) / (double)counts->n;
}

static void test_one_per_layer_covers_layers_by_seeds(void) {
  g_autofree char *folder = support_folder();
  for (gsize first = 1; first <= 7; first++) { /* any five consecutive participants: 3 layers of 5 seeds once */
    Counts counts = count_design(folder, 15, "images = one per layer\n", first, 5);
    g_assert_cmpuint(counts.count, ==, 3);
    assert_all(counts.shown, 15, 1);
    for (gsize i = 0; i < 15; i++)
      for (gsize j = 0; j < 15; j++)
        g_assert_true(i == j || i % 3 != j % 3 || counts.together[i * 15 + j] == 0);
    counts_clear(&counts);
  }
  Counts counts = count_design(folder, 15, "images = one per layer\n", 1, MANY);
  assert_all(counts.shown, 15, MANY / 5);
  counts_clear(&counts);
  support_remove(folder);
}

static void test_latin_squares_balance_places_and_neighbours(void) {
  g_autofree char *folder = support_folder();
  Counts even = count_design(folder, 10, "order = latin\n", 1, MANY);
  assert_all(even.places, 100, MANY / 10);
  assert_pairs(even.follows, 10, MANY / 10);
  counts_clear(&even);
  Counts odd = count_design(folder, 5, "order = latin\n", 1, MANY);
  assert_all(odd.places, 25, MANY / 5);
  assert_pairs(odd.follows, 5, MANY / 5);
  counts_clear(&odd);
  /* Crossed with 4 images a layer, 6 rows: 24 participants, from any number on. */
  Counts crossed = count_design(folder, 12, "images = one per layer\norder = latin\n", 11, 24);
  assert_all(crossed.places, 36, 2);
  counts_clear(&crossed);
  /* Crossed with windows of 3 of 9, which come round after 9 with the warm-up's 2: 9 x 6. */
  Counts windows = count_design(folder, 9, "images = 3\norder = latin\n", 2, 54);
  assert_all(windows.places, 27, 6);
  counts_clear(&windows);
  support_remove(folder);
}

static void test_balanced_blocks_balance_pairs(void) {
  g_autofree char *folder = support_folder();
  Counts counts = count_design(folder, 5, "images = 2\ndesign = balanced\n", 1, MANY);
  assert_all(counts.shown, 5, MANY * 2 / 5);
  assert_pairs(counts.together, 5, MANY / 10);
  counts_clear(&counts);
  Counts fano = count_design(folder, 7, "images = 3\ndesign = balanced\norder = latin\n", 3, 42);
  assert_all(fano.places, 21, 6);
  assert_pairs(fano.together, 7, 6);
  counts_clear(&fano);
  support_remove(folder);
}

/* Three layers of four images: by symmetry each image is at each place equally often also where runs are limited.
 * R: qchisq(1 - 1e-6, 121) = 209.8 */
static void test_limited_runs_are_kept_and_leave_places_even(void) {
  g_autofree char *folder = support_folder();
  static const gsize limits[] = {1, 2};
  for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
    g_autofree char *lines = g_strdup_printf("max_run = %zu\nrun_of = layer\n", limits[i]);
    Counts counts = count_design(folder, 12, lines, 1, MANY);
    g_assert_cmpuint(counts.longest_run, ==, limits[i]);
    assert_all(counts.shown, 12, MANY);
    g_assert_cmpfloat(chi_squared(&counts, MANY), <, 209.8);
    counts_clear(&counts);
  }
  Counts free = count_design(folder, 12, "", 1, MANY);
  g_assert_cmpuint(free.longest_run, ==, 4);
  g_assert_cmpfloat(chi_squared(&free, MANY), <, 209.8);
  counts_clear(&free);
  support_remove(folder);
}

static void test_limits_hold_across_repeats(void) {
  g_autofree char *folder = support_folder();
  Counts counts = count_design(folder, 4, "max_run = 2\nrun_of = layer\nrepeats = 25\n", 1, 50);
  g_assert_cmpuint(counts.longest_run, ==, 2); /* layers l0, l1, l2, l0 */
  for (gsize i = 0; i < 4; i++)
    g_assert_cmpuint(counts.follows[i * 4 + i], ==, 0);
  counts_clear(&counts);
  support_remove(folder);
}

/* One more reason for a block to come first in the choice: the warm-up shows none of its images. */
static void test_a_window_passes_over_images_that_are_chosen_first(void) {
  g_autofree char *folder = support_folder();
  fixture_set(folder, 15);
  g_autofree char *text = fixture_text("images = one per layer\n"), *place = NULL;
  char *warmup = strstr(text, "images = 2\n");
  g_autofree char *start = g_strndup(text, (gsize)(warmup - text));
  place = g_strconcat(start, "exclude = main\n", warmup, NULL);
  g_autofree char *path = fixture_write(folder, "p", place);
  g_autoptr(Protocol) protocol = NULL;
  GError *error = NULL;
  protocol_open(path, NULL, &protocol, &error);
  g_assert_no_error(error);
  for (gsize p = 1; p <= 60; p++) {
    g_autofree char *label = g_strdup_printf("%zu", p);
    g_autoptr(TrialList) list = NULL;
    g_assert_true(trial_list_new(protocol, label, &list, NULL));
    g_assert_cmpuint(list->n_trials, ==, 5);
    bool seen[15] = {false};
    for (gsize i = 0; i < 5; i++) {
      g_assert_false(seen[list->trials[i].stimulus]);
      seen[list->trials[i].stimulus] = true;
    }
  }
  support_remove(folder);
}

static void test_turns_cross_every_cycle(void) {
  for (gsize cycle = 1; cycle <= 12; cycle++)
    for (gsize n = 1; n <= 8; n++) {
      g_autofree gsize *met = g_new0(gsize, cycle * n);
      for (gsize p = 5; p < 5 + cycle * n; p++)
        met[p % cycle * n + allocation_turn(p, cycle, n)]++;
      assert_all(met, cycle * n, 1);
    }
}

/* How often each image of the main block was met in each condition. */
typedef struct {
  gsize met[MANY_IMAGES][4]; /* image; 2 * (which scale is on top) + (low end at the right) */
} Conditions;

static void count_conditions(const Protocol *protocol, gsize first, gsize n_participants, Conditions *conditions) {
  memset(conditions, 0, sizeof *conditions);
  for (gsize p = first; p < first + n_participants; p++) {
    g_autofree char *label = g_strdup_printf("%zu", p);
    g_autoptr(TrialList) list = NULL;
    g_assert_true(trial_list_new(protocol, label, &list, NULL));
    gsize n_trials = 0;
    const Trial *trials = trial_list_step(list, 3, &n_trials);
    bool mirrored = protocol_scale_mirrored(protocol, &protocol->scales[0], p);
    for (gsize i = 0; i < n_trials; i++)
      conditions->met[trials[i].stimulus][2 * trials[i].scales[0] + mirrored]++;
  }
}

/* How unequally an image met the conditions: all four, or only which scale was on top. */
static gsize most_unequal(const Conditions *conditions, gsize n, bool all) {
  gsize most = 0;
  for (gsize i = 0; i < n; i++) {
    const gsize *met = conditions->met[i];
    gsize low = all ? MIN(MIN(met[0], met[1]), MIN(met[2], met[3])) : MIN(met[0] + met[1], met[2] + met[3]);
    gsize high = all ? MAX(MAX(met[0], met[1]), MAX(met[2], met[3])) : MAX(met[0] + met[1], met[2] + met[3]);
    most = MAX(most, high - low);
  }
  return most;
}

/* Rotations with an even period (12 images, 3 layers of 4; Latin squares of 6 rows), an odd one, and none. From number
 * 1 on each image meets each scale on top equally often after `scales` participants, with each polarity after twice as
 * many, and so after each further so many, whatever the warm-up's cycle is. */
static void test_scales_and_polarity_are_crossed_with_images(void) {
  static const struct {
    gsize n;
    const char *lines;
    gsize scales;
  } cases[] = {
      {12, "images = one per layer\n", 8},
      {12, "images = one per layer\norder = latin\n", 8},
      {15, "images = one per layer\n", 10},
      {6, "images = 3\n", 12},
      {10, "", 2},
  };
  g_autofree char *folder = support_folder();
  for (gsize c = 0; c < G_N_ELEMENTS(cases); c++) {
    g_autoptr(Protocol) protocol = fixture_protocol(folder, cases[c].n, cases[c].lines);
    Conditions conditions;
    protocol->scales[0].polarity = protocol->scales[1].polarity = POLARITY_BY_PARTICIPANT;
    gsize scales = cases[c].scales, all = 2 * scales;
    for (gsize k = 0; k < 40; k++) {
      count_conditions(protocol, 1 + k * scales, scales, &conditions);
      g_assert_cmpuint(most_unequal(&conditions, cases[c].n, false), ==, 0);
      count_conditions(protocol, 1 + k * all, all, &conditions);
      g_assert_cmpuint(most_unequal(&conditions, cases[c].n, true), ==, 0);
    }
    count_conditions(protocol, 1, MANY - MANY % all, &conditions);
    g_assert_cmpuint(most_unequal(&conditions, cases[c].n, true), ==, 0);
    if (c == 0) { /* what it was: every image in one polarity only */
      protocol->rules = 1;
      count_conditions(protocol, 1, MANY, &conditions);
      g_assert_cmpuint(most_unequal(&conditions, 12, true), >=, MANY / 8);
    }
  }
  support_remove(folder);
}

static void test_impossible_designs_are_faults(void) {
  static const struct {
    const char *lines, *wanted;
  } cases[] = {
      {"images = one per layer\n",
       "p:31: [block main] images: is \"one per layer\", which needs as many images of each, "
       "but the set has 4 of l0 and 3 of l2"},
      {"images = one per colour\n", "p:31: [block main] images: the set set has no column colour in stimuli.tsv"},
      {"images = one per layer\nexclude = warmup\n", "p:31: [block main] images: is \"one per layer\", which needs as "
                                                     "many images of each, but the set has 4 of l0 and "
                                                     "3 of l2"},
      {"design = balanced\n", "p:31: [block main] design: needs images = COUNT: how many images each participant sees"},
      {"images = 11\ndesign = balanced\n",
       "p:32: [block main] design: is balanced, which needs 2 to 10 of the 11 images a participant"},
      {"images = 4\ndesign = balanced\nexclude = warmup\n", "p:33: [block main] exclude: cannot be used here: this "
                                                            "block chooses its images first. Exclude it from the other "
                                                            "block instead"},
      {"max_run = 2\n",
       "p:29: [block main] run_of: is missing; a column of stimuli.tsv is needed, for example layer_type"},
      {"run_of = layer\n", "p:29: [block main] max_run: is missing; how many images in a row may agree in layer"},
      {"max_run = 2\nrun_of = layer\norder = latin\n",
       "p:31: [block main] max_run: needs order = random: the other orders are what they are"},
      {"max_run = 2\nrun_of = colour\n", "p:32: [block main] run_of: the set set has no column colour in stimuli.tsv"},
      {"max_run = 2\nrun_of = odd\n", "p:31: [block main] max_run: no order has at most 2 in a row: of a participant's "
                                      "11 images 9 have the odd no, and "
                                      "at most 6 could"},
  };
  g_autofree char *folder = support_folder();
  fixture_set(folder, 11);
  g_autofree char *table = g_build_filename(folder, "set", "stimuli.tsv", NULL), *rows = NULL;
  g_assert_true(g_file_get_contents(table, &rows, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(rows, "\n", -1);
  g_autoptr(GString) more = g_string_new(NULL);
  for (gsize i = 0; i < 12; i++)
    g_string_append_printf(more, "%s\t%s\n", lines[i], i == 0 ? "odd" : i < 10 ? "no" : "yes");
  g_assert_true(g_file_set_contents(table, more->str, -1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = fixture_text(cases[i].lines);
    g_autofree char *path = fixture_write(folder, "p", text);
    g_auto(GStrv) faults = NULL;
    GError *error = NULL;
    protocol_validate(path, NULL, &faults, &error);
    g_assert_no_error(error);
    g_autofree char *all = g_strjoinv("\n", faults);
    g_auto(GStrv) parts = g_strsplit(all, folder, -1);
    g_autofree char *bare = g_strjoinv("", parts);
    g_auto(GStrv) named = g_strsplit(bare, "/", -1);
    g_autofree char *relative = g_strjoinv("", named);
    g_assert_cmpstr(relative, ==, cases[i].wanted);
  }
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/allocation/one per layer covers layers by seeds", test_one_per_layer_covers_layers_by_seeds);
  g_test_add_func("/allocation/Latin squares balance places and neighbours",
                  test_latin_squares_balance_places_and_neighbours);
  g_test_add_func("/allocation/balanced blocks balance pairs", test_balanced_blocks_balance_pairs);
  g_test_add_func("/allocation/limited runs are kept and leave places even",
                  test_limited_runs_are_kept_and_leave_places_even);
  g_test_add_func("/allocation/limits hold across repeats", test_limits_hold_across_repeats);
  g_test_add_func("/allocation/a window passes over images that are chosen first",
                  test_a_window_passes_over_images_that_are_chosen_first);
  g_test_add_func("/allocation/turns cross every cycle", test_turns_cross_every_cycle);
  g_test_add_func("/allocation/scales and polarity are crossed with images",
                  test_scales_and_polarity_are_crossed_with_images);
  g_test_add_func("/allocation/impossible designs are faults", test_impossible_designs_are_faults);
  return g_test_run();
}
