/* The study's tables, shared by the report and the TSV files. Free each with table_free. Columns are snake_case; a
 * statistic that is undefined is "n/a". SCALE stands for each scale's name, FEATURE for each feature's. */
#ifndef DREAMRIG_RATINGS_TABLES_H
#define DREAMRIG_RATINGS_TABLES_H

#include "analysis/ratings/study.h"
#include "stimuli/base/table.h"

/* stim_id, layer, layer_type, depth, seed, n_trials, then SCALE_{n,mean,sd,ci_low,ci_high,median}, then FEATURE. */
Table *tables_images(const Study *study);
/* layer, layer_type, depth, n_images, n_rated, n_trials, then SCALE_{n,mean,sd,ci_low,ci_high,q1,median,q3}, FEATURE.
 */
Table *tables_layers(const Study *study);
/* One row a rater: participant, rater, simulated, n_trials, then SCALE_{n,mean,sd,ci_low,ci_high,median},
 * response_time_median, then QUESTIONNAIRE (words: their number) and QUESTIONNAIRE_label; a name that another column
 * has gets "questionnaire_" before it. */
Table *tables_participants(const Study *study);

/* One row a pair: variable_1, variable_2, n, r, ci_low, ci_high, t, p_two_tailed, p_one_tailed (in the direction that
 * was found), stars and tails: 1 or 2, those of the p that the stars stand for. The lower triangle by rows, as the
 * study's Table 1. */
Table *tables_correlations(const CorrelationMatrix *matrix, bool one_tailed);
/* One row a term, the intercept first: term, beta, standardised_beta, se, t, p, ci_low, ci_high, vif, r, stars, aliased
 * (true, false). */
Table *tables_regression(const Regression *regression);
/* One row a statistic (statistic, value): n, n_excluded, predictors, aliased, r2, adjusted_r2, residual_se, f,
 * df_model, df_residual, p, condition_number. */
Table *tables_regression_summary(const Regression *regression);
/* source (between, within, total, welch), ss, df, df_error, ms, f, p, eta2, omega2. df_error is of the F test's
 * denominator. */
Table *tables_anova(const Anova *anova);
/* The groups of an ANOVA: level, label, n, mean, sd, ci_low, ci_high, median. */
Table *tables_anova_groups(const Anova *anova, const Questionnaire *questionnaire);

#endif
