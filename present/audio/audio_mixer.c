#include "present/audio/audio_mixer.h"

#include <math.h>
#include <string.h>

#include "present/display/clock.h"

void audio_mixer_init(AudioMixer *mixer, int rate_hz, guint period_frames) {
  *mixer = (AudioMixer){0};
  audio_clock_init(&mixer->clock, rate_hz, period_frames);
}

static gint64 ns_of_ms(double ms) { return (gint64)llround(ms * (double)NS_PER_MS); }

void audio_mixer_anchor(AudioMixer *mixer, gint64 anchor_ns) {
  /* Without a fit the next frame is the best guess of now. */
  gint64 anchor = audio_clock_is_ready(&mixer->clock) ? (gint64)audio_fit_frame(&mixer->clock.fit, anchor_ns)
                                                      : (gint64)mixer->frame;
  for (gsize i = 0; i < mixer->n_voices; i++) {
    AudioVoice *voice = &mixer->voices[i];
    if (voice->begun)
      continue;
    voice->planned_ns = anchor_ns + ns_of_ms(voice->cue.offset_ms);
    voice->start = (guint64)MAX(anchor + voice->delay_frames, (gint64)mixer->frame);
  }
}

void audio_mixer_cue(AudioMixer *mixer, const AudioCue *cues, gsize n_cues, gint64 anchor_ns) {
  g_assert(n_cues <= AUDIO_MAX_CUES);
  mixer->n_voices = n_cues;
  mixer->has_line = false;
  mixer->fade_left = 0;
  for (gsize i = 0; i < n_cues; i++) {
    g_assert(cues[i].sound->rate_hz == mixer->clock.rate_hz);
    mixer->voices[i] =
        (AudioVoice){.cue = cues[i], .delay_frames = (gint64)llround(cues[i].offset_ms * mixer->clock.rate_hz / 1000)};
  }
  audio_mixer_anchor(mixer, anchor_ns);
}

void audio_mixer_stop(AudioMixer *mixer) {
  if (mixer->fade_left == 0)
    mixer->fade_left = (gsize)(mixer->clock.rate_hz * AUDIO_FADE_MS / 1000);
  for (gsize i = 0; i < mixer->n_voices; i++)
    mixer->voices[i].ended |= !mixer->voices[i].begun;
}

/* By the group's line; its bound takes in how far the callbacks have since left that line. */
static void tell(const AudioMixer *mixer, AudioVoice *voice) {
  const AudioFit *line = &mixer->line, *now = &mixer->clock.fit;
  gint64 strain = ABS(audio_fit_time_ns(now, voice->start) - audio_fit_time_ns(line, voice->start));
  voice->onset.time_ns = audio_fit_time_ns(line, voice->start);
  voice->onset.uncertainty_ns = MAX(audio_fit_bound_ns(line), audio_fit_bound_ns(now)) + strain;
  voice->onset.source = "fit";
}

static void begin(AudioMixer *mixer, AudioVoice *voice) {
  voice->begun = true;
  voice->begun_at = mixer->frame;
  voice->onset = (AudioOnset){.heard = true,
                              .planned_ns = voice->planned_ns,
                              .time_ns = voice->planned_ns,
                              .uncertainty_ns = -1,
                              .source = "untrusted"};
  voice->settled = !audio_clock_is_ready(&mixer->clock);
  if (voice->settled)
    return;
  if (!mixer->has_line)
    mixer->line = audio_fit_steady(&mixer->clock.fit, voice->start, mixer->clock.rate_hz);
  mixer->has_line = true;
  tell(mixer, voice);
}

/* As callbacks come after the first sound, the line through them tells better when that was, until the sound is in the
 * middle of the window. Then the line stays for the group. */
static void improve_line(AudioMixer *mixer) {
  guint64 half = (guint64)(AUDIO_CLOCK_STAMPS / 2) * mixer->clock.period_frames;
  if (!mixer->has_line || mixer->frame > mixer->line.frame + half)
    return;
  mixer->line = audio_fit_steady(&mixer->clock.fit, mixer->line.frame, mixer->clock.rate_hz);
  for (gsize i = 0; i < mixer->n_voices; i++)
    if (mixer->voices[i].begun && !mixer->voices[i].settled)
      tell(mixer, &mixer->voices[i]);
}

/* Adds the part of a voice that falls into this callback. */
static void add_voice(AudioVoice *voice, guint64 first, float *out, guint n_frames) {
  const Sound *sound = voice->cue.sound;
  gsize from = voice->start > first ? (gsize)(voice->start - first) : 0;
  gsize n = MIN(n_frames - from, sound->n_frames - voice->n_played);
  const float *in = sound->samples + voice->n_played * (gsize)sound->n_channels;
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < AUDIO_CHANNELS; c++)
      out[(from + i) * AUDIO_CHANNELS + c] += sound->n_channels == 1 ? in[i] : in[2 * i + c];
  voice->n_played += n;
  voice->ended = voice->n_played == sound->n_frames;
}

static void fade(AudioMixer *mixer, float *out, guint n_frames) {
  gsize whole = (gsize)(mixer->clock.rate_hz * AUDIO_FADE_MS / 1000);
  for (gsize i = 0; i < n_frames; i++) {
    float gain = (float)mixer->fade_left / (float)whole;
    for (gsize c = 0; c < AUDIO_CHANNELS; c++)
      out[i * AUDIO_CHANNELS + c] *= gain;
    mixer->fade_left -= mixer->fade_left > 0;
  }
  for (gsize i = 0; i < mixer->n_voices && mixer->fade_left == 0; i++)
    mixer->voices[i].ended = true;
}

static void limit(AudioMixer *mixer, float *out, guint n_frames) {
  for (gsize i = 0; i < (gsize)n_frames * AUDIO_CHANNELS; i++) {
    float limited = CLAMP(out[i], -1.0f, 1.0f);
    mixer->n_clipped += limited != out[i];
    out[i] = limited;
  }
}

/* An underrun is known only AUDIO_CLOCK_LATE callbacks after it: what began about then has no onset to trust. What is
 * still to come has a line of its own, as the device stood still between. */
static void distrust(AudioMixer *mixer) {
  mixer->has_line = false;
  guint64 reach = (guint64)(AUDIO_CLOCK_LATE + 1) * mixer->clock.period_frames;
  for (gsize i = 0; i < mixer->n_voices; i++) {
    AudioVoice *voice = &mixer->voices[i];
    voice->settled |= voice->begun;
    if (voice->begun && voice->begun_at + reach >= mixer->frame) {
      voice->onset.source = "untrusted";
      voice->onset.uncertainty_ns = -1;
    }
  }
}

void audio_mixer_render(AudioMixer *mixer, float *out, guint n_frames, gint64 now_ns) {
  memset(out, 0, (gsize)n_frames * AUDIO_CHANNELS * sizeof(float));
  if (audio_clock_stamp(&mixer->clock, mixer->frame, now_ns))
    distrust(mixer);
  improve_line(mixer);
  for (gsize i = 0; i < mixer->n_voices; i++) {
    AudioVoice *voice = &mixer->voices[i];
    if (voice->ended || voice->start >= mixer->frame + n_frames)
      continue;
    if (!voice->begun)
      begin(mixer, voice);
    add_voice(voice, mixer->frame, out, n_frames);
  }
  if (mixer->fade_left > 0)
    fade(mixer, out, n_frames);
  limit(mixer, out, n_frames);
  mixer->frame += n_frames;
}
