/* The ladder of flip sources: finds the best one that a display really has, measures the refresh by it, and shows
 * frames by it. The swap and the sources are given from outside: a display's, or a test's. */
#ifndef DREAMRIG_PRESENT_FLIP_LADDER_H
#define DREAMRIG_PRESENT_FLIP_LADDER_H

#include "present/display/clock.h"
#include "present/display/flip.h"

/* One rung's source. The source is the first member of its own struct. */
typedef struct FlipSource FlipSource;
struct FlipSource {
  FlipRung rung;
  void (*before)(FlipSource *source); /* right before the swap; may be NULL */
  /* Waits until the frame of the last swap is shown, or until_ns on `clock`. FLIP_OML and FLIP_FINISH wait inside the
   * driver, which can't be told to give up: a driver that never answers holds them. */
  void (*after)(FlipSource *source, Clock *clock, gint64 until_ns, FlipStamp *stamp);
  void (*free)(FlipSource *source);
};

void flip_source_free(FlipSource *source); /* legal on NULL */

typedef struct {
  Clock *clock;
  void (*swap)(gpointer screen); /* shows what is drawn at the next refresh, and may wait for it */
  gpointer screen;
  FlipSource *source; /* owned; NULL: none is trusted */
  FlipJudge judge;
  RefreshFacts refresh; /* as the source of judge.rung measured it, or the last one that failed */
  char *note;           /* why flips are untrusted, in plain words; "" where they are trusted */
} FlipLadder;

typedef struct {
  double nominal_hz; /* 0: not known */
  const char
      *condemned; /* why no source could be trusted here ("software renderer"); NULL: nothing speaks against it */
  bool whole_screen;
} FlipFacts;

/* Tries the sources (owned, best first; NULLs are passed over) until one's start-up measurement is trusted, at most
 * three times each, and frees the others. Fills the ladder but clock, swap and screen, which are set before. Swaps some
 * 70 to 200 times a source. */
void flip_ladder_climb(FlipLadder *ladder, FlipSource **sources, gsize n_sources, const FlipFacts *facts);
/* Swaps so that the frame appears at the first refresh at or after wanted_ns (0: as soon as possible), and waits until
 * it is shown. */
void flip_ladder_show(FlipLadder *ladder, gint64 wanted_ns, Flip *flip);
/* Nothing is known from here on: the window moved to another screen, or the screen changed its mode. */
void flip_ladder_distrust(FlipLadder *ladder, const char *note);
/* "1830 flips, 2 refreshes missed, 0 early, 0 between refreshes; rejected stamps: 1 zero". Free with g_free. */
char *flip_ladder_summary(const FlipLadder *ladder);
void flip_ladder_clear(FlipLadder *ladder);

#endif
