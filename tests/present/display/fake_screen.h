/* A screen on a simulated clock that refreshes at a constant or variable rate, with a source that tells its flips well
 * or badly: for the ladder's tests. */
#ifndef DREAMRIG_TESTS_PRESENT_FAKE_SCREEN_H
#define DREAMRIG_TESTS_PRESENT_FAKE_SCREEN_H

#include "present/display/flip_ladder.h"
#include "stimuli/base/random.h"

typedef enum {
  FAKE_GOOD,
  FAKE_DROPS,     /* the frame comes two refreshes late */
  FAKE_DUPLICATE, /* the stamp of the flip before */
  FAKE_BACKWARDS, /* a stamp 40 ms before the flip before */
  FAKE_ZERO,
  FAKE_AHEAD, /* a stamp 50 ms in the future */
  FAKE_STALE, /* a stamp 5 us after the flip before, with a new count */
  FAKE_SILENT,
  FAKE_NEVER_SHOWN,
  FAKE_SOFT,
} FakeFault;

typedef struct {
  Clock *clock;
  double period_ns, phase_ns;
  double jitter_ns;    /* SD of the noise of the swap's return and of FLIP_FINISH's stamps */
  double irregular_ns; /* SD of the refreshes themselves */
  bool variable;       /* refreshes when a frame is there, at least a period after the one before */
  FakeFault fault;     /* of the flips from now on */
  Random random;
  gint64 shown_ns, before_ns; /* the last flip as it really was, and the one before */
  gint64 count;
  int n_swaps, n_freed;
} FakeScreen;

/* The clock is the screen's: free it with clock_free. */
void fake_screen_init(FakeScreen *screen, double hz);
/* A source of this rung that tells of the screen's flips. */
FlipSource *fake_source_new(FakeScreen *screen, FlipRung rung);
/* A ladder that swaps this screen and has not climbed yet. */
FlipLadder fake_ladder(FakeScreen *screen);

#endif
