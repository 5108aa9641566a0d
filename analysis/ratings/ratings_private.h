/* What the readers of ratings and the exclusion rules share. */
#ifndef DREAMRIG_RATINGS_RATINGS_PRIVATE_H
#define DREAMRIG_RATINGS_RATINGS_PRIVATE_H

#include "analysis/ratings/ratings.h"

/* Sets n_participants, n_simulated and each rater's person; raters are in order of their participants. */
void ratings_number_participants(Ratings *ratings);
void ratings_clear_rater(Rater *rater);

#endif
