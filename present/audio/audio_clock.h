/* When audio frames are heard: a straight line through the times at which the device asked for them.
 *
 * No portable interface tells when a frame leaves the converter. What is known is when each callback came, and that a
 * device with two buffers of one period plays the frames handed over between 0 and 2 periods later. So a frame's time
 * is the fitted callback time plus one period, and its bound is one period plus the largest distance of a callback from
 * the line: one that came so late without the device running dry shows that its buffers are that much deeper. What the
 * driver and the hardware add behind them stays unknown, and only a measurement at the ear tells it. */
#ifndef DREAMRIG_PRESENT_AUDIO_CLOCK_H
#define DREAMRIG_PRESENT_AUDIO_CLOCK_H

#include <glib.h>
#include <stdbool.h>

#define AUDIO_CLOCK_STAMPS 512 /* the fit's window */
#define AUDIO_CLOCK_LEAST 16   /* stamps before there is a fit */
#define AUDIO_CLOCK_LATE 16    /* so many callbacks in a row, each over a period late, are an underrun */

typedef struct {
  guint64 frame;
  gint64 time_ns;
} AudioStamp;

typedef struct {
  guint64 frame;       /* the line's origin */
  double time_ns;      /* there */
  double ns_per_frame; /* nominal while the window is short of a second */
  double scatter_ns;   /* root mean square distance of the stamps from the line */
  double worst_ns;     /* the largest such distance */
  double period_ns;
} AudioFit;

typedef struct {
  int rate_hz;
  guint period_frames;
  AudioStamp stamps[AUDIO_CLOCK_STAMPS]; /* a ring */
  gsize n_stamps, next;
  AudioFit fit;                      /* valid from AUDIO_CLOCK_LEAST stamps on */
  AudioStamp late[AUDIO_CLOCK_LATE]; /* the latest ones, over a period late: not yet taken up */
  guint n_late;
  guint64 n_underruns;
} AudioClock;

void audio_clock_init(AudioClock *clock, int rate_hz, guint period_frames);
/* A callback came at time_ns for the frames from `frame` on. True: the device had run dry (the line is begun anew). A
 * callback that is late once, or a bunch of them that catches up, is no underrun: the line stays. */
bool audio_clock_stamp(AudioClock *clock, guint64 frame, gint64 time_ns);
bool audio_clock_is_ready(const AudioClock *clock);

/* The line through the same time at this frame whose rate a converter can have: the fitted one, or, where that is over
 * AUDIO_CLOCK_MOST off the nominal rate, the nominal one (callbacks of drivers without a device are paced by sleeping,
 * and samples are still samples). */
AudioFit audio_fit_steady(const AudioFit *fit, guint64 frame, int rate_hz);
#define AUDIO_CLOCK_MOST 1e-3
/* When a frame is heard, and its bound, both ns. */
gint64 audio_fit_time_ns(const AudioFit *fit, guint64 frame);
gint64 audio_fit_bound_ns(const AudioFit *fit);
/* The frame that is heard nearest to a time; 0 for times before the first. */
guint64 audio_fit_frame(const AudioFit *fit, gint64 time_ns);

#endif
