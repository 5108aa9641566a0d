/* A stimulus that is heard: float samples in memory, any file that libsndfile reads on disk.
 *
 * Samples are (n_frames, n_channels), interleaved, full scale being -1..1.
 *
 * Levels are in dBFS as AES17 has them: the root mean square over the whole sound and all channels, against that of a
 * sine of full scale, so that such a sine has 0 dBFS. They say nothing about sound pressure, which the laboratory
 * measures at the ear. Source: AES17-2020, 3.12.1 and 3.12.3. */
#ifndef DREAMRIG_SOUND_H
#define DREAMRIG_SOUND_H

#include <glib.h>
#include <stdbool.h>

#include "stimuli/base/random.h"

#define SOUND_MAX_CHANNELS 2
#define SOUND_MIN_RATE_HZ 8000
#define SOUND_MAX_RATE_HZ 384000
#define SOUND_MAX_SECONDS 600

typedef struct {
  gsize n_frames;
  int n_channels; /* 1..SOUND_MAX_CHANNELS */
  int rate_hz;    /* SOUND_MIN_RATE_HZ..SOUND_MAX_RATE_HZ */
  float *samples; /* owned */
} Sound;

/* Silence. Returns NULL with error set where n_frames is 0 or more than SOUND_MAX_SECONDS, or there is no memory. */
Sound *sound_new(gsize n_frames, int n_channels, int rate_hz, GError **error);
void sound_free(Sound *sound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sound, sound_free)

/* Reads a whole file (WAV, AIFF, FLAC, Ogg, MP3...). The message names the file and what is wrong with it: no sound
 * file, none or too many channels, a rate or length out of range, samples that are not finite. A WAV
 * file that was cut is as long as what is left of it. */
bool sound_read(const char *path, Sound **sound, GError **error);
/* The sound at another rate: a new one, also where the rate is the same. libsamplerate's best sinc interpolator (97 dB
 * SNR, 97 % of the bandwidth), delay compensated: the frame at time t stays at time t. The interpolator may overshoot
 * full scale where the sound is near it. */
bool sound_resample(const Sound *sound, int rate_hz, Sound **resampled, GError **error);

/* A sine that begins at phase 0, mono, round(duration_ms * rate_hz / 1000) frames, at this level before any ramp.
 * frequency_hz must be below rate_hz / 2. */
Sound *sound_new_tone(double frequency_hz, double duration_ms, double level_dbfs, int rate_hz, GError **error);
/* White noise, mono, of the generator's next numbers: independent samples, uniform on -p..p with the p that has this
 * level in expectation, SOUND_MAX_NOISE_DBFS at most. A uniform distribution is bounded, so that no sample clips. */
Sound *sound_new_noise(double duration_ms, double level_dbfs, Random *random, int rate_hz, GError **error);
#define SOUND_MAX_NOISE_DBFS -1.7609125905568124 /* 20 log10(sqrt(2 / 3)): p = 1 */

/* Raised-cosine ramps, in place: the first n = round(ramp_ms * rate_hz / 1000) frames are multiplied by
 * (1 - cos(pi (i + 1/2) / n)) / 2, the last n by its mirror image. A sound shorter than two ramps gets ramps of half
 * its length. */
void sound_ramp(Sound *sound, double ramp_ms);
/* -infinity for silence. */
double sound_level_dbfs(const Sound *sound);
/* Multiplies to this level, in place. Fails, changing nothing, where the sound is silent or a sample would leave -1..1
 * (the message says how high it can be). */
bool sound_set_level(Sound *sound, double level_dbfs, GError **error);

#endif
