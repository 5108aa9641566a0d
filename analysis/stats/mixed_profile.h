/* Profile-likelihood intervals of a mixed model's standard deviations and correlations, as lme4's confint() gives them.
 *
 * A value is in the interval where the best model that has it is not worse than the best of all by a likelihood-ratio
 * test: the maximum-likelihood deviance, minimised over all other parameters, is at most the squared normal quantile
 * above its minimum. As in lme4 this is of the ML fit, also for a model that is reported by REML. The ends are found
 * by a search of their own, not by interpolation, and so differ from lme4's in the fourth digit or so.
 *
 * Source: Bates et al. 2015, doi:10.18637/jss.v067.i01, section 5.1. */
#ifndef DREAMRIG_STATS_MIXED_PROFILE_H
#define DREAMRIG_STATS_MIXED_PROFILE_H

#include "analysis/stats/mixed.h"

/* low is 0 (of correlations -1; high 1) where the data do not exclude the bound; NaN where the end was not found,
 * as where the deviance jumps because a search ended beside its minimum. */
typedef struct {
  double low, high;
} MixedInterval;

typedef struct {
  MixedInterval *sd;         /* (n_effects) */
  MixedInterval correlation; /* of the two effects of a group with two that are correlated; else NaN */
} MixedGroupProfile;

typedef struct {
  gsize n_groups;
  MixedGroupProfile *groups; /* (n_groups) in the frame's order */
  MixedInterval sigma;       /* of the residual standard deviation */
} MixedProfile;

/* Of the model of a frame with random effects, which is fitted by ML for this. confidence: 0 for 0.95. It costs about a
 * hundred fits. Fails as mixed_fit. Free with mixed_profile_free. */
bool mixed_profile(const ModelFrame *frame, double confidence, MixedProfile **profile, GError **error);
void mixed_profile_free(MixedProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MixedProfile, mixed_profile_free)

#endif
