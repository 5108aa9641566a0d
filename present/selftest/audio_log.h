/* All callbacks of a measurement, of which the sound device's clock (audio_clock.h) keeps only the last: what a
 * self-test reports and draws. */
#ifndef DREAMRIG_PRESENT_AUDIO_LOG_H
#define DREAMRIG_PRESENT_AUDIO_LOG_H

#include "present/audio/audio_clock.h"

typedef struct {
  guint64 frame;
  gint64 time_ns;
  guint64 run; /* underruns before it: callbacks between two of them have one line */
} AudioLogStamp;

typedef struct {
  GArray *stamps; /* AudioLogStamp, by frame */
} AudioLog;

AudioLog audio_log_new(void);
void audio_log_clear(AudioLog *log);
/* Takes up the callbacks since the last call. At most AUDIO_CLOCK_STAMPS may have come, or some are missing; those of
 * the moments before an underrun that was not seen yet are lost. */
void audio_log_take(AudioLog *log, const AudioClock *clock);

/* One callback as it is drawn. */
typedef struct {
  double time_s;       /* since the first */
  double deviation_ms; /* its time less the first one's, less what its frames last at the nominal rate */
  double line_ms;      /* the least-squares line of its run, there */
} AudioLogPoint;

typedef struct {
  AudioLogPoint *points; /* (n); owned */
  gsize n;
  double drift_ppm;    /* of the longest run's line: how much faster than nominal the device's clock runs */
  double scatter_ms;   /* root mean square distance from the lines */
  double worst_ms;     /* largest distance from a line */
  double *underruns_s; /* (n_underruns): the first callback after each, since the first of all; owned */
  gsize n_underruns;   /* seen by the log */
} AudioLogFit;

/* A line for each run. Fails nowhere: without callbacks n is 0 and the numbers are NaN. Free with audio_log_fit_clear.
 */
void audio_log_fit(const AudioLog *log, int rate_hz, AudioLogFit *fit);
void audio_log_fit_clear(AudioLogFit *fit);

#endif
