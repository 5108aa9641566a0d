#include "stimuli/sound.h"

#include <math.h>
#include <samplerate.h>
#include <sndfile.h>
#include <string.h>

#include "stimuli/base/error.h"

Sound *sound_new(gsize n_frames, int n_channels, int rate_hz, GError **error) {
  g_assert(n_channels >= 1 && n_channels <= SOUND_MAX_CHANNELS);
  g_assert(rate_hz >= SOUND_MIN_RATE_HZ && rate_hz <= SOUND_MAX_RATE_HZ);
  if (n_frames < 1 || n_frames > (gsize)rate_hz * SOUND_MAX_SECONDS) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "a sound of %zu samples at %d Hz: 1 sample to %d s are possible",
                n_frames, rate_hz, SOUND_MAX_SECONDS);
    return NULL;
  }
  float *samples = g_try_new0(float, n_frames *(gsize)n_channels);
  if (samples == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for a sound of %zu samples", n_frames);
    return NULL;
  }
  Sound *sound = g_new(Sound, 1);
  sound->n_frames = n_frames;
  sound->n_channels = n_channels;
  sound->rate_hz = rate_hz;
  sound->samples = samples;
  return sound;
}

void sound_free(Sound *sound) {
  if (sound == NULL)
    return;
  g_free(sound->samples);
  g_free(sound);
}

static bool refuse(const char *path, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
static bool refuse(const char *path, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", path, what);
  return false;
}

static bool check_format(const char *path, const SF_INFO *info, GError **error) {
  if (info->channels < 1 || info->channels > SOUND_MAX_CHANNELS)
    return refuse(path, error, "has %d channels; 1 or 2 are needed", info->channels);
  if (info->samplerate < SOUND_MIN_RATE_HZ || info->samplerate > SOUND_MAX_RATE_HZ)
    return refuse(path, error, "has a rate of %d Hz; %d to %d are possible", info->samplerate, SOUND_MIN_RATE_HZ,
                  SOUND_MAX_RATE_HZ);
  if (info->frames < 1)
    return refuse(path, error, "has no samples");
  if (info->frames > (sf_count_t)info->samplerate * SOUND_MAX_SECONDS)
    return refuse(path, error, "is longer than %d s", SOUND_MAX_SECONDS);
  return true;
}

static bool read_samples(const char *path, SNDFILE *file, Sound *sound, GError **error) {
  sf_count_t n_read = sf_readf_float(file, sound->samples, (sf_count_t)sound->n_frames);
  if (n_read != (sf_count_t)sound->n_frames)
    return refuse(path, error, "ends after %" G_GINT64_FORMAT " of its %zu samples", (gint64)n_read, sound->n_frames);
  for (gsize i = 0; i < sound->n_frames * (gsize)sound->n_channels; i++)
    if (!isfinite(sound->samples[i]))
      return refuse(path, error, "sample %zu is not a finite number", i / (gsize)sound->n_channels + 1);
  return true;
}

bool sound_read(const char *path, Sound **sound, GError **error) {
  SF_INFO info = {0};
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) /* libsndfile would wait for a pipe */
    return refuse(path, error, "there is no such file");
  SNDFILE *file = sf_open(path, SFM_READ, &info);
  if (file == NULL)
    return refuse(path, error, "cannot be read as a sound: %s", sf_strerror(NULL));
  g_autoptr(Sound) read = NULL;
  bool good = check_format(path, &info, error) &&
              (read = sound_new((gsize)info.frames, info.channels, info.samplerate, error)) != NULL &&
              read_samples(path, file, read, error);
  sf_close(file);
  if (good)
    *sound = g_steal_pointer(&read);
  return good;
}

bool sound_resample(const Sound *sound, int rate_hz, Sound **resampled, GError **error) {
  double ratio = (double)rate_hz / sound->rate_hz;
  gsize n_frames = MAX((gsize)llround((double)sound->n_frames * ratio), 1);
  g_autoptr(Sound) made = sound_new(n_frames, sound->n_channels, rate_hz, error);
  if (made == NULL)
    return false;
  if (rate_hz == sound->rate_hz) {
    memcpy(made->samples, sound->samples, n_frames * (gsize)sound->n_channels * sizeof(float));
  } else {
    SRC_DATA data = {.data_in = sound->samples,
                     .data_out = made->samples,
                     .input_frames = (long)sound->n_frames,
                     .output_frames = (long)n_frames,
                     .src_ratio = ratio};
    int fault = src_simple(&data, SRC_SINC_BEST_QUALITY, sound->n_channels);
    if (fault != 0) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "cannot convert a sound from %d to %d Hz: %s", sound->rate_hz,
                  rate_hz, src_strerror(fault));
      return false;
    }
  }
  *resampled = g_steal_pointer(&made);
  return true;
}
