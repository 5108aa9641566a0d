/* What both kinds of simulated study share: power.c, of a model that is given, and power_study_simulate.c, of a fit. */
#ifndef DREAMRIG_STATS_POWER_PRIVATE_H
#define DREAMRIG_STATS_POWER_PRIVATE_H

#include "analysis/stats/model_frame.h"
#include "analysis/stats/power.h"

/* The outcome of one simulated study: its ratings are fitted and fixed effect `term` (a column of frame->fixed) is
 * tested. Data that cannot be fitted, and an effect that they cannot tell from others, are an outcome that is not
 * fitted. Fails with RIG_ERROR_MEMORY only. */
bool power_fit(const ModelFrame *frame, gsize term, PowerOutcome *outcome, GError **error);

#endif
