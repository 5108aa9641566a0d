#include "present/display/placement.h"

#include "tests/support.h"

static void test_pointer_on_a_dense_screen(void) {
  Placement dense = placement_new((Size){1600, 1200}, (Size){1600, 1200}, (Size){800, 600});
  double x = 0, y = 0;
  placement_to_frame(&dense, 311.5, 207.25, &x, &y);
  g_assert_cmpfloat(x, ==, 623);
  g_assert_cmpfloat(y, ==, 414.5);
  /* The frame of 1600 x 1200 in 2000 x 1000 px of 1.25 px a unit: 1333 x 1000 px, 333 px from the left. */
  Placement wide = placement_new((Size){1600, 1200}, (Size){2000, 1000}, (Size){1600, 800});
  g_assert_cmpint(wide.width, ==, 1333);
  g_assert_cmpint(wide.x, ==, 333);
  g_assert_cmpint(wide.y, ==, 0);
  placement_to_frame(&wide, 333 / 1.25, 0, &x, &y);
  support_assert_near("left edge", x, 0, 0, 1e-9);
  placement_to_frame(&wide, 1666 / 1.25, 800, &x, &y);
  support_assert_near("right edge", x, 1600, 1e-12, 0);
  support_assert_near("lower edge", y, 1200, 1e-12, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/placement/finds the pointer on a dense screen", test_pointer_on_a_dense_screen);
  return g_test_run();
}
