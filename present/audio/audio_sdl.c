#include "present/audio/audio_sdl.h"

#include <SDL.h>

#include "stimuli/base/error.h"

#define SETTLING_STAMPS 32
#define SETTLING_NS (30 * NS_PER_S)
#define SILENT_NS                                                                                                      \
  (2 * NS_PER_S) /* a device that asks for nothing so long is gone; a starved machine's may take a second */

typedef struct {
  Audio base;
  SDL_AudioDeviceID device; /* 0: closed */
  char *name, *driver;      /* name NULL: the default device */
  AudioMixer mixer;         /* under SDL's lock of the device */
  gint64 last_callback_ns;  /* likewise */
} SdlAudio;

static void SDLCALL render(void *context, Uint8 *stream, int size) {
  SdlAudio *self = context;
  self->last_callback_ns = clock_now_ns(self->base.clock);
  guint n_frames = (guint)size / (AUDIO_CHANNELS * sizeof(float));
  audio_mixer_render(&self->mixer, (float *)(gpointer)stream, n_frames, self->last_callback_ns);
}

static void sdl_cue(Audio *audio, const AudioCue *cues, gsize n_cues, gint64 anchor_ns) {
  SdlAudio *self = (SdlAudio *)audio;
  SDL_LockAudioDevice(self->device);
  audio_mixer_cue(&self->mixer, cues, n_cues, anchor_ns);
  SDL_UnlockAudioDevice(self->device);
}

static void sdl_anchor(Audio *audio, gint64 anchor_ns) {
  SdlAudio *self = (SdlAudio *)audio;
  SDL_LockAudioDevice(self->device);
  audio_mixer_anchor(&self->mixer, anchor_ns);
  SDL_UnlockAudioDevice(self->device);
}

static void sdl_stop(Audio *audio) {
  SdlAudio *self = (SdlAudio *)audio;
  SDL_LockAudioDevice(self->device);
  audio_mixer_stop(&self->mixer);
  SDL_UnlockAudioDevice(self->device);
}

static AudioOnset sdl_onset(Audio *audio, gsize cue) {
  SdlAudio *self = (SdlAudio *)audio;
  SDL_LockAudioDevice(self->device);
  const AudioVoice *voice = &self->mixer.voices[cue];
  AudioOnset onset = voice->begun ? voice->onset : (AudioOnset){false, voice->planned_ns, voice->planned_ns, -1, ""};
  SDL_UnlockAudioDevice(self->device);
  return onset;
}

static AudioState sdl_state(Audio *audio) {
  SdlAudio *self = (SdlAudio *)audio;
  if (self->device == 0)
    return (AudioState){.lost = true};
  /* A device that was pulled out stays open and keeps calling back; only its status tells. */
  bool stopped = SDL_GetAudioDeviceStatus(self->device) != SDL_AUDIO_PLAYING;
  SDL_LockAudioDevice(self->device);
  AudioState state = {.n_underruns = self->mixer.clock.n_underruns, .n_clipped = self->mixer.n_clipped};
  state.lost = stopped || clock_now_ns(audio->clock) - self->last_callback_ns > SILENT_NS;
  SDL_UnlockAudioDevice(self->device);
  return state;
}

AudioClock audio_sdl_clock(Audio *audio) {
  SdlAudio *self = (SdlAudio *)audio;
  SDL_LockAudioDevice(self->device);
  AudioClock clock = self->mixer.clock;
  SDL_UnlockAudioDevice(self->device);
  return clock;
}

static bool fail(const SdlAudio *self, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "sound device %s: %s", self->name != NULL ? self->name : "(default)",
              what);
  return false;
}

/* Waits until the callbacks have come steadily for a while. */
static bool settle(SdlAudio *self, GError **error) {
  gint64 begun = clock_now_ns(self->base.clock);
  while (clock_now_ns(self->base.clock) < begun + SETTLING_NS) {
    SDL_Delay(5);
    if (SDL_GetAudioDeviceStatus(self->device) != SDL_AUDIO_PLAYING)
      return fail(self, "was lost while it was opened", error);
    if (audio_sdl_clock(&self->base).n_stamps >= SETTLING_STAMPS)
      return true;
    if (audio_state(&self->base).lost)
      return fail(self, "is open but asks for no sound", error);
  }
  return fail(self, "asks for sound too rarely to play any in time", error);
}

static bool open_device(SdlAudio *self, int rate_hz, GError **error) {
  SDL_AudioSpec wanted = {.freq = rate_hz,
                          .format = AUDIO_F32SYS,
                          .channels = AUDIO_CHANNELS,
                          .samples = AUDIO_PERIOD_FRAMES,
                          .callback = render,
                          .userdata = self},
                got;
  self->device = SDL_OpenAudioDevice(self->name, 0, &wanted, &got,
                                     SDL_AUDIO_ALLOW_FREQUENCY_CHANGE | SDL_AUDIO_ALLOW_SAMPLES_CHANGE);
  if (self->device == 0)
    return fail(self, SDL_GetError(), error);
  if (got.freq < SOUND_MIN_RATE_HZ || got.freq > SOUND_MAX_RATE_HZ || (self->base.rate_hz > 0 && got.freq != rate_hz)) {
    g_autofree char *what = g_strdup_printf("plays at %d Hz where %d were wanted", got.freq, rate_hz);
    return fail(self, what, error);
  }
  self->base.rate_hz = got.freq;
  self->base.info.period_frames = got.samples;
  audio_mixer_init(&self->mixer, got.freq, got.samples); /* no callback comes before the device is let go */
  self->last_callback_ns = clock_now_ns(self->base.clock);
  SDL_PauseAudioDevice(self->device, 0);
  return settle(self, error);
}

static void close_device(SdlAudio *self) {
  if (self->device != 0)
    SDL_CloseAudioDevice(self->device);
  self->device = 0;
}

static bool sdl_reopen(Audio *audio, GError **error) {
  SdlAudio *self = (SdlAudio *)audio;
  close_device(self);
  if (open_device(self, audio->rate_hz, error))
    return true;
  close_device(self);
  return false;
}

static void sdl_free(Audio *audio) {
  SdlAudio *self = (SdlAudio *)audio;
  close_device(self);
  SDL_QuitSubSystem(SDL_INIT_AUDIO);
  g_free(self->name);
  g_free(self->driver);
  g_free(self);
}

static const AudioClass sdl_class = {sdl_cue, sdl_anchor, sdl_stop, sdl_onset, sdl_state, sdl_reopen, sdl_free};

Audio *audio_sdl_open(Clock *clock, const char *device, GError **error) {
  if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "no sound device to play the sounds on: %s", SDL_GetError());
    return NULL;
  }
  SdlAudio *self = g_new0(SdlAudio, 1);
  self->base = (Audio){.class = &sdl_class, .clock = clock};
  self->name = g_strdup(device);
  self->driver = g_strdup(SDL_GetCurrentAudioDriver());
  self->base.info = (AudioInfo){.driver = self->driver, .device = self->name != NULL ? self->name : "default"};
  if (open_device(self, AUDIO_WANTED_HZ, error))
    return &self->base;
  sdl_free(&self->base);
  return NULL;
}
