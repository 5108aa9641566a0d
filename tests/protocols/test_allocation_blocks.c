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
  g_assert_cmpuint(block_design_pairs(design), ==, pairs);
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

static void test_sizes_without_a_known_design_are_refused_with_the_bound(void) {
  BlockDesign *design = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(block_design_new(720, 144, &design, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "720 images, 144 a participant"));
  g_assert_nonnull(strstr(error->message, "3595 participants"));
  g_assert_null(design);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/allocation_blocks/images and pairs are balanced", test_images_and_pairs_are_balanced);
  g_test_add_func("/allocation_blocks/bound is what arithmetic demands", test_bound_is_what_arithmetic_demands);
  g_test_add_func("/allocation_blocks/sizes without a known design are refused with the bound",
                  test_sizes_without_a_known_design_are_refused_with_the_bound);
  return g_test_run();
}
