#include "present/display/clock.h"

#include <errno.h>
#include <time.h>

struct Clock {
  bool simulated;
  gint64 simulated_ns;
};

Clock *clock_new_real(void) { return g_new0(Clock, 1); }

Clock *clock_new_simulated(gint64 start_ns) {
  Clock *clock = g_new0(Clock, 1);
  clock->simulated = true;
  clock->simulated_ns = start_ns;
  return clock;
}

void clock_free(Clock *clock) { g_free(clock); }

gint64 clock_now_ns(const Clock *clock) {
  if (clock->simulated)
    return clock->simulated_ns;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (gint64)now.tv_sec * NS_PER_S + (gint64)now.tv_nsec;
}

void clock_wait_until(Clock *clock, gint64 time_ns) {
  if (clock->simulated) {
    clock->simulated_ns = MAX(clock->simulated_ns, time_ns);
    return;
  }
  struct timespec until = {.tv_sec = (time_t)(time_ns / NS_PER_S), .tv_nsec = (long)(time_ns % NS_PER_S)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
    continue;
}

bool clock_is_simulated(const Clock *clock) { return clock->simulated; }
