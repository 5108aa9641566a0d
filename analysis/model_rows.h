/* What a fitted model says of single levels and rows, as tables. */
#ifndef DREAMRIG_ANALYSIS_MODEL_ROWS_H
#define DREAMRIG_ANALYSIS_MODEL_ROWS_H

#include "analysis/stats/mixed_modes.h"

/* One row a random effect of a level: group, level (as lme4 names it: "m1:L1" of image:layer), effect, mode, sd.
 * Formula and data are those that the frame was made of. */
Table *model_modes_table(const ModelFrame *frame, const MixedModes *modes, const Formula *formula, const Table *data);
/* One row a row of the fit: line (in the data's file), the response, fitted, residual. */
Table *model_fitted_table(const ModelFrame *frame, const MixedModes *modes);

#endif
