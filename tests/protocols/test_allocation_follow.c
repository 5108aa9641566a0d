/* Blocks that exclude others which choose their images first. */
#include <string.h>

#include "protocols/allocation.h"
#include "protocols/trials.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

#define MANY 10000 /* participants */
#define SCALES "scales = x; y\n"
#define HEAD                                                                                                           \
  "[protocol]\nname = conf\ntask = conf\nseed = 11\nstimuli = set\n"                                                   \
  "[scale x]\nleft = l\nright = r\npolarity = participant\n[scale y]\nleft = l\nright = r\npolarity = participant\n"
#define ONE_PER "[block c]\nimages = one per layer\n" SCALES

static Protocol *open_text(const char *folder, gsize n, const char *blocks) {
  GError *error = NULL;
  Protocol *protocol = NULL;
  fixture_set(folder, n);
  g_autofree char *text = g_strconcat(HEAD, blocks, NULL), *path = fixture_write(folder, "p", text);
  protocol_open(path, NULL, &protocol, &error);
  g_assert_no_error(error);
  return protocol;
}

/* What one block showed. */
typedef struct {
  gsize n, n_places;
  gsize *shown, *places; /* of each image; n by n_places */
} Counts;

static void counts_clear(Counts *counts) {
  g_free(counts->shown);
  g_free(counts->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Counts, counts_clear)

/* Fails where a block shows an image of one that it excludes, or one twice. */
static void assert_apart(const Protocol *protocol, const TrialList *list) {
  gsize n = table_n_rows(protocol->set->stimuli);
  g_autofree bool *seen = g_new0(bool, n * protocol->n_blocks);
  for (gsize i = 0; i < list->n_trials; i++) {
    gsize at = list->trials[i].block * n + list->trials[i].stimulus;
    g_assert_false(seen[at]);
    seen[at] = true;
  }
  for (gsize block = 0; block < protocol->n_blocks; block++)
    for (gsize i = 0; i < protocol->blocks[block].n_excluded; i++)
      for (gsize image = 0; image < n; image++)
        g_assert_false(seen[block * n + image] && seen[protocol->blocks[block].excluded[i] * n + image]);
}

/* Counts participants first, first + 1, ... too. */
static void count_more(Counts *counts, const Protocol *protocol, gsize block, gsize first, gsize n_participants) {
  for (gsize p = first; p < first + n_participants; p++) {
    g_autofree char *label = g_strdup_printf("%zu", p);
    g_autoptr(TrialList) list = NULL;
    g_assert_true(trial_list_new(protocol, label, &list, NULL));
    assert_apart(protocol, list);
    gsize n_trials = 0;
    for (gsize i = 0; i < list->n_trials; i++) {
      const Trial *trial = &list->trials[i];
      if (trial->block != block)
        continue;
      counts->shown[trial->stimulus]++;
      counts->places[trial->stimulus * counts->n_places + trial->number - 1]++;
      n_trials++;
    }
    g_assert_cmpuint(n_trials, ==, counts->n_places);
  }
}

static Counts count(const Protocol *protocol, gsize block, gsize first, gsize n_participants) {
  Counts counts = {.n = table_n_rows(protocol->set->stimuli), .n_places = trial_list_count(protocol, block)};
  counts.shown = g_new0(gsize, counts.n);
  counts.places = g_new0(gsize, counts.n * counts.n_places);
  count_more(&counts, protocol, block, first, n_participants);
  return counts;
}

static gsize spread(const gsize *counts, gsize n) {
  gsize least = G_MAXSIZE, most = 0;
  for (gsize i = 0; i < n; i++) {
    least = MIN(least, counts[i]);
    most = MAX(most, counts[i]);
  }
  return most - least;
}

/* Twelve images of three layers: every `cycle` participants from any number on are exact, and with Latin orders each
 * image at each place after `places`; images differ by `most` at most after any number of the first 10,000
 * participants. */
static void check_exact(const char *blocks, const char *name, gsize cycle, gsize places, gsize most) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = open_text(folder, 12, blocks);
  gsize block = 0;
  while (strcmp(protocol->blocks[block].name, name) != 0)
    block++;
  g_assert_cmpuint(allocation_cycle(protocol, block), ==, cycle);
  g_assert_cmpuint(allocation_place_cycle(protocol, block), ==, places);
  for (gsize first = 0; first <= 7; first++) {
    g_auto(Counts) one = count(protocol, block, first, cycle);
    g_assert_cmpuint(spread(one.shown, one.n), ==, 0);
    if (places == cycle)
      continue;
    g_auto(Counts) latin = count(protocol, block, first, places);
    g_assert_cmpuint(spread(latin.places, latin.n * latin.n_places), ==, 0);
  }
  gsize whole = MANY - MANY % places;
  g_auto(Counts) counts = count(protocol, block, 1, 0);
  for (gsize p = 1; p <= MANY; p++) {
    count_more(&counts, protocol, block, p, 1);
    g_assert_cmpuint(spread(counts.shown, counts.n), <=, p % cycle == 0 ? 0 : most);
    if (p == whole && places > cycle)
      g_assert_cmpuint(spread(counts.places, counts.n * counts.n_places), ==, 0);
  }
  support_remove(folder);
}

static void test_excluding_one_per_column_is_exact_in_all_orders(void) {
  static const struct { gsize images, cycle; } cases[] = {{1, 12}, {2, 12}, {3, 4}, {6, 4}, {9, 4}};
  static const char *const orders[] = {"latin", "random", "fixed"};
  static const char *const steps[] = {"a; c", "c; a"};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    for (gsize o = 0; o < 3; o++) {
      gsize m = cases[i].images, rows = o == 0 ? (m == 1 || m % 2 == 0 ? m : 2 * m) : 1;
      g_autofree char *blocks = g_strdup_printf("[block a]\nimages = %zu\norder = %s\nexclude = c\n" SCALES ONE_PER
                                                "[sequence]\nsteps = %s\n",
                                                m, orders[o], steps[(i + o) % 2]);
      check_exact(blocks, "a", cases[i].cycle, cases[i].cycle * rows, 2);
    }
}

/* Other blocks rotate and are balanced at the same time. */
static void test_excluding_among_other_designs_is_exact(void) {
  check_exact("[block pr]\nphase = practice\nimages = 2\n" SCALES "[block a]\nimages = 4\ndesign = balanced\n" SCALES
              "[block b]\nimages = 4\norder = latin\nexclude = c\n" SCALES ONE_PER "[sequence]\nsteps = pr; a; b; c\n",
              "b", 12, 48, 2);
}

static void test_excluding_a_balanced_block_is_exact(void) {
  check_exact("[block a]\nimages = 3\norder = latin\nexclude = b\n" SCALES
              "[block b]\nimages = 4\ndesign = balanced\n" SCALES "[sequence]\nsteps = a; b\n",
              "a", 132, 792, 4);
}

static void test_excluding_blocks_exclude_one_another(void) {
  static const char blocks[] =
      "[block f]\nimages = all\nexclude = d\n" SCALES "[block d]\nimages = 5\norder = latin\nexclude = a; c\n" SCALES
      "[block a]\nimages = 4\nexclude = c\n" SCALES ONE_PER "[sequence]\nsteps = a; d; c; f\n";
  check_exact(blocks, "a", 12, 12, 2);
  check_exact(blocks, "d", 12, 120, 2);
  check_exact(blocks, "f", 12, 12, 2);
}

/* Two blocks that can share images leave 7 or more of 12. Fractions could be even, so that whole images are. */
static void test_excluding_two_blocks_that_overlap_keeps_apart(void) {
  check_exact("[block a]\nimages = 4\nexclude = b; c\n" SCALES
              "[block b]\nimages = 2\ndesign = balanced\n" SCALES ONE_PER "[sequence]\nsteps = a; b; c\n",
              "a", 132, 132, 5);
}

/* 257 images, 10 a participant: the balanced block comes round after 32,896 participants, too many for one choice. */
static void test_long_rounds_are_nearly_even(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol =
      open_text(folder, 257,
                "[block a]\nimages = 5\nexclude = b\n" SCALES "[block b]\nimages = 10\ndesign = balanced\n" SCALES
                "[sequence]\nsteps = a; b\n");
  g_assert_cmpuint(allocation_cycle(protocol, 0), >, 8000000 / 257);
  g_auto(Counts) counts = count(protocol, 0, 1, MANY);
  g_assert_cmpuint(spread(counts.shown, 257), <=, 50); /* of 195; by chance 80 */
  support_remove(folder);
}

/* Sessions that began under rules 2 go on with the images of then, where some were never shown; the images are what
 * dreamrig-present allocate printed at that time. */
static void test_earlier_rules_keep_their_images(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = open_text(
      folder, 12, "[block a]\nimages = 3\norder = latin\nexclude = c\n" SCALES ONE_PER "[sequence]\nsteps = a; c\n");
  g_assert_cmpuint(protocol->rules, ==, 3);
  protocol->rules = 2;
  g_assert_cmpuint(allocation_cycle(protocol, 0), ==, 4);
  static const gsize wanted[5][3] = {{0, 1, 3}, {2, 5, 9}, {7, 8, 10}, {0, 1, 7}, {0, 1, 3}};
  for (gsize p = 1; p <= 5; p++) {
    gsize rows[12];
    g_assert_cmpuint(allocation_images(protocol, 0, p, rows), ==, 3);
    for (gsize i = 0; i < 3; i++)
      g_assert_cmpuint(rows[i], ==, wanted[p - 1][i]);
  }
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/follow/excluding one per column is exact in all orders",
                  test_excluding_one_per_column_is_exact_in_all_orders);
  g_test_add_func("/follow/excluding among other designs is exact", test_excluding_among_other_designs_is_exact);
  g_test_add_func("/follow/excluding a balanced block is exact", test_excluding_a_balanced_block_is_exact);
  g_test_add_func("/follow/excluding blocks exclude one another", test_excluding_blocks_exclude_one_another);
  g_test_add_func("/follow/excluding two blocks that overlap keeps apart",
                  test_excluding_two_blocks_that_overlap_keeps_apart);
  g_test_add_func("/follow/long rounds are nearly even", test_long_rounds_are_nearly_even);
  g_test_add_func("/follow/earlier rules keep their images", test_earlier_rules_keep_their_images);
  return g_test_run();
}
