#include "analysis/ratings/tables_tests.h"

#include <math.h>
#include <string.h>

#include "analysis/ratings/joint_ratings.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

static void open_study_of(SmallStudy *made, const StudyOptions *options) {
  small_study_set_up(made, NULL);
  small_study_open(made, options);
}

static void open_study(SmallStudy *made) { open_study_of(made, NULL); }

static void close_study(SmallStudy *made) { small_study_tear_down(made, NULL); }

static double cell(const Table *table, gsize row, const char *column) {
  double value;
  int at = table_column(table, column);
  g_assert_cmpint(at, >=, 0);
  g_assert_true(table_get_double(table, row, (gsize)at, &value, NULL));
  return value;
}

static const ResamplingOptions resampling = {200, 3, 1};

/* With A and V of small_study.h: m <- sapply(1:3, function(l) rowMeans(A[, layer == l], na.rm = TRUE)); t.test(m[, 1],
 * mu = 50); t.test(m[, 1] - rowMeans(m)); p.adjust over the six layers of A and V, "holm" and "BH". */
static void layers_are_tested_over_participants(void) {
  SmallStudy made;
  open_study(&made);
  g_autoptr(Table) table = NULL;
  g_assert_true(tables_layer_tests(made.study, &table, NULL));
  g_assert_cmpuint(table_n_rows(table), ==, 12);
  static const double t[] = {-0.2230558259547, -0.8182461078478, 0.2081963580285,  -0.1453737627476,
                             1.136675926369,   1.135039640229,   -0.2966783779275, -0.4590380805566,
                             2.074664820539,   1.526297528941,   -0.7187689658706, -0.8614164833801},
                      p[] = {0.8344198275505, 0.4591589220909, 0.8452469374392, 0.8914470706451,
                             0.3191498690992, 0.3197599618421, 0.7814792817405, 0.6700436710503,
                             0.1066651358605, 0.2016381898122, 0.5120327226081, 0.4375851193519},
                      holm[] = {1, 1, 1, 1, 1, 1, 1, 1, 0.6399908151629, 1, 1, 1},
                      bh[] = {0.8452469374392, 0.6887383831363, 0.8452469374392, 0.8914470706451,
                              0.8452469374392, 0.6887383831363, 0.8452469374392, 0.8040524052604,
                              0.6399908151629, 0.6887383831363, 0.8452469374392, 0.6887383831363},
                      d[] = {-0.09975359792243, -0.3659307838945, 0.09310824184391, -0.06501312312972,
                             0.5083369279497,   0.5076051585416,  -0.1326786041,    -0.2052880704771,
                             0.9278183138504,   0.6825810057202,  -0.3214432535608, -0.3852371627553};
  for (gsize row = 0; row < 12; row++) {
    g_assert_cmpstr(table_get(table, row, 2), ==, row % 2 == 0 ? "neutral" : "mean");
    /* Tables hold ten digits. */
    support_assert_near("t", cell(table, row, "t"), t[row], 1e-8, 0);
    support_assert_near("p", cell(table, row, "p"), p[row], 1e-8, 0);
    support_assert_near("holm", cell(table, row, "p_holm"), holm[row], 1e-8, 0);
    support_assert_near("bh", cell(table, row, "p_bh"), bh[row], 1e-8, 0);
    support_assert_near("d", cell(table, row, "d"), d[row], 1e-8, 0);
  }
  close_study(&made);
}

/* Valence is complete (an analysis of variance), arousal lacks one rating (variance components). */
static void agreement_follows_the_design(void) {
  SmallStudy made;
  open_study(&made);
  g_autoptr(Table) table = NULL, components = NULL;
  g_assert_true(tables_reliability(made.study, &table, NULL));
  g_assert_cmpuint(table_n_rows(table), ==, 10);
  g_assert_cmpstr(table_get(table, 0, 1), ==, "components, agreement, 1");
  g_assert_cmpstr(table_get(table, 6, 1), ==, "ICC(2,1)");
  /* psych::ICC(t(V), lmer = FALSE) */
  support_assert_near("ICC(1,1)", cell(table, 4, "icc"), 0.1044533020128, 1e-8, 0);
  support_assert_near("ICC(2,1)", cell(table, 6, "icc"), 0.09587880701305, 1e-8, 0);
  support_assert_near("ICC(3,k)", cell(table, 9, "icc"), 0.3349154601563, 1e-8, 0);
  g_assert_true(tables_variance_components(made.study, &resampling, &components, NULL));
  g_assert_cmpfloat(cell(components, 0, "n"), ==, 29);
  g_assert_cmpfloat(cell(components, 1, "splits"), >, 0);
  close_study(&made);
}

static void resampling_depends_on_the_seed_alone(void) {
  SmallStudy made;
  open_study(&made);
  static const ResamplingOptions three = {200, 3, 3}, other = {200, 4, 1};
  g_autoptr(Table) one = NULL, same = NULL, different = NULL, entropy_one = NULL, entropy_same = NULL;
  g_assert_true(tables_layer_bootstrap(made.study, &resampling, &one, NULL) &&
                tables_layer_bootstrap(made.study, &three, &same, NULL) &&
                tables_layer_bootstrap(made.study, &other, &different, NULL));
  g_assert_cmpuint(table_n_rows(one), ==, 8); /* three layers and all, twice */
  for (gsize row = 0; row < 8; row++) {
    g_assert_cmpstr(table_get(one, row, 4), ==, table_get(same, row, 4));
    g_assert_cmpfloat(cell(one, row, "ci_low"), <=, cell(one, row, "mean"));
    g_assert_cmpfloat(cell(one, row, "ci_high"), >=, cell(one, row, "mean"));
  }
  g_assert_cmpstr(table_get(one, 3, 3), !=, table_get(different, 3, 3));
  g_assert_true(tables_layer_entropy(made.study, &resampling, &entropy_one, NULL) &&
                tables_layer_entropy(made.study, &three, &entropy_same, NULL));
  for (gsize row = 0; row < 3; row++) {
    g_assert_cmpstr(table_get(entropy_one, row, 5), ==, table_get(entropy_same, row, 5));
    g_assert_false(isnan(cell(entropy_one, row, "ci_low")));
  }
  close_study(&made);
}

/* With A and V of small_study.h and the images i of a layer, or all: r <- replicate(2e5, { p <- sample(5, 5, TRUE); k
 * <- sample(6, 6, TRUE); k <- k[k %in% i]; if (length(k)) mean(A[p, k], na.rm = TRUE) else NA }); sd(r, na.rm = TRUE);
 * quantile(r, c(.025, .975), na.rm = TRUE). 20000 resamples: four errors of an SD are 2 %, those of a quantile 0.076
 * SD; layers of two images have so few means that only the SD is smooth. */
static void bootstrap_intervals_agree_with_r(void) {
  SmallStudy made;
  open_study(&made);
  static const ResamplingOptions many = {20000, 3, 2};
  static const double se[] = {12.617535,   12.08360985, 8.409758479, 7.976629914,
                              12.72805266, 14.66438889, 14.0987767,  8.619639275},
                      low[] = {37.56666667, 34.13}, high[] = {68.63333333, 68};
  g_autoptr(Table) table = NULL;
  g_assert_true(tables_layer_bootstrap(made.study, &many, &table, NULL));
  g_assert_cmpstr(table_get(table, 0, 0), ==, "arousal");
  for (gsize row = 0; row < 8; row++)
    support_assert_near("se", cell(table, row, "se"), se[row], 0.02, 0);
  for (gsize scale = 0; scale < 2; scale++) {
    gsize row = 4 * scale + 3;
    support_assert_near("low", cell(table, row, "ci_low"), low[scale], 0, 0.076 * se[row]);
    support_assert_near("high", cell(table, row, "ci_high"), high[scale], 0, 0.076 * se[row]);
  }
  close_study(&made);
}

static void one_participant_has_no_resampled_intervals(void) {
  SmallStudy made;
  small_study_set_up(&made, NULL);
  for (gsize p = 2; p <= SMALL_STUDY_PARTICIPANTS; p++) {
    g_autofree char *name = g_strdup_printf("sub-0%zu", p), *path = g_build_filename(made.folder, name, NULL);
    support_remove(path);
  }
  small_study_open(&made, NULL);
  g_autoptr(Table) means = NULL, entropies = NULL;
  g_assert_true(tables_layer_bootstrap(made.study, &resampling, &means, NULL) &&
                tables_layer_entropy(made.study, &resampling, &entropies, NULL));
  for (gsize row = 0; row < table_n_rows(means); row++)
    g_assert_true(!isnan(cell(means, row, "mean")) && isnan(cell(means, row, "se")) &&
                  isnan(cell(means, row, "ci_low")) && isnan(cell(means, row, "ci_high")));
  for (gsize row = 0; row < table_n_rows(entropies); row++)
    g_assert_true(!isnan(cell(entropies, row, "entropy_bits")) && isnan(cell(entropies, row, "entropy_corrected")) &&
                  isnan(cell(entropies, row, "ci_low")) && isnan(cell(entropies, row, "ci_high")));
  close_study(&made);
}

/* Of the same pairs in the same setting: what the maps show is what is tested, also where another scale comes first
 * (the response time stands in for one). */
static void the_maps_and_the_tests_have_one_entropy(void) {
  static const char *const scales[] = {"response_time", "arousal", "valence", NULL};
  const StudyOptions options = {.ratings = {.scales = scales}};
  SmallStudy made;
  open_study_of(&made, &options);
  gsize x, y;
  g_assert_true(study_plane(made.study, &x, &y));
  g_assert_cmpuint(x, ==, 1);
  g_assert_cmpuint(y, ==, 2);
  static const ResamplingOptions none = {0, 1, 1};
  g_autoptr(Table) tested = NULL;
  g_autoptr(JointRatings) joint = NULL;
  g_assert_true(tables_layer_entropy(made.study, &none, &tested, NULL));
  g_assert_true(joint_ratings_new(made.study, x, y, &joint, NULL));
  g_autoptr(Table) shown = joint_ratings_table(made.study, joint);
  g_assert_cmpuint(table_n_rows(shown), ==, table_n_rows(tested));
  for (gsize row = 0; row < table_n_rows(shown); row++) {
    g_assert_cmpstr(table_get(shown, row, 1), ==, table_get(tested, row, 1));
    g_assert_cmpstr(table_get(shown, row, (gsize)table_column(shown, "entropy_bits")), ==,
                    table_get(tested, row, (gsize)table_column(tested, "entropy_bits")));
  }
  close_study(&made);
}

static void without_resamples_their_columns_are_missing(void) {
  SmallStudy made;
  open_study(&made);
  static const ResamplingOptions none = {0, 1, 1};
  g_autoptr(Table) shapes = NULL, entropy = NULL, components = NULL;
  g_assert_true(tables_layer_shapes(made.study, &none, &shapes, NULL));
  g_assert_true(isnan(cell(shapes, 0, "dip_p")) && !isnan(cell(shapes, 0, "dip")));
  g_assert_true(tables_layer_entropy(made.study, &none, &entropy, NULL));
  g_assert_true(isnan(cell(entropy, 0, "p")) && !isnan(cell(entropy, 0, "entropy_bits")));
  g_assert_true(tables_variance_components(made.study, &none, &components, NULL));
  g_assert_true(isnan(cell(components, 0, "spearman_brown")) && !isnan(cell(components, 0, "variance_residual")));
  close_study(&made);
}

/* attitude 1, 3, 1, 3, 3: kruskal.test(rowMeans(V), attitude); wilcox.test and t.test of the two groups */
static void groups_are_tested_in_several_ways(void) {
  SmallStudy made;
  open_study(&made);
  const Questionnaire *attitude = small_study_questionnaire(made.study->questionnaires, "attitude");
  gsize valence = (gsize)study_scale(made.study, "valence");
  g_autoptr(Table) tests = NULL, pairs = NULL;
  g_assert_true(tables_group_tests(made.study, valence, attitude, &tests, NULL));
  g_assert_cmpstr(table_get(tests, 3, 0), ==, "Kruskal-Wallis");
  support_assert_near("H", cell(tests, 3, "statistic"), 3, 1e-8, 0);
  support_assert_near("p", cell(tests, 3, "p"), 0.08326451666355, 1e-8, 0);
  g_assert_true(tables_group_pairs(made.study, valence, attitude, &pairs, NULL));
  g_assert_cmpuint(table_n_rows(pairs), ==, 1);
  support_assert_near("welch", cell(pairs, 0, "welch_p"), 0.06906192597018, 1e-8, 0);
  support_assert_near("games-howell", cell(pairs, 0, "games_howell_p"), 0.06905656276023, 1e-7, 0);
  support_assert_near("tukey", cell(pairs, 0, "tukey_p"), 0.0935980923229, 1e-7, 0);
  support_assert_near("wilcoxon", cell(pairs, 0, "wilcoxon_p"), 0.2, 1e-8, 0);
  close_study(&made);
}

/* image means m of V; lm(m ~ hue + cfc + cse): R2, and 1 - PRESS / sum(((m - mean(m)) * 6 / 5)^2); cor.test(m, cfc,
 * method = "spearman", exact = FALSE); cor of the residuals of m and cfc on hue + cse */
static void predictions_agree_with_r(void) {
  SmallStudy made;
  open_study(&made);
  g_autoptr(Table) prediction = NULL, correlations = NULL;
  g_assert_true(tables_prediction(made.study, STUDY_UNIT_IMAGE, &prediction, NULL));
  support_assert_near("r2", cell(prediction, 1, "r2"), 0.3719693060937, 1e-8, 0);
  support_assert_near("loo r2", cell(prediction, 1, "loo_r2"), -5.591534036212, 1e-8, 0);
  g_assert_cmpfloat(cell(prediction, 1, "ridge_loo_r2"), >=, cell(prediction, 1, "loo_r2"));
  g_assert_true(tables_further_correlations(made.study, STUDY_UNIT_IMAGE, &correlations, NULL));
  g_assert_cmpuint(table_n_rows(correlations), ==, 6);
  g_assert_cmpstr(table_get(correlations, 4, 1), ==, "cfc");
  support_assert_near("spearman", cell(correlations, 4, "spearman"), -0.08571428571429, 1e-8, 0);
  support_assert_near("partial", cell(correlations, 4, "partial"), -0.4595970101537, 1e-8, 0);
  close_study(&made);
}

/* cse[2] <- NA; k <- complete.cases(cse); cor(m, cfc) of six images; cor(resid(lm(m ~ hue + cse, subset = k)),
 * resid(lm(cfc ~ hue + cse, subset = k))) of five */
static void partial_correlations_have_a_number_of_cases_of_their_own(void) {
  SmallStudy made;
  small_study_set_up(&made, NULL);
  Table *stimuli = made.set->stimuli;
  table_set(stimuli, 1, (gsize)table_column(stimuli, "cse"), NULL);
  small_study_open(&made, NULL);
  g_autoptr(Table) table = NULL;
  g_assert_true(tables_further_correlations(made.study, STUDY_UNIT_IMAGE, &table, NULL));
  g_assert_cmpfloat(cell(table, 4, "n"), ==, 6);
  g_assert_cmpfloat(cell(table, 4, "partial_n"), ==, 5);
  support_assert_near("pearson", cell(table, 4, "pearson"), -0.4313833313563, 1e-8, 0);
  support_assert_near("partial", cell(table, 4, "partial"), -0.6523471802821, 1e-8, 0);
  close_study(&made);
}

static void raters_are_described_by_mixtures(void) {
  SmallStudy made;
  open_study(&made);
  g_autoptr(Table) table = NULL;
  g_assert_true(tables_mixtures(made.study, &resampling, &table, NULL));
  gsize chosen = 0;
  for (gsize row = 0; row < table_n_rows(table); row++)
    chosen += strcmp(table_get(table, row, 6), "true") == 0 ? 1 : 0;
  g_assert_cmpuint(table_n_rows(table), ==, 5 + 5 + 15);
  g_assert_cmpuint(chosen, ==, 3);
  close_study(&made);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ratings/tables-tests/layers-are-tested-over-participants", layers_are_tested_over_participants);
  g_test_add_func("/ratings/tables-tests/agreement-follows-the-design", agreement_follows_the_design);
  g_test_add_func("/ratings/tables-tests/resampling-depends-on-the-seed-alone", resampling_depends_on_the_seed_alone);
  g_test_add_func("/ratings/tables-tests/bootstrap-intervals-agree-with-r", bootstrap_intervals_agree_with_r);
  g_test_add_func("/ratings/tables-tests/one-participant-has-no-resampled-intervals",
                  one_participant_has_no_resampled_intervals);
  g_test_add_func("/ratings/tables-tests/the-maps-and-the-tests-have-one-entropy",
                  the_maps_and_the_tests_have_one_entropy);
  g_test_add_func("/ratings/tables-tests/without-resamples-their-columns-are-missing",
                  without_resamples_their_columns_are_missing);
  g_test_add_func("/ratings/tables-tests/groups-are-tested-in-several-ways", groups_are_tested_in_several_ways);
  g_test_add_func("/ratings/tables-tests/predictions-agree-with-r", predictions_agree_with_r);
  g_test_add_func("/ratings/tables-tests/partial-correlations-have-a-number-of-cases-of-their-own",
                  partial_correlations_have_a_number_of_cases_of_their_own);
  g_test_add_func("/ratings/tables-tests/raters-are-described-by-mixtures", raters_are_described_by_mixtures);
  return g_test_run();
}
