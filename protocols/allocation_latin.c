#include "protocols/allocation_latin.h"

gsize latin_rows(gsize n) { return n % 2 == 0 || n == 1 ? n : 2 * n; }

/* The first row runs 0, 1, n-1, 2, n-2, ...: its neighbours differ by 1, -2, 3, -4, ..., which are all the differences
 * modulo an even n, and half of them, the other half being the reversed rows', modulo an odd one. */
static gsize first_row(gsize n, gsize place) { return place % 2 == 1 ? (place + 1) / 2 : (n - place / 2) % n; }

void latin_row(gsize n, gsize row, gsize *order) {
  for (gsize place = 0; place < n; place++)
    order[row < n ? place : n - 1 - place] = (first_row(n, place) + row) % n;
}
