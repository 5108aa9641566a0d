#include "present/bids/bids_images.h"

#include <math.h>
#include <string.h>

/* A marker is written so much before and after its image's onset at most, in s: where the flip's time is the middle of
 * a refresh, and where the program was kept waiting. */
#define EARLY 0.1
#define LATE 0.5

double bids_image_duration(const JournalContents *contents, const TrialRecord *trial) {
  if (!isfinite(trial->image_duration) || isfinite(trial->image_hidden))
    return trial->image_duration;
  double paused_at = NAN, hidden = 0;
  for (guint i = 0; i < contents->events->len; i++) {
    const EventRecord *event = contents->events->pdata[i];
    if (event->part != trial->part || event->time < trial->onset_actual ||
        event->time > trial->onset_actual + trial->image_duration)
      continue;
    if (strcmp(event->kind, "pause") == 0)
      paused_at = event->time;
    if (strcmp(event->kind, "continue") != 0 || !isfinite(paused_at))
      continue;
    hidden += event->time - paused_at;
    paused_at = NAN;
  }
  return trial->image_duration - hidden;
}

/* Whether one of the records is of the image that was on when the marker was sent. */
static bool tells_of(const GPtrArray *records, const MarkerRecord *marker) {
  for (guint i = 0; i < records->len; i++) {
    const TrialRecord *trial = records->pdata[i];
    if (trial->part != marker->part || strcmp(trial->stim_id, marker->detail) != 0)
      continue;
    double lasted = isfinite(trial->response_time) ? trial->response_time : trial->image_duration;
    double end = trial->onset_actual + (isfinite(lasted) ? fmax(lasted, LATE) : LATE);
    if (marker->time >= trial->onset_actual - EARLY && marker->time <= end)
      return true;
  }
  return false;
}

bool bids_image_only_marked(const JournalContents *contents, const MarkerRecord *marker) {
  return strcmp(marker->event, "image") == 0 && !tells_of(contents->trials, marker) &&
         !tells_of(contents->attempts, marker);
}

const TrialRecord *bids_image_trial(const JournalContents *contents, const char *stim_id) {
  const TrialRecord *found = NULL;
  for (guint i = 0; i < contents->trials->len; i++) {
    const TrialRecord *trial = contents->trials->pdata[i];
    if (strcmp(trial->stim_id, stim_id) != 0)
      continue;
    if (found != NULL && (found->step != trial->step || found->trial != trial->trial))
      return NULL;
    found = trial;
  }
  return found;
}
