#include "present/participant/participant_model.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/batch.h"
#include "stimuli/image.h"

/* --- Images --- */

enum { SATURATION, WARMTH, BRIGHTNESS, CONTRAST, N_STATISTICS };

typedef struct {
  double values[N_STATISTICS];
} Statistics;

typedef struct {
  const Protocol *protocol;
  Statistics *statistics;
} Job;

static Statistics image_statistics(const Image *image) {
  Statistics sums = {{0}};
  gsize n = (gsize)image->width * (gsize)image->height;
  double last = 0;
  for (gsize i = 0; i < n; i++) {
    const float *rgb = image->pixels + 3 * i;
    double red = (double)rgb[0] / 255, green = (double)rgb[1] / 255, blue = (double)rgb[2] / 255;
    double high = fmax(red, fmax(green, blue)), low = fmin(red, fmin(green, blue));
    double grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    sums.values[SATURATION] += high > 0 ? (high - low) / high : 0;
    sums.values[WARMTH] += red - blue;
    sums.values[BRIGHTNESS] += grey;
    sums.values[CONTRAST] += i % (gsize)image->width > 0 ? fabs(grey - last) : 0;
    last = grey;
  }
  for (int s = 0; s < N_STATISTICS; s++)
    sums.values[s] /= (double)n;
  return sums;
}

static bool look_at(gpointer context, gsize item, gsize worker G_GNUC_UNUSED, GError **error) {
  Job *job = context;
  g_autofree char *path = stimulus_set_path(job->protocol->set, item);
  g_autoptr(Image) image = NULL;
  if (!image_read(path, &image, error))
    return false;
  job->statistics[item] = image_statistics(image);
  return true;
}

static void standardise(double *values, gsize n, gsize stride) {
  double mean = 0, squares = 0;
  for (gsize i = 0; i < n; i++)
    mean += values[i * stride] / (double)n;
  for (gsize i = 0; i < n; i++)
    squares += (values[i * stride] - mean) * (values[i * stride] - mean);
  double sd = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
  for (gsize i = 0; i < n; i++)
    values[i * stride] = sd > 1e-12 ? (values[i * stride] - mean) / sd : 0;
}

bool participant_model_latents(const Protocol *protocol, gsize n_workers, LatentAffect **latents, GError **error) {
  gsize n = table_n_rows(protocol->set->stimuli);
  g_autofree Statistics *statistics = g_new0(Statistics, n);
  Job job = {protocol, statistics};
  if (!batch_run(&(BatchOptions){"Looking at the images", n_workers}, n, look_at, &job, error))
    return false;
  for (int s = 0; s < N_STATISTICS; s++)
    standardise(&statistics[0].values[s], n, N_STATISTICS);
  LatentAffect *made = g_new(LatentAffect, n);
  for (gsize i = 0; i < n; i++) {
    const double *z = statistics[i].values;
    made[i].arousal = 0.6 * z[CONTRAST] + 0.5 * z[SATURATION] + 0.3 * z[WARMTH];
    made[i].valence = 0.6 * z[BRIGHTNESS] + 0.4 * z[SATURATION] - 0.4 * z[CONTRAST];
  }
  standardise(&made[0].arousal, n, 2);
  standardise(&made[0].valence, n, 2);
  *latents = made;
  return true;
}

/* --- Participants --- */

static void stream(const ParticipantTraits *traits, const char *what, Random *random) {
  g_autofree char *label = g_strdup_printf("simulated participant %s %s", traits->label, what);
  random_init_stream(random, traits->seed, label);
}

ParticipantTraits participant_traits_new(guint64 seed, const char *label) {
  ParticipantTraits traits = {.seed = seed, .label = g_strdup(label)};
  Random random;
  stream(&traits, "traits", &random);
  traits.trait = random_normal(&random);
  traits.gain = fmax(14 + 4 * random_normal(&random), 2);
  traits.arousal_bias = 9 * random_normal(&random);
  traits.valence_bias = 4 * traits.trait + 8 * random_normal(&random);
  traits.noise_sd = 8 + 6 * random_uniform(&random);
  traits.lapse_rate = 0.04 * random_uniform(&random);
  traits.pace = exp(0.25 * random_normal(&random));
  traits.keyboard = random_uniform(&random) < 0.25;
  return traits;
}

void participant_traits_clear(ParticipantTraits *traits) { g_clear_pointer(&traits->label, g_free); }

void participant_trial_random(const ParticipantTraits *traits, gsize step, gsize trial, Random *random) {
  g_autofree char *what = g_strdup_printf("step %" G_GSIZE_FORMAT " trial %" G_GSIZE_FORMAT, step, trial);
  stream(traits, what, random);
}

double participant_rate(const ParticipantTraits *traits, const LatentAffect *latent, ScaleFigure scale,
                        Random *random) {
  if (random_uniform(random) < traits->lapse_rate)
    return (double)random_below(random, 101);
  double centre = 50;
  if (scale == FIGURE_AROUSAL)
    centre += traits->gain * latent->arousal + traits->arousal_bias;
  else if (scale == FIGURE_VALENCE)
    centre += traits->gain * latent->valence + traits->valence_bias;
  double rating = round(centre + traits->noise_sd * random_normal(random));
  return CLAMP(rating, 0, 100);
}

gsize participant_choose(const ParticipantTraits *traits, gsize n_options, Random *random) {
  double at = 0.5 + 0.22 * (traits->trait + 0.6 * random_normal(random));
  return (gsize)CLAMP(floor(at * (double)n_options) + 1, 1, (double)n_options);
}

double participant_delay(const ParticipantTraits *traits, double median_s, Random *random) {
  return traits->pace * median_s * exp(0.35 * random_normal(random));
}
