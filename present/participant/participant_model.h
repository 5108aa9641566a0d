/* How simulated participants answer. A stated toy of a response process, for tests, demonstrations and power analysis
 * of the rig itself; no claim about people.
 *
 * Each image has a latent arousal and valence: weighted sums of its saturation, warmth, brightness and local contrast,
 * each standardised over the set. A participant adds a gain, a bias for each scale, noise for each trial, and sometimes
 * lapses (any value). A participant's trait shifts both the answers to questions and the valence bias. */
#ifndef DREAMRIG_PRESENT_PARTICIPANT_MODEL_H
#define DREAMRIG_PRESENT_PARTICIPANT_MODEL_H

#include "protocols/trials.h"
#include "stimuli/base/random.h"

typedef struct {
  double arousal, valence; /* standardised over the set */
} LatentAffect;

/* The latent values of all images of the protocol's set; reads them with n_workers (0: one a processor). Free with
 * g_free. */
bool participant_model_latents(const Protocol *protocol, gsize n_workers, LatentAffect **latents, GError **error);

typedef struct {
  guint64 seed;
  char *label;
  double trait, gain, arousal_bias, valence_bias, noise_sd, lapse_rate; /* biases and noise in hundredths of a scale */
  double pace;                                                          /* multiplies all times */
  bool keyboard;                                                        /* answers by keys, else by mouse */
} ParticipantTraits;

/* Drawn from (seed, label) alone. Clear with participant_traits_clear. */
ParticipantTraits participant_traits_new(guint64 seed, const char *label);
void participant_traits_clear(ParticipantTraits *traits);

/* The generator of one step or trial: drawn from (seed, label, step, trial) alone, so that a resumed simulation gives
 * the answers that an unbroken one gives. */
void participant_trial_random(const ParticipantTraits *traits, gsize step, gsize trial, Random *random);
/* A rating as a slider's position 0..100 (whole). `scale` other than arousal and valence gives noise around 50. */
double participant_rate(const ParticipantTraits *traits, const LatentAffect *latent, ScaleFigure scale, Random *random);
/* A choice, 1-based. */
gsize participant_choose(const ParticipantTraits *traits, gsize n_options, Random *random);
/* Seconds: log-normal with this median, times the participant's pace. */
double participant_delay(const ParticipantTraits *traits, double median_s, Random *random);

#endif
