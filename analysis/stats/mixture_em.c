#include "analysis/stats/mixture_private.h"

#include <math.h>
#include <string.h>

static const struct {
  const char *name;
  bool varying;
  MixtureModel single; /* the model that a single group has under this one */
} models[MIXTURE_MODELS] = {{"EII", false, MIXTURE_EII}, {"VII", true, MIXTURE_EII},  {"EEI", false, MIXTURE_EEI},
                            {"VVI", true, MIXTURE_EEI},  {"EEE", false, MIXTURE_EEE}, {"VVV", true, MIXTURE_EEE}};

const char *mixture_model_name(const MixtureFit *fit) {
  if (fit->n_variables == 1)
    return models[fit->model].varying ? "V" : "E";
  return models[fit->model].name;
}

gsize mixture_count_parameters(const MixtureFit *fit) {
  gsize covariance = fit->n_variables == 1                                    ? 1
                     : fit->model == MIXTURE_EII || fit->model == MIXTURE_VII ? 1
                     : fit->model == MIXTURE_EEI || fit->model == MIXTURE_VVI ? 2
                                                                              : 3;
  gsize groups = fit->n_groups;
  return groups - 1 + groups * fit->n_variables + (models[fit->model].varying ? groups : 1) * covariance;
}

const char *mixture_em_label(MixtureModel model) { return models[model].name; }

bool mixture_is_varying(MixtureModel model) { return models[model].varying; }

MixtureModel mixture_single_model(MixtureModel model) { return models[model].single; }

/* Shapes a covariance matrix, (xx, xy, yy), as the model wants it. */
static void constrain(const MixtureFit *fit, double *s) {
  if (fit->n_variables == 1)
    return;
  if (fit->model != MIXTURE_EEE && fit->model != MIXTURE_VVV)
    s[1] = 0;
  if (fit->model == MIXTURE_EII || fit->model == MIXTURE_VII)
    s[0] = s[2] = (s[0] + s[2]) / 2;
}

bool mixture_maximise(const Mixture *mixture, MixtureFit *fit) {
  gsize n = mixture->n;
  double pooled[3] = {0, 0, 0};
  for (gsize g = 0; g < fit->n_groups; g++) {
    const double *share = mixture->share + g * n;
    double size = 0, mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
    for (gsize i = 0; i < n; i++) {
      size += share[i];
      mx += share[i] * mixture->x[i];
      my += mixture->y != NULL ? share[i] * mixture->y[i] : 0;
    }
    if (!(size > 1e-8))
      return false;
    mx /= size;
    my /= size;
    for (gsize i = 0; i < n; i++) {
      double dx = mixture->x[i] - mx, dy = mixture->y != NULL ? mixture->y[i] - my : 0;
      xx += share[i] * dx * dx;
      xy += share[i] * dx * dy;
      yy += share[i] * dy * dy;
    }
    fit->weight[g] = size / (double)n;
    fit->mean[g][0] = mx;
    fit->mean[g][1] = my;
    double s[3] = {xx / size, xy / size, yy / size};
    for (int c = 0; c < 3; c++) {
      fit->covariance[g][c] = s[c];
      pooled[c] += s[c] * fit->weight[g];
    }
  }
  for (gsize g = 0; g < fit->n_groups; g++) {
    double *s = fit->covariance[g];
    if (!models[fit->model].varying)
      memcpy(s, pooled, sizeof pooled);
    constrain(fit, s);
    double limit_x = MIXTURE_LEAST_SD * mixture->sd[0], limit_y = MIXTURE_LEAST_SD * mixture->sd[1];
    if (!(s[0] > limit_x * limit_x))
      return false;
    if (mixture->y != NULL && !(s[2] - s[1] * s[1] / s[0] > limit_y * limit_y))
      return false;
  }
  return true;
}

/* A group's log density, with its share, is constant - quadratic form / 2. */
typedef struct {
  double mx, my, constant;
  double xx, xy, yy; /* of the inverse covariance */
} LogDensity;

static LogDensity log_density(const Mixture *mixture, const MixtureFit *fit, gsize g) {
  const double *s = fit->covariance[g];
  LogDensity density = {.mx = fit->mean[g][0], .constant = log(fit->weight[g])};
  if (mixture->y == NULL) {
    density.constant -= 0.5 * log(2 * G_PI * s[0]);
    density.xx = 1 / s[0];
    return density;
  }
  double determinant = s[0] * s[2] - s[1] * s[1];
  density.my = fit->mean[g][1];
  density.constant -= log(2 * G_PI) + 0.5 * log(determinant);
  density.xx = s[2] / determinant;
  density.xy = -s[1] / determinant;
  density.yy = s[0] / determinant;
  return density;
}

double mixture_expect(Mixture *mixture, const MixtureFit *fit) {
  double total = 0;
  LogDensity densities[MIXTURE_MAX_GROUPS];
  for (gsize g = 0; g < fit->n_groups; g++)
    densities[g] = log_density(mixture, fit, g);
  for (gsize i = 0; i < mixture->n; i++) {
    double logs[MIXTURE_MAX_GROUPS], largest = -INFINITY, sum = 0;
    for (gsize g = 0; g < fit->n_groups; g++) {
      const LogDensity *d = &densities[g];
      double dx = mixture->x[i] - d->mx, dy = mixture->y != NULL ? mixture->y[i] - d->my : 0;
      logs[g] = d->constant - 0.5 * (d->xx * dx * dx + 2 * d->xy * dx * dy + d->yy * dy * dy);
      largest = logs[g] > largest ? logs[g] : largest;
    }
    for (gsize g = 0; g < fit->n_groups; g++)
      sum += logs[g] = exp(logs[g] - largest);
    for (gsize g = 0; g < fit->n_groups; g++)
      mixture->share[g * mixture->n + i] = logs[g] / sum;
    /* cppcheck-suppress invalidFunctionArg ; there is a group, and its largest term is 1 */
    total += largest + log(sum);
  }
  return total;
}
