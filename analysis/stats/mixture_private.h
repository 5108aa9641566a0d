/* The steps of expectation and maximisation, for mixture.c, which knows where to start them. */
#ifndef DREAMRIG_STATS_MIXTURE_PRIVATE_H
#define DREAMRIG_STATS_MIXTURE_PRIVATE_H

#include "analysis/stats/mixture.h"

typedef struct {
  const double *x, *y; /* (n); y may be NULL */
  gsize n;
  double sd[2];
  double *share;    /* (MIXTURE_MAX_GROUPS, n) of each case in each group */
  double *distance; /* (n) and nearest (n): workspaces of a start */
  gsize *nearest;
} Mixture;

/* "EII"..., whatever the number of variables. */
const char *mixture_em_label(MixtureModel model);
bool mixture_is_varying(MixtureModel model);
/* The model that a single group has under this one. */
MixtureModel mixture_single_model(MixtureModel model);
gsize mixture_count_parameters(const MixtureFit *fit);
/* Weights, means and covariances from the shares. False where a group has no variance left. */
bool mixture_maximise(const Mixture *mixture, MixtureFit *fit);
/* The shares from the parameters; returns the log-likelihood. */
double mixture_expect(Mixture *mixture, const MixtureFit *fit);

#endif
