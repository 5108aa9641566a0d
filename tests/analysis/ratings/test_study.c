#include "analysis/ratings/study.h"

#include <math.h>
#include <string.h>

#include "analysis/ratings/tables.h"
#include "stimuli/base/error.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

#define ATTITUDE "phenotype/attitude.tsv"

/* The features but hue, which is left to the test of its mean. */
static const char *const clutter[] = {"cfc", "cse", NULL};

static void open_study(SmallStudy *f) { small_study_open(f, &(StudyOptions){.features = clutter}); }

static void check(const char *what, const double *got, const double *want, gsize n) {
  for (gsize i = 0; i < n; i++)
    support_assert_near(what, got[i], want[i], 1e-12, 0);
}

/* x <- A[, 3]; c(mean(x), sd(x), t.test(x)$conf.int, median(x)), na.rm = TRUE; colMeans(A, na.rm = TRUE) */
static void images_agree_with_r(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  static const double means[] = {53.2, 41.94, 45.45, 58.06, 62.3, 56.42};
  for (gsize i = 0; i < SMALL_STUDY_IMAGES; i++)
    support_assert_near("mean", f->study->images[i].scales[0].mean, means[i], 1e-12, 0);
  const Description *d = &f->study->images[2].scales[0];
  g_assert_cmpuint(d->n, ==, 4);
  g_assert_cmpuint(f->study->images[2].n_trials, ==, 5);
  check("image 3", (const double[]){d->mean, d->sd, d->ci_low, d->ci_high, d->median},
        (const double[]){45.45, 31.7253316242189, -5.03208220569798, 95.932082205698, 47.05}, 5);
  g_assert_cmpstr(f->study->images[5].id, ==, "image-6");
  g_assert_cmpfloat(f->study->images[5].features[1], ==, 2.64);
}

/* x <- A[, 3:4], without NA; c(mean(x), sd(x), t.test(x)$conf.int, quantile(x)[2:4]) */
static void layers_agree_with_r(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  g_assert_cmpuint(f->study->n_layers, ==, 3);
  const StudyLayer *layer = &f->study->layers[1];
  const Description *d = &layer->scales[0];
  g_assert_cmpuint(d->n, ==, 9);
  check("layer 2", (const double[]){d->mean, d->sd, d->ci_low, d->ci_high, d->q1, d->median, d->q3},
        (const double[]){52.4555555555556, 28.1192599080733, 30.8411790132563, 74.0699320978548, 37.8, 46.1, 82.6}, 7);
  g_assert_cmpstr(layer->name, ==, "mixed3a");
  g_assert_cmpstr(layer->type, ==, "concat");
  g_assert_cmpfloat(layer->depth, ==, 5);
  g_assert_cmpuint(layer->n_images, ==, 2);
  g_assert_cmpuint(layer->n_trials, ==, 10);
  support_assert_near("cfc", layer->features[0], (2.77 + 5.31) / 2, 1e-14, 0);
}

/* x <- V[4, ]; c(mean(x), sd(x), t.test(x)$conf.int, median(x)) */
static void participants_agree_with_r(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  const StudyRater *participant = &f->study->raters[3];
  const Description *d = &participant->scales[1];
  check("participant 4", (const double[]){d->mean, d->sd, d->ci_low, d->ci_high, d->median},
        (const double[]){35.45, 32.0526909946731, 1.81276371561696, 69.087236284383, 22.6}, 5);
  g_assert_cmpstr(participant->id, ==, "sub-04");
  g_assert_cmpfloat(participant->response_time.median, ==, 3.75);
  g_assert_false(f->study->simulated);
}

static void single_values_come_in_order(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  g_autofree double *layer = NULL;
  gsize n_layer;
  g_assert_true(study_layer_values(f->study, 1, 0, &layer, &n_layer, NULL));
  g_assert_cmpuint(n_layer, ==, 9);
  check("layer", layer, (const double[]){82.6, 90.5, 46.1}, 3);
}

/* cor.test(colMeans(A, na.rm = TRUE), cfc); cor.test(colMeans(A, na.rm = TRUE), colMeans(V)); over layer means likewise
 */
static void correlations_agree_with_r(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  g_autoptr(CorrelationMatrix) images = NULL, by_layer = NULL;
  g_assert_true(study_correlations(f->study, STUDY_UNIT_IMAGE, CORRELATION_PEARSON, &images, NULL));
  const Correlation *cfc = correlation_matrix_cell(images, 2, 0), *valence = correlation_matrix_cell(images, 1, 0);
  check("cfc", (const double[]){cfc->r, cfc->p_two_tailed}, (const double[]){0.525630984077627, 0.284166272524727}, 2);
  check("valence", (const double[]){valence->r, valence->p_two_tailed},
        (const double[]){-0.31696971939959, 0.540468363535713}, 2);
  g_assert_true(study_correlations(f->study, STUDY_UNIT_LAYER, CORRELATION_PEARSON, &by_layer, NULL));
  g_assert_cmpuint(correlation_matrix_cell(by_layer, 2, 0)->n, ==, 3);
  support_assert_near("over layers", correlation_matrix_cell(by_layer, 2, 0)->r, 0.914740501126779, 1e-12, 0);
  g_autoptr(Table) table = tables_correlations(images, false);
  g_autoptr(GString) text = table_format(table);
  g_assert_nonnull(strstr(text->str, "variable_1\tvariable_2\tn\tr\tci_low\tci_high\tt\tp_two_tailed\tp_one_tailed\t"
                                     "stars\ttails\nvalence\tarousal\t6\t-0.3169697194\t"));
  g_assert_cmpuint(table_n_rows(table), ==, 6);
  g_autoptr(Table) one_tailed = tables_correlations(images, true);
  g_assert_cmpstr(table_get(one_tailed, 0, (gsize)table_column(one_tailed, "tails")), ==, "1");
}

/* s <- summary(lm(colMeans(A, na.rm = TRUE) ~ cfc + cse)) */
static void regression_agrees_with_r(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  g_autoptr(Regression) r = NULL;
  g_assert_true(study_regression(f->study, STUDY_UNIT_IMAGE, 0, &r, NULL));
  check("regression",
        (const double[]){r->intercept.beta, r->terms[0].beta, r->terms[1].beta, r->intercept.t, r->terms[0].t, r->r2},
        (const double[]){36.9529853710036, 4.40711898044332, -0.508160896427486, 1.16461913658443, 0.996304324061616,
                         0.277286120748988},
        6);
  support_assert_near("t of cse", r->terms[1].t, -0.064370056549116, 1e-11, 0);
  support_assert_near("adjusted r2", r->adjusted_r2, -0.20452313208502, 1e-11, 0);
  g_autoptr(Table) terms = tables_regression(r), summary = tables_regression_summary(r);
  g_assert_cmpstr(table_get(terms, 1, 0), ==, "cfc");
  g_assert_cmpstr(table_get(terms, 1, 1), ==, "4.40711898");
  g_assert_cmpstr(table_get(terms, 1, 11), ==, "false");
  g_assert_cmpstr(table_get(summary, 5, 1), ==, "-0.2045231321");
}

/* pm <- rowMeans(A, na.rm = TRUE); att <- c(1,3,1,3,3); summary(aov(pm ~ factor(att))); oneway.test(pm ~ factor(att))
 */
static void anova_agrees_with_r(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  const Questionnaire *attitude = small_study_questionnaire(f->study->questionnaires, "attitude");
  g_assert_nonnull(attitude);
  g_assert_cmpuint(attitude->n_levels, ==, 2);
  g_assert_cmpstr(attitude->labels[1], ==, "Positive");
  g_autoptr(Anova) a = NULL;
  g_assert_true(study_anova(f->study, 0, attitude, &a, NULL));
  check("anova",
        (const double[]){a->df_between, a->df_within, a->ss_between, a->ss_within, a->p, a->welch_df2, a->welch_p},
        (const double[]){1, 3, 13.2933633333333, 1081.03342777778, 0.859953496830468, 2.29815704137854,
                         0.862890706688312},
        7);
  support_assert_near("f", a->f, 0.0368907093668502, 1e-11, 0);
  g_autoptr(Table) table = tables_anova(a), groups = tables_anova_groups(a, attitude);
  g_assert_cmpstr(table_get(table, 0, 6), ==, "0.8599534968");
  g_assert_cmpstr(table_get(table, 3, 0), ==, "welch");
  g_assert_cmpstr(table_get(groups, 1, 1), ==, "Positive");
  g_assert_cmpstr(table_get(groups, 1, 2), ==, "3");
  g_autofree double *values = NULL;
  gsize n;
  g_assert_true(study_level_values(f->study, attitude, 0, 0, &values, &n, NULL));
  g_assert_cmpuint(n, ==, 2);
  check("level", values, (const double[]){65.2666666666667, 38.65}, 2);
}

static void tables_hold_every_row(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  open_study(f);
  g_autoptr(Table) images = tables_images(f->study), by_layer = tables_layers(f->study);
  g_autoptr(Table) participants = tables_participants(f->study);
  g_autoptr(GString) text = table_format(participants);
  g_assert_cmpuint(table_n_rows(images), ==, 6);
  g_assert_cmpstr(table_get(images, 2, (gsize)table_column(images, "arousal_sd")), ==, "31.72533162");
  g_assert_cmpstr(table_get(images, 2, (gsize)table_column(images, "cse")), ==, "3.17");
  g_assert_cmpuint(table_n_rows(by_layer), ==, 3);
  g_assert_cmpstr(table_get(by_layer, 1, (gsize)table_column(by_layer, "arousal_q3")), ==, "82.6");
  g_assert_true(g_str_has_prefix(
      text->str, "participant\trater\tsimulated\tn_trials\tarousal_n\tarousal_mean\tarousal_sd\tarousal_ci_low\t"
                 "arousal_ci_high\tarousal_median\tvalence_n\tvalence_mean\tvalence_sd\tvalence_ci_low\t"
                 "valence_ci_high\tvalence_median\tresponse_time_median\tattitude\tattitude_label\n"
                 "sub-01\tsub-01\tfalse\t6\t6\t65.26666667\t"));
}

static void hue_is_averaged_around_the_circle(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  g_assert_true(study_open(f->folder, f->set, NULL, &f->study, NULL));
  g_assert_cmpuint(f->study->n_features, ==, 3);
  g_assert_cmpstr(f->study->features[0], ==, "hue");
  support_assert_near("350 and 20", f->study->layers[0].features[0], 5, 1e-12, 0);
  g_clear_pointer(&f->study, study_free);
  g_assert_true(study_open(f->folder, f->set, &(StudyOptions){.hue_arithmetic = true}, &f->study, NULL));
  g_assert_cmpfloat(f->study->layers[0].features[0], ==, 185);
}

static void one_participant_leaves_intervals_undefined(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  for (gsize p = 2; p <= SMALL_STUDY_PARTICIPANTS; p++) {
    g_autofree char *name = g_strdup_printf("sub-0%zu", p), *path = g_build_filename(f->folder, name, NULL);
    support_remove(path);
  }
  open_study(f);
  g_assert_cmpuint(f->study->n_participants, ==, 1);
  g_assert_cmpfloat(f->study->images[0].scales[0].mean, ==, 31.2);
  g_assert_true(isnan(f->study->images[0].scales[0].sd) && isnan(f->study->images[0].scales[0].ci_low));
  g_autoptr(Anova) a = NULL;
  g_assert_true(study_anova(f->study, 0, &f->study->questionnaires->questionnaires[0], &a, NULL));
  g_assert_true(isnan(a->f) && isnan(a->p));
  g_autoptr(Table) images = tables_images(f->study);
  g_assert_cmpstr(table_get(images, 0, (gsize)table_column(images, "arousal_sd")), ==, "n/a");
}

static void constant_ratings_give_no_false_number(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  for (gsize p = 1; p <= SMALL_STUDY_PARTICIPANTS; p++) {
    g_autofree char *path = g_strdup_printf("sub-0%zu/beh/sub-0%zu_task-rating_run-1_beh.tsv", p, p);
    g_autoptr(GString) text = g_string_new("trial\tphase\tstim_id\tarousal\tvalence\n");
    for (gsize i = 1; i <= SMALL_STUDY_IMAGES; i++)
      g_string_append_printf(text, "%zu\tmain\timage-%zu\t50.1\t50.1\n", i, i);
    small_study_write(f->folder, path, text->str);
  }
  open_study(f);
  g_autoptr(Regression) r = NULL;
  g_autoptr(Anova) a = NULL;
  g_autoptr(CorrelationMatrix) matrix = NULL;
  g_assert_true(study_regression(f->study, STUDY_UNIT_IMAGE, 0, &r, NULL));
  g_assert_true(isnan(r->r2) && isnan(r->terms[0].p));
  g_assert_true(study_anova(f->study, 0, &f->study->questionnaires->questionnaires[0], &a, NULL));
  g_assert_true(isnan(a->f) && isnan(a->eta2));
  g_assert_true(study_correlations(f->study, STUDY_UNIT_IMAGE, CORRELATION_PEARSON, &matrix, NULL));
  g_assert_true(isnan(correlation_matrix_cell(matrix, 1, 0)->r));
  g_assert_true(isnan(f->study->raters[0].response_time.median));
}

static void unrated_images_are_no_cases(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  gsize row = table_add_row(f->set->stimuli);
  table_set(f->set->stimuli, row, 0, "image-7");
  table_set(f->set->stimuli, row, 1, "image-7.png");
  table_set(f->set->stimuli, row, (gsize)table_column(f->set->stimuli, "layer"), "mixed3a");
  table_set_double(f->set->stimuli, row, (gsize)table_column(f->set->stimuli, "cfc"), 99);
  open_study(f);
  g_autofree double *values = NULL;
  gsize n;
  g_assert_true(study_variable(f->study, STUDY_UNIT_IMAGE, 2, &values, &n, NULL));
  g_assert_cmpuint(n, ==, 6);
  g_assert_cmpuint(f->study->layers[1].n_images, ==, 3);
  g_assert_cmpuint(f->study->layers[1].n_rated, ==, 2);
  support_assert_near("cfc", f->study->layers[1].features[0], (2.77 + 5.31) / 2, 1e-14, 0);
  g_assert_true(isnan(f->study->images[6].scales[0].mean));
}

static void missing_answers_are_logged(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_replace(f->folder, ATTITUDE, "sub-02\t3\tPositive", "sub-02\tn/a\tn/a");
  small_study_replace(f->folder, ATTITUDE, "sub-05\t3\tPositive\tn/a\t1\t0\n", "");
  open_study(f);
  const Questionnaire *attitude = small_study_questionnaire(f->study->questionnaires, "attitude");
  g_assert_cmpuint(small_study_count(f->study->log, EXCLUSION_ANSWER), ==, 2);
  g_assert_true(isnan(attitude->answers[1]));
  g_assert_cmpuint(attitude->levels[4], ==, QUESTIONNAIRE_NO_LEVEL);
  g_assert_cmpuint(attitude->levels[3], ==, 1);
}

static void each_run_has_its_own_answer(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = small_study_beh(1, "\n");
  small_study_write(f->folder, "sub-01/beh/sub-01_task-rating_run-2_beh.tsv", text);
  small_study_replace(f->folder, ATTITUDE, "sub-01\t", "sub-01\t2\tNeutral\tn/a\t2\t0\nsub-01\t");
  open_study(f);
  const Questionnaire *attitude = small_study_questionnaire(f->study->questionnaires, "attitude");
  g_assert_cmpfloat(attitude->answers[0], ==, 1);
  g_assert_cmpfloat(attitude->answers[1], ==, 2);
  g_assert_cmpuint(attitude->n_levels, ==, 3);
}

static void free_text_is_no_questionnaire(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "phenotype/comment.tsv", "participant_id\tcomment\nsub-01\tnice dogs\n");
  small_study_write(f->folder, "phenotype/panas.tsv", "participant_id\titem_1\nsub-01\t3\n");
  open_study(f);
  g_assert_cmpuint(f->study->questionnaires->n_questionnaires, ==, 1);
}

static void refuses_an_answer_that_is_no_number(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_replace(f->folder, ATTITUDE, "sub-02\t3", "sub-02\tthree");
  small_study_refused(f, NULL, ATTITUDE ":3: attitude: 'three' is not a number");
}

static void refuses_answers_of_nobody(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_replace(f->folder, ATTITUDE, "participant_id", "participant");
  small_study_refused(
      f, NULL, "no column 'participant_id'; it has participant, attitude, attitude_label, session_id, run, simulated");
}

static void refuses_an_unknown_or_malformed_feature(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  const char *unknown[] = {"entropy", NULL};
  small_study_refused(
      f, &(StudyOptions){.features = unknown},
      "no column 'entropy'; it has id, file, sha256, network, layer, layer_type, depth, seed, objective_before, "
      "objective_after, hue, cfc, cse");
  table_set(f->set->stimuli, 3, (gsize)table_column(f->set->stimuli, "cfc"), "much");
  small_study_refused(f, NULL, "table:5: cfc: 'much' is not a number");
}

static void says_how_to_get_features(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  const char *none[] = {NULL};
  g_assert_true(study_open(f->folder, f->set, &(StudyOptions){.features = none}, &f->study, NULL));
  Regression *regression = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(study_regression(f->study, STUDY_UNIT_IMAGE, 0, &regression, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_true(g_str_has_suffix(error->message, "run: dreamrig-analysis features set"));
}

/* An image that was shown, but has no rating, counts as shown only. */
static void images_without_a_rating_are_not_rated(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  for (int p = 1; p <= SMALL_STUDY_PARTICIPANTS; p++) {
    g_autofree char *beh = g_strdup_printf("sub-0%d/beh/sub-0%d_task-rating_run-1_beh.tsv", p, p), *from = NULL;
    g_autofree char *path = g_build_filename(f->folder, beh, NULL), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 1; lines[i] != NULL; i++) {
      if (strstr(lines[i], "\tmain\timage-3\t") == NULL)
        continue;
      g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
      for (int c = 5; c <= 6; c++) { /* arousal, valence */
        g_free(cells[c]);
        cells[c] = g_strdup("n/a");
      }
      g_free(lines[i]);
      lines[i] = g_strjoinv("\t", cells);
    }
    from = g_strjoinv("\n", lines);
    g_assert_true(g_file_set_contents(path, from, -1, NULL));
  }
  open_study(f);
  g_assert_cmpuint(f->study->images[2].n_trials, ==, SMALL_STUDY_PARTICIPANTS);
  g_assert_cmpuint(f->study->images[2].n_rated, ==, 0);
  g_assert_cmpuint(f->study->images[3].n_rated, ==, SMALL_STUDY_PARTICIPANTS);
  g_assert_cmpuint(f->study->layers[1].n_rated, ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*test)(SmallStudy *, gconstpointer);
  } tests[] = {{"images-agree-with-r", images_agree_with_r},
               {"layers-agree-with-r", layers_agree_with_r},
               {"participants-agree-with-r", participants_agree_with_r},
               {"single-values-come-in-order", single_values_come_in_order},
               {"correlations-agree-with-r", correlations_agree_with_r},
               {"regression-agrees-with-r", regression_agrees_with_r},
               {"anova-agrees-with-r", anova_agrees_with_r},
               {"images-without-a-rating-are-not-rated", images_without_a_rating_are_not_rated},
               {"tables-hold-every-row", tables_hold_every_row},
               {"hue-is-averaged-around-the-circle", hue_is_averaged_around_the_circle},
               {"one-participant-leaves-intervals-undefined", one_participant_leaves_intervals_undefined},
               {"constant-ratings-give-no-false-number", constant_ratings_give_no_false_number},
               {"unrated-images-are-no-cases", unrated_images_are_no_cases},
               {"missing-answers-are-logged", missing_answers_are_logged},
               {"each-run-has-its-own-answer", each_run_has_its_own_answer},
               {"free-text-is-no-questionnaire", free_text_is_no_questionnaire},
               {"refuses-an-answer-that-is-no-number", refuses_an_answer_that_is_no_number},
               {"refuses-answers-of-nobody", refuses_answers_of_nobody},
               {"refuses-an-unknown-or-malformed-feature", refuses_an_unknown_or_malformed_feature},
               {"says-how-to-get-features", says_how_to_get_features}};
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/ratings/study/", tests[i].name, NULL);
    g_test_add(path, SmallStudy, NULL, small_study_set_up, tests[i].test, small_study_tear_down);
  }
  return g_test_run();
}
