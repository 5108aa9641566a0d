#include "present/display/display_null.h"

static void test_null_flips(void) {
  g_autoptr(Clock) clock = clock_new_simulated(2000);
  g_autoptr(Display) display = display_null_new(clock, 320, 320, 60, false);
  Flip flip;
  display_show(display, NULL, 0, &flip);
  g_assert_cmpint(flip.time_ns, ==, 16666667);
  display_show(display, NULL, flip.time_ns + 300 * NS_PER_MS, &flip); /* 18 refreshes later */
  g_assert_cmpint(flip.time_ns, ==, 316666667);
  g_assert_cmpint(flip.missed, ==, 0);
  clock_wait_until(clock, flip.time_ns + 100 * NS_PER_MS);
  display_show(display, NULL, 333 * NS_PER_MS, &flip); /* too late: 83.67 ms, five whole refreshes */
  g_assert_cmpint(flip.missed, ==, 5);
}

static void test_null_events(void) {
  g_autoptr(Clock) clock = clock_new_simulated(0);
  g_autoptr(Display) display = display_null_new(clock, 320, 320, 60, false);
  static const gint64 times_ms[] = {30, 10, 20, 10};
  for (int i = 0; i < 4; i++)
    display_null_push(display, &(Event){.kind = EVENT_KEY, .time_ns = times_ms[i] * NS_PER_MS, .x = i});
  Event event;
  g_assert_false(display_next_event(display, 5 * NS_PER_MS, &event));
  g_assert_cmpint(clock_now_ns(clock), ==, 5 * NS_PER_MS);
  static const int order[] = {1, 3, 2, 0};
  for (int i = 0; i < 4; i++) {
    g_assert_true(display_next_event(display, G_MAXINT64, &event));
    g_assert_cmpfloat(event.x, ==, order[i]);
    g_assert_cmpint(event.time_ns, ==, clock_now_ns(clock));
  }
  g_assert_true(display_next_event(display, G_MAXINT64, &event));
  g_assert_cmpint(event.kind, ==, EVENT_CLOSE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/display/shows at refreshes of the simulated clock", test_null_flips);
  g_test_add_func("/display/gives events in the order of their times", test_null_events);
  return g_test_run();
}
