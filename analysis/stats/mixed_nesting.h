/* Whether one model is another with some of its parameters held at zero, as a likelihood-ratio test needs. */
#ifndef DREAMRIG_STATS_MIXED_NESTING_H
#define DREAMRIG_STATS_MIXED_NESTING_H

#include "analysis/stats/model_frame.h"

/* Of two frames with the same rows: *lacking is the first term of the smaller model that the larger one cannot make,
 * "z" or "(1 + x | participant)"; NULL where it makes all. A fixed effect is made where its columns lie in the space of
 * the larger model's; correlated random effects where those of one block over the same levels do so, or where the
 * covariances that they make are ones of such a block over coarser levels, as those of (1 | p:g) are of (g | p). Sums
 * of several of the larger model's blocks are not looked at. formula is the smaller one's. Fails with RIG_ERROR_MEMORY.
 * Free *lacking with g_free. */
bool mixed_nesting(const Formula *formula, const ModelFrame *smaller, const ModelFrame *larger, char **lacking,
                   GError **error);

#endif
