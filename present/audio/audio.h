/* Where sounds are played. The session knows nothing else of the sound device, so that the one without any runs exactly
 * its code.
 *
 * The sounds of one image are a group: cued before the image shows, at its planned onset; anchored anew once its flip
 * is known, which moves what has not begun; stopped when the trial ends. */
#ifndef DREAMRIG_PRESENT_AUDIO_H
#define DREAMRIG_PRESENT_AUDIO_H

#include "present/audio/audio_mixer.h"
#include "present/display/clock.h"

typedef struct {
  const char *driver;  /* "alsa", "pulseaudio", "disk", "none"... */
  const char *device;  /* its name; "default" */
  guint period_frames; /* of one callback; 0 where there is none */
} AudioInfo;

typedef struct {
  bool lost;           /* the device is gone, or asks for nothing any more */
  guint64 n_underruns; /* since it was opened */
  guint64 n_clipped;   /* samples */
} AudioState;

typedef struct Audio Audio;

/* What an implementation provides. The Audio is the first member of its own struct. */
typedef struct {
  void (*cue)(Audio *audio, const AudioCue *cues, gsize n_cues, gint64 anchor_ns);
  void (*anchor)(Audio *audio, gint64 anchor_ns);
  void (*stop)(Audio *audio);
  AudioOnset (*onset)(Audio *audio, gsize cue);
  AudioState (*state)(Audio *audio);
  bool (*reopen)(Audio *audio, GError **error);
  void (*free)(Audio *audio);
} AudioClass;

struct Audio {
  const AudioClass *class;
  Clock *clock; /* not owned */
  int rate_hz;
  AudioInfo info;
};

void audio_free(Audio *audio); /* legal on NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audio, audio_free)

/* The calls of audio_mixer.h, at any time. The sounds must stay until audio_stop or the next audio_cue returned. */
void audio_cue(Audio *audio, const AudioCue *cues, gsize n_cues, gint64 anchor_ns);
void audio_anchor(Audio *audio, gint64 anchor_ns);
void audio_stop(Audio *audio);
/* Of a cue of the last group, by its place there. */
AudioOnset audio_onset(Audio *audio, gsize cue);
AudioState audio_state(Audio *audio);
/* Opens a device that was lost again, at the same rate. Fails with RIG_ERROR_STATE. */
bool audio_reopen(Audio *audio, GError **error);

#endif
