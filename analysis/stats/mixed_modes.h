/* What a fitted mixed model says of each participant, image or layer, and of each row: conditional modes of the random
 * effects ("BLUPs", as lme4's ranef) with their conditional standard deviations, fitted values and residuals.
 *
 * The standard deviations are those of lme4's ranef(condVar = TRUE): at the fitted variances, with the fixed effects
 * taken as known. Source: Bates et al. 2015, doi:10.18637/jss.v067.i01, sections 3.3 and 5.1. */
#ifndef DREAMRIG_STATS_MIXED_MODES_H
#define DREAMRIG_STATS_MIXED_MODES_H

#include "analysis/stats/mixed.h"

/* (n_levels, n_effects) each, in the frame's order of levels and effects. */
typedef struct {
  double *modes, *sd;
} MixedGroupModes;

typedef struct {
  gsize n_groups;
  MixedGroupModes *groups; /* (n_groups) */
  double *fitted;          /* (n) with the random effects, as R's fitted() */
} MixedModes;

/* Of a model that was fitted to this frame. Fails with RIG_ERROR_MEMORY, and with RIG_ERROR_INPUT where the system
 * cannot be solved at the fitted variances. Free with mixed_modes_free. */
bool mixed_modes(const ModelFrame *frame, const MixedModel *model, MixedModes **modes, GError **error);
void mixed_modes_free(MixedModes *modes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MixedModes, mixed_modes_free)

#endif
