/* How the ratings use the ends and the middle of their bounded scales: what a linear model, which knows no ends, should
 * be read with.
 *
 * A rating is at a bound, or at the middle, where it differs from it by no more than rounding (1e-9 of the scale's
 * range). A share is a fraction, 0 to 1, of the ratings that are not missing; of no rating it is n/a. Free the tables
 * with table_free; all fail with RIG_ERROR_MEMORY only. */
#ifndef DREAMRIG_RATINGS_TABLES_BOUNDS_H
#define DREAMRIG_RATINGS_TABLES_BOUNDS_H

#include "analysis/ratings/study.h"
#include "stimuli/base/table.h"

#define BOUNDS_NEAR 0.05            /* of the scale's range: a mean this close to a bound is near it */
#define BOUNDS_PARTICIPANT_MOST 0.5 /* share at bounds above which a participant is told of */

/* One row a scale: scale, low, high, n, n_low, n_middle, n_high, then share_low, share_middle, share_high,
 * share_bounds (low or high); of images and of layers with a rating images_rated, images_near_low, images_near_high,
 * layers_rated, layers_near_low, layers_near_high: those whose mean is within BOUNDS_NEAR of the bound. */
Table *tables_bounds(const Study *study);
/* One row a participant, over all sessions: participant, n, n_bounds, share_bounds (over all scales), mostly_bounds
 * (true, false: above BOUNDS_PARTICIPANT_MOST), then SCALE_share_bounds. */
bool tables_bounds_participants(const Study *study, Table **table, GError **error);

#endif
