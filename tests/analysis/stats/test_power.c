#include "analysis/stats/power_study.h"

#include <math.h>
#include <string.h>

#include "analysis/plot/power_curve.h"
#include "analysis/stats/proportion.h"
#include "stimuli/base/table.h"
#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

#define STUDIES 400

typedef struct {
  gsize significant, fitted;
  double mean, sd;
} Result;

static Result simulate_many(const PowerModel *model, const PowerDesign *design, guint64 seed) {
  Result result = {0};
  double squares = 0;
  Random random;
  random_init_stream(&random, seed, "test");
  for (gsize i = 0; i < STUDIES; i++) {
    PowerOutcome outcome;
    g_assert_true(power_simulate(model, design, &random, &outcome, NULL));
    if (!outcome.fitted)
      continue;
    result.significant += outcome.converged && outcome.p < 0.05 ? 1 : 0;
    result.fitted++;
    result.mean += outcome.estimate;
    squares += outcome.estimate * outcome.estimate;
  }
  result.mean /= (double)result.fitted;
  result.sd = sqrt(squares / (double)result.fitted - result.mean * result.mean);
  return result;
}

/* 2 halves of 16 images, 24 participants: all means are of independent images, so that the exact test is a t test of 16
 * image means with SD s = sqrt(5^2 + 15^2 / 24) = 5.8630197 and
 *   power.t.test(n = 8, delta = 9, sd = 5.8630197)$power # 0.8144
 * (the participants' means cancel, and mixed model and t test are the same on balanced data). */
static void power_of_a_balanced_study_is_the_t_tests(void) {
  const PowerModel model = {.two_groups = true, .effect = 9, .sd_participant = 10, .sd_image = 5, .sd_residual = 15};
  const PowerDesign design = {.n_participants = 24, .n_images = 16};
  Result result = simulate_many(&model, &design, 11);
  double low, high;
  proportion_interval(result.significant, STUDIES, &low, &high);
  g_assert_cmpuint(result.fitted, ==, STUDIES);
  g_assert_true(low < 0.8144 && 0.8144 < high);
  /* The SD of the difference of two means of 8. */
  support_assert_near("mean", result.mean, 9, 0, 4 * 2.93150985 / sqrt(STUDIES));
  support_assert_near("sd", result.sd, 2.93150985, 0.15, 0);
}

static void without_an_effect_power_is_alpha(void) {
  const PowerModel model = {.sd_participant = 8, .sd_image = 6, .sd_slope = 2, .sd_layer = 4, .sd_residual = 15};
  const PowerDesign design = {.n_participants = 14, .n_images = 20, .n_layers = 4, .n_ratings = 10};
  Result result = simulate_many(&model, &design, 5);
  double low, high;
  proportion_interval(result.significant, STUDIES, &low, &high);
  g_assert_true(low < 0.05 && 0.05 < high);
}

static void predictors_of_participants_and_trials_have_their_own_power(void) {
  PowerModel model = {.effect = 4, .sd_participant = 8, .sd_image = 3, .sd_residual = 12};
  const PowerDesign design = {.n_participants = 16, .n_images = 12};
  model.predictor = POWER_OF_TRIAL;
  Result of_trial = simulate_many(&model, &design, 2);
  model.predictor = POWER_OF_PARTICIPANT;
  Result of_participant = simulate_many(&model, &design, 2);
  /* A trial's predictor is tested within participants: almost sure; a participant's against 16 of SD 8. */
  g_assert_cmpuint(of_trial.significant, >, STUDIES * 95 / 100);
  g_assert_cmpuint(of_participant.significant, <, STUDIES * 65 / 100);
  g_assert_cmpuint(of_participant.significant, >, STUDIES * 15 / 100);
}

/* In one of 32 studies all six trials have the same predictor; in another it is that of the participant, so that the
 * fixed effects fit both participants exactly and their variance cannot be told. */
static void a_predictor_that_does_not_vary_has_no_estimate(void) {
  const PowerModel model = {.predictor = POWER_OF_TRIAL, .two_groups = true, .effect = 3, .sd_residual = 5};
  const PowerDesign design = {.n_participants = 2, .n_images = 3};
  Result result = simulate_many(&model, &design, 1);
  double low, high;
  proportion_interval(STUDIES - result.fitted, STUDIES, &low, &high);
  g_assert_true(low < 0.0625 && 0.0625 < high);
  g_assert_true(isfinite(result.mean));
}

static char *read_text(const char *path) {
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static void results_do_not_depend_on_the_number_of_workers(void) {
  g_autofree char *folder = support_folder();
  char *text[2] = {NULL, NULL}, *figure[2] = {NULL, NULL};
  for (gsize k = 0; k < 2; k++) {
    g_autofree char *out = g_strdup_printf("%s/%d.tsv", folder, (int)k),
                    *svg = g_strdup_printf("%s/%d.svg", folder, (int)k);
    g_assert_cmpint(support_run(NULL, NULL, "dreamrig-analysis", "power", "--participants", "8,16", "--images", "6,12",
                                "--effect", "5", "--sd-participant", "6", "--sd-image", "3", "--sd-residual", "10",
                                "--simulations", "30", "--seed", "7", "-j", k == 0 ? "1" : "3", "-o", out, "--figure",
                                svg, NULL),
                    ==, 0);
    text[k] = read_text(out);
    figure[k] = read_text(svg);
  }
  g_assert_cmpstr(text[0], ==, text[1]);
  g_assert_cmpstr(figure[0], ==, figure[1]);
  g_assert_nonnull(strstr(figure[0], "12 images"));
  g_assert_null(strstr(figure[0], "nan"));
  support_remove(folder);
  for (gsize k = 0; k < 2; k++) {
    g_free(text[k]);
    g_free(figure[k]);
  }
}

/* The model of `y ~ x + (1|participant) + (1|image)` on the incomplete data: the fit's own numbers. */
static void a_fitted_model_is_the_one_simulated(void) {
  g_autofree char *folder = support_folder();
  g_autofree char *data = g_build_filename(folder, "d.tsv", NULL), *out = g_build_filename(folder, "o.tsv", NULL);
  g_autoptr(Table) table = crossed_incomplete(), power = NULL;
  g_assert_true(table_write(table, data, 0600, NULL));
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-analysis", "power", "--data", data, "--formula",
                              "y ~ x + (1|participant) + (1|image)", "--term", "x", "--participants", "10", "--images",
                              "8", "--simulations", "5", "-o", out, NULL),
                  ==, 0);
  g_assert_true(table_read(out, &power, NULL));
  g_autoptr(MixedModel) fit = crossed_fit(table, "y ~ x + (1|participant) + (1|image)", false);
  const double want[] = {fit->fixed[1].beta, sqrt(fit->groups[0].covariance[0]), sqrt(fit->groups[1].covariance[0]),
                         fit->sigma};
  static const char *const columns[] = {"effect", "sd_participant", "sd_image", "sd_residual"};
  for (gsize k = 0; k < G_N_ELEMENTS(want); k++) {
    double got;
    g_assert_true(table_get_double(power, 0, (gsize)table_column(power, columns[k]), &got, NULL));
    support_assert_near(columns[k], got, want[k], 1e-5, 0);
  }
  g_assert_cmpstr(table_get(power, 0, (gsize)table_column(power, "predictor")), ==, "x");
  support_remove(folder);
}

/* Studies of `power` like the incomplete data, with the formula's coefficient `term` at `effect`. */
static gsize count_of_study(const char *formula, const char *term, double effect, gsize participants, gsize images,
                            guint64 seed, gsize *fitted) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(PowerStudy) study = NULL;
  g_autoptr(GError) error = NULL;
  const PowerDesign design = {.n_participants = participants, .n_images = images, .n_layers = 4};
  Random random;
  gsize significant = 0;
  random_init_stream(&random, seed, "study");
  power_study_new(formula, table, term, "participant", "image", &study, &error);
  g_assert_no_error(error);
  power_study_set_effect(study, effect);
  *fitted = 0;
  for (gsize i = 0; i < STUDIES; i++) {
    PowerOutcome outcome;
    g_assert_true(power_study_simulate(study, &design, &random, &outcome, NULL));
    *fitted += outcome.fitted;
    significant += outcome.fitted && outcome.converged && outcome.p < 0.05 ? 1 : 0;
  }
  return significant;
}

/* Predictors of images and of trials (an interaction), categories, slopes, nested groups: with the tested coefficient
 * at 0 it is found in 5 % of the studies. */
static void without_an_effect_any_term_is_found_as_often_as_alpha(void) {
  static const struct {
    const char *formula, *term;
  } cases[] = {{"y ~ x + z + (1|participant) + (1|image)", "z"},
               {"y ~ x + z + (1 + x|participant) + (1|layer/image)", "x"},
               {"y ~ type + x + (1|participant) + (1|image)", "typepool"},
               {"y ~ x * z + (1|participant) + (1|image)", "x:z"}};
  for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
    gsize fitted, found = count_of_study(cases[k].formula, cases[k].term, 0, 12, 18, 3 + k, &fitted);
    double low, high;
    proportion_interval(found, fitted, &low, &high);
    g_test_message("%s: %zu of %zu", cases[k].term, found, fitted);
    g_assert_cmpuint(fitted, >=, STUDIES * 98 / 100);
    if (!(low < 0.05 && 0.05 < high))
      g_error("%s of %s: %zu of %zu", cases[k].term, cases[k].formula, found, fitted);
  }
}

/* Two participants by two images are four ratings, as many as participants with slopes have effects. */
static void a_design_that_cannot_be_fitted_has_no_power(void) {
  g_autofree char *folder = support_folder(), *text = NULL, *figure = NULL;
  g_autofree char *out = g_build_filename(folder, "o.tsv", NULL), *svg = g_build_filename(folder, "o.svg", NULL);
  g_autoptr(Table) power = NULL;
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "power", "--participants", "2,8", "--images", "2",
                              "--effect", "5", "--sd-slope", "1", "--sd-residual", "10", "--simulations", "4", "-o",
                              out, "--figure", svg, NULL),
                  ==, 0);
  g_assert_true(table_read(out, &power, NULL));
  g_assert_cmpstr(table_get(power, 0, (gsize)table_column(power, "failed")), ==, "4");
  static const char *const columns[] = {"power", "ci_low", "ci_high"};
  for (gsize k = 0; k < G_N_ELEMENTS(columns); k++)
    g_assert_cmpstr(table_get(power, 0, (gsize)table_column(power, columns[k])), ==, "n/a");
  g_assert_nonnull(strstr(text, "             2       2    n/a             n/a         0"));
  figure = read_text(svg);
  g_assert_null(strstr(figure, "nan"));
  support_remove(folder);
}

static void assert_usage(const char *part, const char *option, const char *value) {
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "power", "--participants", "8", "--images", "6",
                              "--effect", "5", "--sd-residual", "10", "--simulations", "2", option, value, NULL),
                  ==, 2);
  if (strstr(err, part) == NULL)
    g_error("\"%s\" lacks \"%s\"", err, part);
}

static void faults_are_named(void) {
  assert_usage("--participants 1: ", "--participants", "1");
  assert_usage("--images 3,: ", "--images", "3,");
  assert_usage("--predictor stimulus", "--predictor", "stimulus");
  assert_usage("--sd-layer needs --layers", "--sd-layer", "3");
  assert_usage("--images 3: at least 4 expected where images are of layers", "--images=3,8", "--layers=2");
  assert_usage("--sd-residual 0", "--sd-residual", "0");
  assert_usage("--alpha 2", "--alpha", "2");
  assert_usage("--simulations from 1", "--simulations", "0");
  assert_usage("--formula and --term need --data", "--term", "x");
}

/* None is the data, and none the other. */
static void outputs_are_files_of_their_own(void) {
  g_autofree char *folder = support_folder(), *data = g_build_filename(folder, "d.tsv", NULL),
                  *out = g_build_filename(folder, "o.tsv", NULL), *err = NULL, *twice = NULL;
  g_autoptr(Table) table = crossed_incomplete();
  g_assert_true(table_write(table, data, 0600, NULL));
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "power", "--participants", "8", "--images", "6",
                              "--data", data, "--formula", "y ~ x + (1|participant) + (1|image)", "--term", "x",
                              "--figure", data, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, "would overwrite the input"));
  g_assert_cmpint(support_run(NULL, &twice, "dreamrig-analysis", "power", "--participants", "8", "--images", "6",
                              "--effect", "5", "--sd-residual", "10", "--simulations", "2", "--figure", out, "-o", out,
                              NULL),
                  ==, 1);
  g_assert_nonnull(strstr(twice, "is written too"));
  g_assert_false(g_file_test(out, G_FILE_TEST_EXISTS));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/power/" #name, name)
  ADD(power_of_a_balanced_study_is_the_t_tests);
  ADD(without_an_effect_power_is_alpha);
  ADD(predictors_of_participants_and_trials_have_their_own_power);
  ADD(a_predictor_that_does_not_vary_has_no_estimate);
  ADD(results_do_not_depend_on_the_number_of_workers);
  ADD(a_fitted_model_is_the_one_simulated);
  ADD(without_an_effect_any_term_is_found_as_often_as_alpha);
  ADD(a_design_that_cannot_be_fitted_has_no_power);
  ADD(faults_are_named);
  ADD(outputs_are_files_of_their_own);
  return g_test_run();
}
