#include "tests/present/display/fake_screen.h"

#include <math.h>

typedef struct {
  FlipSource base;
  FakeScreen *screen;
} FakeSource;

void fake_screen_init(FakeScreen *screen, double hz) {
  *screen = (FakeScreen){.clock = clock_new_simulated(10 * NS_PER_S), .period_ns = 1e9 / hz, .phase_ns = 123456};
  random_init(&screen->random, 7);
}

static gint64 refresh_after(const FakeScreen *screen, gint64 time_ns) {
  double k = ceil(((double)time_ns - screen->phase_ns) / screen->period_ns);
  return (gint64)llround(k * screen->period_ns + screen->phase_ns);
}

static void swap(gpointer context) {
  FakeScreen *screen = context;
  gint64 now = clock_now_ns(screen->clock) + 100000; /* drawing */
  gint64 shown = screen->variable ? MAX(now, screen->shown_ns + (gint64)screen->period_ns) : refresh_after(screen, now);
  if (screen->fault == FAKE_DROPS)
    shown += llround(2 * screen->period_ns);
  screen->count += llround((double)(shown - screen->shown_ns) / screen->period_ns);
  shown += llround(fmin(fabs(random_normal(&screen->random)), 3) * screen->irregular_ns);
  screen->before_ns = screen->shown_ns;
  screen->shown_ns = shown;
  screen->n_swaps++;
  gint64 noise = llround(fmin(fabs(random_normal(&screen->random)), 3) * screen->jitter_ns);
  clock_wait_until(screen->clock, shown + 20000 + noise);
}

static void after(FlipSource *source, Clock *clock, gint64 until_ns, FlipStamp *stamp) {
  const FakeScreen *screen = ((FakeSource *)source)->screen;
  *stamp = (FlipStamp){.answered = true, .time_ns = screen->shown_ns, .count = screen->count};
  if (source->rung == FLIP_FINISH)
    *stamp = (FlipStamp){.answered = true, .time_ns = clock_now_ns(clock)};
  switch (screen->fault) {
  case FAKE_DUPLICATE:
    stamp->time_ns = screen->before_ns;
    break;
  case FAKE_BACKWARDS:
    stamp->time_ns = screen->before_ns - 40 * NS_PER_MS;
    break;
  case FAKE_ZERO:
    stamp->time_ns = stamp->count = 0;
    break;
  case FAKE_AHEAD:
    stamp->time_ns += 50 * NS_PER_MS;
    break;
  case FAKE_STALE:
    stamp->time_ns = screen->before_ns + 5000;
    break;
  case FAKE_SILENT:
    stamp->answered = false;
    clock_wait_until(clock, until_ns);
    break;
  case FAKE_NEVER_SHOWN:
    *stamp = (FlipStamp){.dropped = true};
    break;
  case FAKE_SOFT:
    stamp->soft = true;
    break;
  default:
    break;
  }
}

static void fake_free(FlipSource *source) {
  ((FakeSource *)source)->screen->n_freed++;
  g_free(source);
}

FlipSource *fake_source_new(FakeScreen *screen, FlipRung rung) {
  FakeSource *source = g_new(FakeSource, 1);
  *source = (FakeSource){{rung, NULL, after, fake_free}, screen};
  return &source->base;
}

FlipLadder fake_ladder(FakeScreen *screen) {
  return (FlipLadder){.clock = screen->clock, .swap = swap, .screen = screen};
}
