#include "protocols/allocation_even.h"

#include <stdbool.h>
#include <string.h>

#include "stimuli/base/random.h"

/* Counts the chosen of each image; fails unless each participant has `count` and none that is forbidden. */
static void count_chosen(const guint8 *cells, const guint8 *before, gsize n_participants, gsize n, gsize count,
                         gsize *chosen) {
  memset(chosen, 0, n * sizeof *chosen);
  for (gsize p = 0; p < n_participants; p++) {
    gsize of_row = 0;
    for (gsize i = 0; i < n; i++) {
      gsize at = p * n + i;
      of_row += cells[at] == EVEN_CHOSEN;
      chosen[i] += cells[at] == EVEN_CHOSEN;
      g_assert_true((cells[at] == EVEN_FORBIDDEN) == (before[at] == EVEN_FORBIDDEN));
    }
    g_assert_cmpuint(of_row, ==, count);
  }
}

static gsize sum_of_squares(const gsize *chosen, gsize n) {
  gsize sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += chosen[i] * chosen[i];
  return sum;
}

/* The least sum of squares of all choices of 2 images a participant, tried one after another. */
static gsize least_of_all(const guint8 *cells, gsize n_participants, gsize n, gsize *chosen) {
  if (n_participants == 0)
    return sum_of_squares(chosen, n);
  gsize least = G_MAXSIZE;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < i; j++) {
      if (cells[i] != EVEN_FREE || cells[j] != EVEN_FREE)
        continue;
      chosen[i]++;
      chosen[j]++;
      gsize found = least_of_all(cells + n, n_participants - 1, n, chosen);
      least = MIN(least, found);
      chosen[i]--;
      chosen[j]--;
    }
  return least;
}

static void test_no_choice_is_more_even(void) {
  static const gsize order[] = {4, 0, 3, 1, 2};
  Random random;
  random_init_stream(&random, 5, "even");
  gsize uneven = 0;
  for (int trial = 0; trial < 300; trial++) {
    guint8 cells[5 * 5], before[5 * 5];
    gsize chosen[5] = {0};
    for (gsize p = 0; p < 5; p++) {
      gsize n_free;
      do {
        n_free = 0;
        for (gsize i = 0; i < 5; i++) {
          bool forbidden = random_below(&random, 10) < 2 + 2 * (guint32)(i < 3); /* the first three more often */
          before[p * 5 + i] = forbidden ? EVEN_FORBIDDEN : EVEN_FREE;
          n_free += !forbidden;
        }
      } while (n_free < 2);
    }
    memcpy(cells, before, sizeof cells);
    even_choose(cells, 5, 5, 2, order);
    count_chosen(cells, before, 5, 5, 2, chosen);
    gsize found = sum_of_squares(chosen, 5);
    memset(chosen, 0, sizeof chosen);
    g_assert_cmpuint(found, ==, least_of_all(before, 5, 5, chosen));
    uneven += found > 20;
  }
  g_assert_cmpuint(uneven, >, 10); /* some where ten choices can't be two of each */
}

/* Every participant is forbidden 7 of 30 and every image to 7 of 30 participants: 11 of 30 each, though the order takes
 * the images in the worst succession. */
static void test_regular_prohibitions_leave_an_exact_choice(void) {
  g_autofree guint8 *cells = g_new(guint8, 900), *before = g_new(guint8, 900);
  gsize order[30], chosen[30];
  for (gsize p = 0; p < 30; p++) {
    order[p] = 29 - p;
    for (gsize i = 0; i < 30; i++)
      before[p * 30 + i] = (i + 30 - p) % 30 < 7 ? EVEN_FORBIDDEN : EVEN_FREE;
  }
  for (gsize count = 1; count <= 23; count++) {
    memcpy(cells, before, 900);
    even_choose(cells, 30, 30, count, order);
    count_chosen(cells, before, 30, 30, count, chosen);
    for (gsize i = 0; i < 30; i++)
      g_assert_cmpuint(chosen[i], ==, count);
  }
}

static void test_first_participants_are_even_too(void) {
  guint8 cells[8 * 12] = {0}, before[8 * 12] = {0};
  gsize order[12], chosen[12];
  for (gsize i = 0; i < 12; i++)
    order[i] = i * 5 % 12;
  even_choose(cells, 8, 12, 3, order);
  for (gsize n = 1; n <= 8; n++) {
    count_chosen(cells, before, n, 12, 3, chosen);
    for (gsize i = 0; i < 12; i++)
      g_assert_true(chosen[i] == 3 * n / 12 || chosen[i] == (3 * n + 11) / 12);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/even/no choice is more even", test_no_choice_is_more_even);
  g_test_add_func("/even/regular prohibitions leave an exact choice", test_regular_prohibitions_leave_an_exact_choice);
  g_test_add_func("/even/first participants are even too", test_first_participants_are_even_too);
  return g_test_run();
}
