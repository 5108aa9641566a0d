#include <math.h>

#include "stimuli/base/error.h"
#include "stimuli/sound.h"

static gsize frames_of(double ms, int rate_hz) { return (gsize)llround(ms * rate_hz / 1000); }

/* The root mean square at a level. */
static double rms_of(double level_dbfs) { return M_SQRT1_2 * pow(10, level_dbfs / 20); }

Sound *sound_new_tone(double frequency_hz, double duration_ms, double level_dbfs, int rate_hz, GError **error) {
  g_assert(level_dbfs <= 0 && frequency_hz > 0);
  if (frequency_hz >= rate_hz / 2.0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "a tone of %g Hz cannot be played at a rate of %d Hz", frequency_hz,
                rate_hz);
    return NULL;
  }
  Sound *sound = sound_new(frames_of(duration_ms, rate_hz), 1, rate_hz, error);
  double amplitude = rms_of(level_dbfs) * M_SQRT2;
  for (gsize i = 0; sound != NULL && i < sound->n_frames; i++)
    sound->samples[i] = (float)(amplitude * sin(2 * M_PI * frequency_hz * (double)i / rate_hz));
  return sound;
}

Sound *sound_new_noise(double duration_ms, double level_dbfs, Random *random, int rate_hz, GError **error) {
  g_assert(level_dbfs <= SOUND_MAX_NOISE_DBFS);
  Sound *sound = sound_new(frames_of(duration_ms, rate_hz), 1, rate_hz, error);
  double peak = rms_of(level_dbfs) * sqrt(3);
  for (gsize i = 0; sound != NULL && i < sound->n_frames; i++)
    sound->samples[i] = (float)(peak * (2 * random_uniform(random) - 1));
  return sound;
}

void sound_ramp(Sound *sound, double ramp_ms) {
  gsize n = MIN(frames_of(ramp_ms, sound->rate_hz), sound->n_frames / 2), channels = (gsize)sound->n_channels;
  for (gsize i = 0; i < n; i++) {
    float gain = (float)((1 - cos(M_PI * ((double)i + 0.5) / (double)n)) / 2);
    for (gsize c = 0; c < channels; c++) {
      sound->samples[i * channels + c] *= gain;
      sound->samples[(sound->n_frames - 1 - i) * channels + c] *= gain;
    }
  }
}

double sound_level_dbfs(const Sound *sound) {
  gsize n = sound->n_frames * (gsize)sound->n_channels;
  double squares = 0;
  for (gsize i = 0; i < n; i++)
    squares += (double)sound->samples[i] * (double)sound->samples[i];
  return 10 * log10(2 * squares / (double)n);
}

bool sound_set_level(Sound *sound, double level_dbfs, GError **error) {
  gsize n = sound->n_frames * (gsize)sound->n_channels;
  double level = sound_level_dbfs(sound), gain = pow(10, (level_dbfs - level) / 20), peak = 0;
  for (gsize i = 0; i < n; i++)
    peak = fmax(peak, fabs((double)sound->samples[i]));
  if (!isfinite(level)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "the sound is silent, so that it has no level to set");
    return false;
  }
  if (peak * gain > 1) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "the sound would clip at %.2f dBFS; %.2f is the most", level_dbfs,
                floor((level - 20 * log10(peak)) * 100) / 100);
    return false;
  }
  for (gsize i = 0; i < n; i++)
    sound->samples[i] = (float)((double)sound->samples[i] * gain);
  return true;
}
