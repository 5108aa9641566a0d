#include "present/audio/audio.h"

void audio_free(Audio *audio) {
  if (audio != NULL)
    audio->class->free(audio);
}

void audio_cue(Audio *audio, const AudioCue *cues, gsize n_cues, gint64 anchor_ns) {
  audio->class->cue(audio, cues, n_cues, anchor_ns);
}

void audio_anchor(Audio *audio, gint64 anchor_ns) { audio->class->anchor(audio, anchor_ns); }

void audio_stop(Audio *audio) { audio->class->stop(audio); }

AudioOnset audio_onset(Audio *audio, gsize cue) { return audio->class->onset(audio, cue); }

AudioState audio_state(Audio *audio) { return audio->class->state(audio); }

bool audio_reopen(Audio *audio, GError **error) { return audio->class->reopen(audio, error); }
