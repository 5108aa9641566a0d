#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stimuli/base/batch.h"

enum { BAR_CELLS = 24, MAX_LABEL = 24 };

#define REDRAW_US (100 * 1000)
#define LINE_US (10 * G_TIME_SPAN_SECOND)

struct Progress {
  char *label;
  gsize total;
  double total_work; /* equals total where units are alike */
  bool terminal;
  gint64 start; /* g_get_monotonic_time */
  GMutex mutex; /* guards what follows */
  gsize done, shown_done;
  double work;
  gsize shown_tenth;
  gint64 shown; /* when the last line was written */
};

Progress *progress_new(const char *label, gsize total) { return progress_new_weighted(label, total, (double)total); }

Progress *progress_new_weighted(const char *label, gsize total, double total_work) {
  Progress *progress = g_new0(Progress, 1);
  progress->label = g_strdup(label);
  progress->total = total;
  progress->total_work = total_work;
  progress->shown_done = G_MAXSIZE;
  progress->terminal = isatty(STDERR_FILENO) != 0;
  progress->start = g_get_monotonic_time();
  progress->shown = progress->start;
  g_mutex_init(&progress->mutex);
  return progress;
}

static void format_duration(char *text, gsize size, double seconds) {
  guint64 s = (guint64)(seconds + 0.5);
  if (s >= 3600)
    g_snprintf(text, size, "%" G_GUINT64_FORMAT ":%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
  else
    g_snprintf(text, size, "%d:%02d", (int)(s / 60), (int)(s % 60));
}

/* "12/40, 1.3/s, 0:21 left", or the time taken once all is done. */
static void format_state(const Progress *progress, gint64 now, char *text, gsize size) {
  double elapsed = (double)(now - progress->start) / 1e6;
  double rate = elapsed > 0 ? (double)progress->done / elapsed : 0;
  char duration[32];
  int length = g_snprintf(text, size, "%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT, progress->done, progress->total);
  char *rest = text + length;
  gsize left = size - (gsize)length;
  if (progress->done >= progress->total) {
    format_duration(duration, sizeof duration, elapsed);
    g_snprintf(rest, left, " in %s", duration);
  } else if (progress->done > 0 && progress->work > 0) {
    format_duration(duration, sizeof duration, elapsed * MAX(progress->total_work / progress->work - 1, 0));
    if (rate >= 1)
      g_snprintf(rest, left, ", %.1f/s, %s left", rate, duration);
    else
      g_snprintf(rest, left, ", %.1f s each, %s left", 1 / rate, duration);
  }
}

static double fraction(const Progress *progress) {
  if (progress->done >= progress->total || progress->total_work <= 0)
    return 1;
  return MIN(progress->work / progress->total_work, 1);
}

/* \033[K wipes what a longer line left behind. */
static void draw_bar(const Progress *progress, const char *state) {
  char bar[BAR_CELLS + 1];
  gsize cells = (gsize)(fraction(progress) * BAR_CELLS);
  for (gsize i = 0; i < BAR_CELLS; i++)
    bar[i] = i < cells ? '#' : '.';
  bar[BAR_CELLS] = '\0';
  fprintf(stderr, "\r%.*s [%s] %s\033[K", MAX_LABEL, progress->label, bar, state);
  fflush(stderr);
}

static void show(Progress *progress, bool last) {
  gint64 now = g_get_monotonic_time(), since = now - progress->shown;
  gsize tenth = (gsize)(fraction(progress) * 10);
  bool due = progress->terminal ? since >= REDRAW_US : tenth > progress->shown_tenth && since >= LINE_US;
  if ((!due && !last) || (last && !progress->terminal && progress->shown_done == progress->done))
    return;
  char state[128];
  format_state(progress, now, state, sizeof state);
  if (progress->terminal)
    draw_bar(progress, state);
  else
    fprintf(stderr, "%s: %s\n", progress->label, state);
  progress->shown = now;
  progress->shown_done = progress->done;
  progress->shown_tenth = tenth;
}

void progress_step(Progress *progress, gsize done) { progress_step_weighted(progress, done, (double)done); }

void progress_step_weighted(Progress *progress, gsize done, double work) {
  g_mutex_lock(&progress->mutex);
  progress->done = MIN(progress->done + done, progress->total);
  progress->work += work;
  show(progress, false);
  g_mutex_unlock(&progress->mutex);
}

void progress_free(Progress *progress) {
  if (progress == NULL)
    return;
  show(progress, true);
  if (progress->terminal)
    fputc('\n', stderr);
  g_mutex_clear(&progress->mutex);
  g_free(progress->label);
  g_free(progress);
}
