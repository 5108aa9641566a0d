#include "protocols/allocation_blocks.h"

#include <string.h>

#include "stimuli/base/error.h"

static BlockDesign *design_of(gsize v, gsize k) {
  GError *error = NULL;
  BlockDesign *design = NULL;
  block_design_new(v, k, &design, &error);
  g_assert_no_error(error);
  return design;
}

/* Every image in b k / v blocks of k images, every pair in the same number of them. */
static void check_design(gsize v, gsize k, gsize participants, gsize pairs) {
  g_autoptr(BlockDesign) design = design_of(v, k);
  gsize b = block_design_participants(design);
  g_assert_cmpuint(b, ==, participants);
  gsize fewest = 0, most = 0;
  g_assert_true(block_design_pairs(design, &fewest, &most));
  g_assert_cmpuint(fewest, ==, pairs);
  g_assert_cmpuint(most, ==, pairs);
  g_autofree gsize *together = g_new0(gsize, v * v);
  g_autofree bool *images = g_new(bool, v);
  for (gsize block = 0; block < b; block++) {
    gsize size = 0;
    block_design_mark(design, block, images);
    for (gsize i = 0; i < v; i++) {
      size += images[i];
      for (gsize j = 0; j < v; j++)
        together[i * v + j] += images[i] && images[j];
    }
    g_assert_cmpuint(size, ==, k);
  }
  for (gsize i = 0; i < v * v; i++)
    g_assert_cmpuint(together[i], ==, i / v == i % v ? b * k / v : pairs);
}

static void test_images_and_pairs_are_balanced(void) {
  check_design(7, 3, 7, 1);        /* the Fano plane */
  check_design(13, 4, 13, 1);      /* the projective plane of order 3 */
  check_design(57, 8, 57, 1);      /* of order 7 */
  check_design(6, 3, 10, 2);       /* with a fixed image */
  check_design(24, 8, 69, 7);      /* likewise */
  check_design(12, 8, 33, 14);     /* the complements of (12, 4) */
  check_design(9, 2, 36, 1);       /* all pairs */
  check_design(8, 7, 8, 6);        /* all but one */
  check_design(53, 20, 1378, 190); /* the multiples of one block */
}

static void test_bound_is_what_arithmetic_demands(void) {
  g_assert_cmpuint(block_design_bound(12, 4), ==, 33);
  g_assert_cmpuint(block_design_bound(57, 8), ==, 57);
  g_assert_cmpuint(block_design_bound(720, 144), ==, 3595); /* r (k - 1) = lambda (v - 1), and 719 is prime */
}

/* Counts what the design says of itself: images after every v participants, pairs after all. */
static void check_nearly(gsize v, gsize k, gsize n_base, gsize want_fewest, gsize want_most) {
  g_autoptr(BlockDesign) design = design_of(v, k);
  gsize b = block_design_participants(design), fewest = 0, most = 0, low = G_MAXSIZE, high = 0;
  g_assert_cmpuint(b, ==, n_base * v);
  g_assert_cmpuint(block_design_round(design), ==, v);
  g_assert_false(block_design_pairs(design, &fewest, &most));
  g_autofree gsize *together = g_new0(gsize, v * v);
  g_autofree bool *images = g_new(bool, v);
  for (gsize block = 0; block < b; block++) {
    block_design_mark(design, block, images);
    for (gsize i = 0; i < v; i++)
      for (gsize j = 0; j < v; j++)
        together[i * v + j] += images[i] && images[j];
    if ((block + 1) % v == 0)
      for (gsize i = 0; i < v; i++)
        g_assert_cmpuint(together[i * v + i], ==, (block + 1) / v * k);
  }
  for (gsize i = 0; i < v * v; i++)
    if (i / v != i % v) {
      low = MIN(low, together[i]);
      high = MAX(high, together[i]);
    }
  g_assert_cmpuint(fewest, ==, low);
  g_assert_cmpuint(most, ==, high);
  g_test_message("%zu of %zu: pairs %zu to %zu, on average %.3f", k, v, low, high,
                 (double)(b * k * (k - 1)) / (double)(v * (v - 1)));
  g_assert_cmpuint(low, ==, want_fewest);
  g_assert_cmpuint(high, ==, want_most);
}

static void test_sizes_without_a_known_design_are_balanced_in_images(void) {
  check_nearly(40, 10, 4, 9, 10);
  check_nearly(40, 30, 4, 89, 90); /* the complements */
  check_nearly(144, 48, 4, 61, 66);
  check_nearly(720, 144, 4, 110, 121);
}

static void test_too_many_images_are_refused(void) {
  BlockDesign *design = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(block_design_new(1001, 10, &design, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "1000 images at most, not for 1001"));
  g_assert_null(design);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/allocation_blocks/images and pairs are balanced", test_images_and_pairs_are_balanced);
  g_test_add_func("/allocation_blocks/bound is what arithmetic demands", test_bound_is_what_arithmetic_demands);
  g_test_add_func("/allocation_blocks/sizes without a known design are balanced in images",
                  test_sizes_without_a_known_design_are_balanced_in_images);
  g_test_add_func("/allocation_blocks/too many images are refused", test_too_many_images_are_refused);
  return g_test_run();
}
