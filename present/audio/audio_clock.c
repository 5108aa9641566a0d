#include "present/audio/audio_clock.h"

#include <math.h>

#include "present/display/clock.h"

void audio_clock_init(AudioClock *clock, int rate_hz, guint period_frames) {
  *clock = (AudioClock){.rate_hz = rate_hz, .period_frames = period_frames};
}

bool audio_clock_is_ready(const AudioClock *clock) { return clock->n_stamps >= AUDIO_CLOCK_LEAST; }

/* Least squares of time on frame, both counted from the newest stamp, so that no digit is lost after days. */
static void fit(AudioClock *clock) {
  const AudioStamp *newest = &clock->stamps[(clock->next + AUDIO_CLOCK_STAMPS - 1) % AUDIO_CLOCK_STAMPS];
  double n = (double)clock->n_stamps, frames = 0, times = 0;
  guint64 oldest = newest->frame;
  for (gsize i = 0; i < clock->n_stamps; i++) {
    frames -= (double)(newest->frame - clock->stamps[i].frame);
    times += (double)(clock->stamps[i].time_ns - newest->time_ns);
    oldest = MIN(oldest, clock->stamps[i].frame);
  }
  double mean_frame = frames / n, mean_time = times / n, xx = 0, xy = 0;
  for (gsize i = 0; i < clock->n_stamps; i++) {
    double x = -(double)(newest->frame - clock->stamps[i].frame) - mean_frame;
    double y = (double)(clock->stamps[i].time_ns - newest->time_ns) - mean_time;
    xx += x * x;
    xy += x * y;
  }
  double nominal = (double)NS_PER_S / clock->rate_hz;
  double slope = newest->frame - oldest >= (guint64)clock->rate_hz ? xy / xx : nominal;
  double squares = 0, worst = 0;
  for (gsize i = 0; i < clock->n_stamps; i++) {
    double x = -(double)(newest->frame - clock->stamps[i].frame) - mean_frame;
    double distance = (double)(clock->stamps[i].time_ns - newest->time_ns) - mean_time - slope * x;
    squares += distance * distance;
    worst = fmax(worst, fabs(distance));
  }
  clock->fit = (AudioFit){.frame = newest->frame,
                          .time_ns = (double)newest->time_ns + mean_time - slope * mean_frame,
                          .ns_per_frame = slope,
                          .scatter_ns = sqrt(squares / n),
                          .worst_ns = worst,
                          .period_ns = clock->period_frames * nominal};
}

/* When the callback for a frame should come. */
static double expected_ns(const AudioFit *line, guint64 frame) {
  return line->time_ns + ((double)frame - (double)line->frame) * line->ns_per_frame;
}

static void add(AudioClock *clock, guint64 frame, gint64 time_ns) {
  clock->stamps[clock->next] = (AudioStamp){frame, time_ns};
  clock->next = (clock->next + 1) % AUDIO_CLOCK_STAMPS;
  clock->n_stamps = MIN(clock->n_stamps + 1, AUDIO_CLOCK_STAMPS);
}

bool audio_clock_stamp(AudioClock *clock, guint64 frame, gint64 time_ns) {
  if (audio_clock_is_ready(clock) && (double)time_ns - expected_ns(&clock->fit, frame) > clock->fit.period_ns) {
    clock->late[clock->n_late++] = (AudioStamp){frame, time_ns};
    if (clock->n_late < AUDIO_CLOCK_LATE)
      return false; /* until it is known whether the device ran dry, the line stays as it was */
  }
  bool underrun = clock->n_late == AUDIO_CLOCK_LATE;
  if (underrun) {
    clock->n_underruns++;
    clock->n_stamps = clock->next = 0;
  }
  for (guint i = 0; i < clock->n_late; i++)
    add(clock, clock->late[i].frame, clock->late[i].time_ns);
  clock->n_late = 0;
  if (!underrun)
    add(clock, frame, time_ns);
  if (audio_clock_is_ready(clock))
    fit(clock);
  return underrun;
}

AudioFit audio_fit_steady(const AudioFit *line, guint64 frame, int rate_hz) {
  AudioFit steady = *line;
  double nominal = (double)NS_PER_S / rate_hz;
  steady.time_ns = expected_ns(line, frame);
  steady.frame = frame;
  if (fabs(line->ns_per_frame / nominal - 1) > AUDIO_CLOCK_MOST)
    steady.ns_per_frame = nominal;
  return steady;
}

gint64 audio_fit_time_ns(const AudioFit *line, guint64 frame) {
  return (gint64)llround(expected_ns(line, frame) + line->period_ns);
}

gint64 audio_fit_bound_ns(const AudioFit *line) { return (gint64)ceil(line->period_ns + line->worst_ns); }

guint64 audio_fit_frame(const AudioFit *line, gint64 time_ns) {
  double frames = ((double)time_ns - line->period_ns - line->time_ns) / line->ns_per_frame;
  return (guint64)llround(fmax((double)line->frame + frames, 0));
}
