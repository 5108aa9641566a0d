#include "protocols/allocation_latin.h"

static void test_rows_start_as_williams_has_them(void) {
  static const gsize wanted[] = {2, 3, 1, 4, 0, 5}; /* 0 1 5 2 4 3, and 2 more modulo 6 */
  gsize order[6];
  latin_row(6, 2, order);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpuint(order[i], ==, wanted[i]);
}

/* Every condition at every place, and behind every other one, equally often over the rows. */
static void test_places_and_neighbours_are_balanced(void) {
  static const gsize sizes[] = {1, 2, 3, 4, 5, 6, 7, 12, 13, 144};
  for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++) {
    gsize n = sizes[s], rows = latin_rows(n), each = rows / n;
    g_autofree gsize *places = g_new0(gsize, n * n), *follows = g_new0(gsize, n * n), *order = g_new(gsize, n);
    for (gsize row = 0; row < rows; row++) {
      latin_row(n, row, order);
      for (gsize i = 0; i < n; i++) {
        places[order[i] * n + i]++;
        if (i > 0)
          follows[order[i] * n + order[i - 1]]++;
      }
    }
    for (gsize i = 0; i < n * n; i++) {
      g_assert_cmpuint(places[i], ==, each);
      g_assert_cmpuint(follows[i], ==, i / n == i % n ? 0 : each);
    }
  }
}

static void test_odd_designs_need_twice_as_many_rows(void) {
  g_assert_cmpuint(latin_rows(8), ==, 8);
  g_assert_cmpuint(latin_rows(9), ==, 18);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/allocation_latin/rows start as Williams has them", test_rows_start_as_williams_has_them);
  g_test_add_func("/allocation_latin/places and neighbours are balanced", test_places_and_neighbours_are_balanced);
  g_test_add_func("/allocation_latin/odd designs need twice as many rows", test_odd_designs_need_twice_as_many_rows);
  return g_test_run();
}
