/* Tables of the further tests and measures of a study, for the report and its TSV files. Free each with table_free.
 * What is undefined is "n/a". All fail with RIG_ERROR_MEMORY, and, where they draw random numbers, with RIG_ERROR_STATE
 * when stopped.
 *
 * A resampling takes its random streams from the seed alone; resamples 0 leaves it out, and its columns are n/a. */
#ifndef DREAMRIG_RATINGS_TABLES_TESTS_H
#define DREAMRIG_RATINGS_TABLES_TESTS_H

#include "analysis/ratings/study.h"
#include "stimuli/base/table.h"

typedef struct {
  gsize resamples; /* permutations, bootstrap samples, splits */
  guint64 seed;
  gsize n_workers; /* 0: one per processor */
} ResamplingOptions;

/* One row a scale and layer and reference: scale, layer, against ("neutral", the middle of the scale, or "mean", the
 * participant's mean over all layers), n (participants), mean, difference, ci_low, ci_high, t, df, p, p_holm, p_bh, d,
 * g, d_ci_low, d_ci_high. A case is a participant's mean over the layer's ratings. Holm and BH are over all scales and
 * layers of one reference. */
bool tables_layer_tests(const Study *study, Table **table, GError **error);
/* One row a scale and layer, over single ratings: scale, layer, n, skewness, excess_kurtosis, bimodality_coefficient,
 * dip, dip_p, dip_p_holm, dip_p_bh, levels (of the scale, where every rating is a whole number: ties raise the dip, and
 * the simulated samples have as many levels), dip_within, dip_within_p (of the ratings less their image's mean: two
 * groups of images make no dip there; of images with DIP_FEWEST_WITHIN ratings or more, n/a where there is none; p by
 * dip_null_new_within). The p is of up to DIP_MOST_SAMPLES samples, within images DIP_WITHIN_SAMPLES, whatever the
 * resamples. */
bool tables_layer_shapes(const Study *study, const ResamplingOptions *options, Table **table, GError **error);
/* One row a scale and layer, and one a scale with layer "all": scale, layer, mean, se, ci_low, ci_high: the two-way
 * cluster bootstrap over participants and images; of one participant no interval. */
bool tables_layer_bootstrap(const Study *study, const ResamplingOptions *options, Table **table, GError **error);
/* The joint density of the scales of study_plane, of which there must be two, one row a layer: layer, n, entropy_bits,
 * null_mean, null_sd, p, p_bh, ci_low, ci_high, cells, bandwidth_1, bandwidth_2, permutations (that p is from),
 * entropy_corrected (that the interval is around). Density and entropy are those of joint_ratings_new. */
bool tables_layer_entropy(const Study *study, const ResamplingOptions *options, Table **table, GError **error);

/* One row a scale and form: scale, form (the ICC's name), n_images, n_participants, icc, ci_low, ci_high, f, df1, df2,
 * p. Where the design is incomplete the forms are from variance components (form "components, agreement, 1"...), and
 * `undefined` (a column) says what is missing. */
bool tables_reliability(const Study *study, Table **table, GError **error);
/* One row a scale: scale, n, variance_image, variance_participant, variance_residual, raters_per_image, split_half_r,
 * spearman_brown, spearman_brown_low, spearman_brown_high, splits,
 * split_half_undefined (why a half's number is n/a). */
bool tables_variance_components(const Study *study, const ResamplingOptions *options, Table **table, GError **error);
/* Mixtures over participants' means, one row a fit: variables, groups, model, log_likelihood, parameters, bic, chosen
 * (true, false), weights, means (texts). */
bool tables_mixtures(const Study *study, const ResamplingOptions *options, Table **table, GError **error);

/* Of one questionnaire and scale, one row a test: test, statistic, df1, df2, p, effect, effect_size, ci_low, ci_high.
 */
bool tables_group_tests(const Study *study, gsize scale, const Questionnaire *questionnaire, Table **table,
                        GError **error);
/* One row a pair of answers: answer_1, answer_2, difference, then tukey_{ci_low,ci_high,p},
 * games_howell_{ci_low,ci_high, p}, welch_p, wilcoxon_p, g, d_ci_low, d_ci_high. */
bool tables_group_pairs(const Study *study, gsize scale, const Questionnaire *questionnaire, Table **table,
                        GError **error);
/* Two questionnaires at once: type (I, II, III), effect, ss, df, df_error, f, p, partial_eta2, partial_omega2, ci_low,
 * ci_high. *why is NULL, or what keeps a test from being defined (static text). */
bool tables_two_way(const Study *study, gsize scale, const Questionnaire *first, const Questionnaire *second,
                    Table **table, const char **why, GError **error);

/* Each scale with each feature over the unit's cases: scale, feature, n, pearson, pearson_p, spearman, spearman_p,
 * partial_n (cases with all features), partial (given all other features), partial_p, partial_spearman,
 * partial_spearman_p. spearman_p is exact (up to 14 cases) or by an Edgeworth series without ties, else by t;
 * see correlation.h and spearman.h. */
bool tables_further_correlations(const Study *study, StudyUnit unit, Table **table, GError **error);
/* One row a scale: scale, n, predictors, r2, loo_r2 (least squares), lambda, ridge_df, ridge_loo_r2, lambda_gcv, then
 * beta_FEATURE (the ridge regression's standardised coefficients). */
bool tables_prediction(const Study *study, StudyUnit unit, Table **table, GError **error);

#endif
