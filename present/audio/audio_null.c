#include "present/audio/audio_null.h"

#include <math.h>

#include "stimuli/base/error.h"

typedef struct {
  Audio base;
  AudioCue cues[AUDIO_MAX_CUES];
  gint64 planned_ns[AUDIO_MAX_CUES];
  gsize n_cues;
  gint64 stopped_ns; /* G_MAXINT64: still going on */
  bool lost, back;
} NullAudio;

static void null_anchor(Audio *audio, gint64 anchor_ns) {
  NullAudio *self = (NullAudio *)audio;
  gint64 now = clock_now_ns(audio->clock);
  for (gsize i = 0; i < self->n_cues; i++) {
    gint64 planned = anchor_ns + (gint64)llround(self->cues[i].offset_ms * (double)NS_PER_MS);
    if (self->planned_ns[i] >= now)
      self->planned_ns[i] = planned;
  }
}

static void null_cue(Audio *audio, const AudioCue *cues, gsize n_cues, gint64 anchor_ns) {
  NullAudio *self = (NullAudio *)audio;
  g_assert(n_cues <= AUDIO_MAX_CUES);
  self->n_cues = n_cues;
  self->stopped_ns = G_MAXINT64;
  for (gsize i = 0; i < n_cues; i++) {
    self->cues[i] = cues[i];
    self->planned_ns[i] = G_MAXINT64;
  }
  null_anchor(audio, anchor_ns);
}

static void null_stop(Audio *audio) {
  NullAudio *self = (NullAudio *)audio;
  self->stopped_ns = MIN(self->stopped_ns, clock_now_ns(audio->clock));
}

static AudioOnset null_onset(Audio *audio, gsize cue) {
  const NullAudio *self = (const NullAudio *)audio;
  AudioOnset onset = {.planned_ns = self->planned_ns[cue], .uncertainty_ns = -1, .source = ""};
  gint64 until = MIN(self->stopped_ns, clock_now_ns(audio->clock));
  if (!self->lost && onset.planned_ns <= until)
    onset = (AudioOnset){true, onset.planned_ns, onset.planned_ns, 0, "simulated"};
  return onset;
}

static AudioState null_state(Audio *audio) { return (AudioState){.lost = ((NullAudio *)audio)->lost}; }

static bool null_reopen(Audio *audio, GError **error) {
  NullAudio *self = (NullAudio *)audio;
  self->lost = !self->back;
  if (self->lost)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "the sound device is still gone");
  return !self->lost;
}

static void null_free(Audio *audio) { g_free(audio); }

static const AudioClass null_class = {null_cue, null_anchor, null_stop, null_onset, null_state, null_reopen, null_free};

Audio *audio_null_new(Clock *clock, int rate_hz) {
  NullAudio *self = g_new0(NullAudio, 1);
  self->base = (Audio){&null_class, clock, rate_hz, {.driver = "none", .device = "none"}};
  return &self->base;
}

void audio_null_lose(Audio *audio, bool back) {
  NullAudio *self = (NullAudio *)audio;
  self->lost = true;
  self->back = back;
}
