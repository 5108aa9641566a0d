/* Mixes the sounds of a trial at exact samples into what the device asks for. Knows neither device nor thread: whoever
 * calls it sees to it that calls do not overlap.
 *
 * The sounds of one image are a group with one anchor, the image's onset: it is turned into a frame once, and each
 * sound begins at that frame plus round(offset_ms * rate / 1000), so that they are exact to the sample among
 * themselves. Their onsets are told by one line, fitted to the callbacks before and after the first of them, so that
 * the intervals between them are those of the samples; where the callbacks later leave that line, the bounds of the
 * onsets that begin then say by how much. */
#ifndef DREAMRIG_PRESENT_AUDIO_MIXER_H
#define DREAMRIG_PRESENT_AUDIO_MIXER_H

#include "present/audio/audio_clock.h"
#include "stimuli/sound.h"

#define AUDIO_CHANNELS 2
#define AUDIO_MAX_CUES 32

typedef struct {
  const Sound *sound; /* at the mixer's rate; must stay until the cue is stopped or replaced */
  double offset_ms;   /* from the anchor */
} AudioCue;

typedef struct {
  bool heard;            /* false: not begun (yet), and nothing else is known */
  gint64 planned_ns;     /* anchor and offset */
  gint64 time_ns;        /* of the first sample */
  gint64 uncertainty_ns; /* -1: nobody knows */
  const char *source;    /* "fit", "untrusted" (the device ran dry about then, or there was no fit), "simulated" */
} AudioOnset;

typedef struct {
  AudioCue cue;
  gint64 planned_ns;
  gint64 delay_frames; /* from the anchor's frame */
  guint64 start;       /* the frame it begins at, or began at */
  guint64 begun_at;    /* the callback's first frame */
  gsize n_played;      /* frames of the sound */
  bool begun, ended;
  bool settled; /* its onset stays as it is */
  AudioOnset onset;
} AudioVoice;

typedef struct {
  AudioClock clock;
  guint64 frame; /* the next one that the device asks for */
  AudioVoice voices[AUDIO_MAX_CUES];
  gsize n_voices;
  AudioFit line; /* of the group's onsets; its origin is the first sound's frame */
  bool has_line;
  gsize fade_left;   /* frames until silence; 0: not fading */
  guint64 n_clipped; /* samples that were limited to full scale */
} AudioMixer;

void audio_mixer_init(AudioMixer *mixer, int rate_hz, guint period_frames);
/* Replaces the group: what still sounds breaks off. At most AUDIO_MAX_CUES. */
void audio_mixer_cue(AudioMixer *mixer, const AudioCue *cues, gsize n_cues, gint64 anchor_ns);
/* Moves the sounds that have not begun: the image's onset is now known. One that is late begins with the next frame. */
void audio_mixer_anchor(AudioMixer *mixer, gint64 anchor_ns);
/* Silence within AUDIO_FADE_MS; what has not begun never will. */
void audio_mixer_stop(AudioMixer *mixer);
#define AUDIO_FADE_MS 5
/* The device's callback at now_ns: fills out (n_frames, AUDIO_CHANNELS) with the sum of the sounds, mono ones on both
 * channels, limited to -1..1. Allocates nothing. */
void audio_mixer_render(AudioMixer *mixer, float *out, guint n_frames, gint64 now_ns);

#endif
