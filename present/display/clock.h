/* Time, real or simulated: nanoseconds on one monotonic axis, so that the session's code is the same for both.
 *
 * The real clock is CLOCK_MONOTONIC and nothing else (SDL's ticks are CLOCK_MONOTONIC_RAW and drift against it). The
 * simulated clock moves only when somebody waits on it. */
#ifndef DREAMRIG_PRESENT_CLOCK_H
#define DREAMRIG_PRESENT_CLOCK_H

#include <glib.h>
#include <stdbool.h>

#define NS_PER_MS G_GINT64_CONSTANT(1000000)
#define NS_PER_S G_GINT64_CONSTANT(1000000000)

typedef struct Clock Clock;

Clock *clock_new_real(void);
/* Starts at start_ns. */
Clock *clock_new_simulated(gint64 start_ns);
void clock_free(Clock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clock, clock_free)

gint64 clock_now_ns(const Clock *clock);
/* Real: sleeps until then; simulated: jumps there. A time in the past returns at once and moves nothing. */
void clock_wait_until(Clock *clock, gint64 time_ns);
bool clock_is_simulated(const Clock *clock);

#endif
