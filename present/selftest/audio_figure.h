/* The figure of the sound device's self-test. */
#ifndef DREAMRIG_PRESENT_AUDIO_FIGURE_H
#define DREAMRIG_PRESENT_AUDIO_FIGURE_H

#include "present/selftest/audio_log.h"

/* One probe: when it was to begin, how far the fitted onset lay from there, and how sure that is. */
typedef struct {
  double time_s; /* since the first callback */
  double error_ms;
  double bound_ms; /* NaN: nobody knows */
} AudioProbe;

typedef struct {
  const AudioLogFit *callbacks;
  double period_ms; /* of one callback: a frame of it is heard within that much of the fitted time */
  const AudioProbe *probes;
  gsize n_probes;
} AudioFigure;

/* Draws three panels over time into PATH.svg or PATH.png, atomic: the callbacks' times against the nominal clock with
 * the fitted lines; their distances from these lines with the bound of one period; the probes' onsets less their
 * planned times with their bounds. Underruns are vertical lines across all three. */
bool audio_figure_write(const AudioFigure *figure, const char *path, GError **error);

#endif
