#include "present/selftest/audio_log.h"

#include <math.h>

#include "present/display/clock.h"

AudioLog audio_log_new(void) { return (AudioLog){g_array_new(FALSE, FALSE, sizeof(AudioLogStamp))}; }

void audio_log_clear(AudioLog *log) { g_clear_pointer(&log->stamps, g_array_unref); }

static const AudioLogStamp *stamp_at(const AudioLog *log, gsize i) {
  return &g_array_index(log->stamps, AudioLogStamp, i);
}

void audio_log_take(AudioLog *log, const AudioClock *clock) {
  for (gsize i = 0; i < clock->n_stamps; i++) {
    const AudioStamp *stamp =
        &clock->stamps[(clock->next + AUDIO_CLOCK_STAMPS - clock->n_stamps + i) % AUDIO_CLOCK_STAMPS];
    guint n = log->stamps->len;
    if (n > 0 && stamp->frame <= stamp_at(log, n - 1)->frame)
      continue;
    AudioLogStamp taken = {stamp->frame, stamp->time_ns, clock->n_underruns};
    g_array_append_val(log->stamps, taken);
  }
}

/* The line through the points of [from, to), filled in; the slope in ms of deviation for a second. */
static double fit_run(AudioLogPoint *points, gsize from, gsize to) {
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, n = (double)(to - from);
  for (gsize i = from; i < to; i++) {
    mean_x += points[i].time_s / n;
    mean_y += points[i].deviation_ms / n;
  }
  for (gsize i = from; i < to; i++) {
    double x = points[i].time_s - mean_x;
    xx += x * x;
    xy += x * (points[i].deviation_ms - mean_y);
  }
  double slope = xx > 0 ? xy / xx : 0;
  for (gsize i = from; i < to; i++)
    points[i].line_ms = mean_y + slope * (points[i].time_s - mean_x);
  return slope;
}

void audio_log_fit(const AudioLog *log, int rate_hz, AudioLogFit *fit) {
  gsize n = log->stamps->len, longest = 0;
  double squares = 0;
  *fit = (AudioLogFit){.n = n, .drift_ppm = NAN, .scatter_ms = NAN, .worst_ms = NAN};
  if (n == 0)
    return;
  fit->points = g_new0(AudioLogPoint, n);
  fit->underruns_s = g_new0(double, n);
  for (gsize i = 0; i < n; i++) {
    const AudioLogStamp *stamp = stamp_at(log, i), *first = stamp_at(log, 0);
    double passed_ns = (double)(stamp->time_ns - first->time_ns);
    double nominal_ns = (double)(stamp->frame - first->frame) * ((double)NS_PER_S / rate_hz);
    fit->points[i].time_s = passed_ns / (double)NS_PER_S;
    fit->points[i].deviation_ms = (passed_ns - nominal_ns) / (double)NS_PER_MS;
  }
  for (gsize from = 0, to; from < n; from = to) {
    for (to = from + 1; to < n && stamp_at(log, to)->run == stamp_at(log, from)->run; to++)
      ;
    if (from > 0)
      fit->underruns_s[fit->n_underruns++] = fit->points[from].time_s;
    double slope = fit_run(fit->points, from, to);
    if (to - from > longest)
      fit->drift_ppm = -1000 * slope; /* a fast device asks early */
    longest = MAX(longest, to - from);
  }
  fit->worst_ms = 0;
  for (gsize i = 0; i < n; i++) {
    double off = fit->points[i].deviation_ms - fit->points[i].line_ms;
    squares += off * off;
    fit->worst_ms = fmax(fit->worst_ms, fabs(off));
  }
  fit->scatter_ms = sqrt(squares / (double)n);
}

void audio_log_fit_clear(AudioLogFit *fit) {
  g_clear_pointer(&fit->points, g_free);
  g_clear_pointer(&fit->underruns_s, g_free);
}
