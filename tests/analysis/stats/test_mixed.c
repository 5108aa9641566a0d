#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

/* The optimisers' own tolerances leave variances this exact; df are second derivatives. */
#define FIXED 1e-6
#define VARIANCE 1e-4

typedef struct {
  const char *name;
  double beta, se, df, p;
} Want;

static void check_fixed(const MixedModel *model, const Want *want, gsize n) {
  gsize k = 0;
  for (gsize c = 0; c < model->n_fixed; c++) {
    const MixedCoefficient *got = &model->fixed[c];
    if (got->aliased)
      continue;
    g_assert_cmpuint(k, <, n);
    g_assert_cmpstr(got->name, ==, want[k].name);
    support_assert_near(got->name, got->beta, want[k].beta, FIXED, 0);
    support_assert_near("se", got->se, want[k].se, 1e-5, 0);
    support_assert_near("df", got->df, want[k].df, VARIANCE, 0);
    support_assert_near("p", got->p, want[k].p, 1e-3, 1e-14);
    k++;
  }
  g_assert_cmpuint(k, ==, n);
}

static void check_group(const MixedModel *model, gsize g, const char *name, const double *covariance) {
  const MixedGroup *group = &model->groups[g];
  g_assert_cmpstr(group->name, ==, name);
  for (gsize e = 0; e < group->n_effects * group->n_effects; e++)
    support_assert_near(name, group->covariance[e], covariance[e], VARIANCE, 1e-7);
}

static void check_fit(const MixedModel *model, double deviance, double aic, double bic, double marginal,
                      double conditional) {
  g_assert_true(model->converged);
  support_assert_near("deviance", model->deviance, deviance, 1e-10, 0);
  support_assert_near("aic", model->aic, aic, 1e-10, 0);
  support_assert_near("bic", model->bic, bic, 1e-10, 0);
  support_assert_near("marginal R2", model->r2_marginal, marginal, 1e-5, 0);
  support_assert_near("conditional R2", model->r2_conditional, conditional, 1e-5, 0);
}

/* Here and below, with lmerTest and a control of optCtrl = list(ftol_abs = 1e-13, xtol_abs = 1e-13, ...):
 *   m <- lmer(FORMULA, d); coef(summary(m))[, c(1, 2, 3, 5)]; as.data.frame(VarCorr(m)); REMLcrit(m); AIC(m); BIC(m)
 * R2: v <- var(as.vector(X %*% fixef(m))), r <- sum over the terms of mean(rowSums((Z %*% S) * Z)) with S from VarCorr;
 *   v / (v + r + sigma(m)^2) and (v + r) / (v + r + sigma(m)^2). */
static void balanced_crossed_reml_agrees_with_r(void) {
  g_autoptr(Table) table = crossed_balanced();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + z + (1|participant) + (1|image)", false);
  static const Want want[] = {{"(Intercept)", 31.8013604935, 2.87274971501, 16.2136059537, 5.69586083244e-09},
                              {"x", 5.96535840422, 0.603125718863, 6.99999999065, 2.30001272672e-05},
                              {"z", -0.865784957469, 0.570892840222, 6.99999998331, 0.173164925401}};
  check_fixed(m, want, 3);
  check_group(m, 0, "participant", (const double[]){59.7488284453});
  check_group(m, 1, "image", (const double[]){1.61864570465});
  support_assert_near("sigma", m->sigma, 7.25005222664, 1e-5, 0);
  check_fit(m, 840.985064341, 852.985064341, 869.710014798, 0.343531405487, 0.697130640699);
  g_assert_false(m->singular);
  /* confint of lmerTest's t: 5.96535840422 + qt(c(.025, .975), 6.99999999065) * 0.603125718863 */
  support_assert_near("from", m->fixed[1].ci_low, 4.5391927022511, 1e-6, 0);
  support_assert_near("to", m->fixed[1].ci_high, 7.3915241061889, 1e-6, 0);
}

/* the same with REML = FALSE; deviance(m) */
static void balanced_crossed_ml_agrees_with_r(void) {
  g_autoptr(Table) table = crossed_balanced();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + z + (1|participant) + (1|image)", true);
  static const Want want[] = {{"(Intercept)", 31.8013604935, 2.65507752578, 17.9269820401, 5.46458473955e-10},
                              {"x", 5.96535840422, 0.529193429736, 9.17580109818, 1.11077570412e-06},
                              {"z", -0.865784957469, 0.500911718205, 9.17580109708, 0.117332616681}};
  check_fixed(m, want, 3);
  check_group(m, 0, "participant", (const double[]){54.3503735243});
  check_group(m, 1, "image", (const double[]){0.234180228824});
  check_fit(m, 845.697204595, 857.697204595, 874.422155052, 0.357403747624, 0.684620468908);
}

/* lmer(y ~ x + type + (1|participant) + (1|layer/image), g): the variance of layer is zero. */
static void nested_images_with_a_zero_variance_agree_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + type + (1|participant) + (1|layer/image)", false);
  static const Want want[] = {{"(Intercept)", 32.654326547, 3.27033117728, 18.6227157052, 6.5636327571e-09},
                              {"x", 2.87934531464, 3.27231386762, 12.0563327592, 0.396108028758},
                              {"typemixed", 5.87991239706, 6.11747562336, 12.0213529537, 0.355403558919},
                              {"typepool", 2.67568100513, 10.6595962591, 12.0254962433, 0.806042940825}};
  check_fixed(m, want, 4);
  check_group(m, 0, "participant", (const double[]){46.0028321301});
  check_group(m, 1, "image:layer", (const double[]){21.8580299754});
  check_group(m, 2, "layer", (const double[]){0});
  support_assert_near("sigma", m->sigma, 7.57936849278, 1e-5, 0);
  check_fit(m, 2046.30592834, 2062.30592834, 2091.60961218, 0.194883449458, 0.63089742206);
  g_assert_true(m->singular && m->groups[2].singular && !m->groups[1].singular);
  g_auto(GStrv) notes = mixed_notes(m);
  g_assert_nonnull(strstr(notes[0], "Singular fit: the differences between the levels of layer are estimated as zero"));
  g_assert_nonnull(strstr(notes[1], "layer has only 4 levels"));
  g_assert_null(notes[2]);
}

/* lmer(y ~ x + z + (x|participant) + (1|image), g) */
static void correlated_slopes_agree_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + z + (x|participant) + (1|image)", false);
  static const Want want[] = {{"(Intercept)", 34.368999581, 3.99015540599, 16.1863282688, 1.92107263153e-07},
                              {"x", 3.79276991474, 1.0180209335, 14.6410985844, 0.00210705631099},
                              {"z", -0.360363425365, 1.10293334735, 13.167840034, 0.749006057663}};
  check_fixed(m, want, 3);
  check_group(m, 0, "participant", (const double[]){33.9169846805, 1.44656497377, 1.44656497377, 1.38922018659});
  check_group(m, 1, "image", (const double[]){24.9619418738});
  check_fit(m, 2052.55084635, 2068.55084635, 2097.85453019, 0.169841856602, 0.646501201598);
}

/* lmer(y ~ x + z + (x||participant) + (1|image), g) */
static void slopes_without_correlation_agree_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + z + (x||participant) + (1|image)", false);
  static const Want want[] = {{"(Intercept)", 34.3922363586, 4.01162351236, 16.5525487585, 1.72457217448e-07},
                              {"x", 3.78858699801, 1.02410074577, 15.0150413168, 0.00213835412388},
                              {"z", -0.364235699461, 1.10332882599, 13.1716189448, 0.746497753046}};
  check_fixed(m, want, 3);
  check_group(m, 0, "participant", (const double[]){37.1239464701, 0, 0, 1.62418514614});
  check_group(m, 1, "image", (const double[]){24.9922535287});
  check_fit(m, 2052.74637179, 2066.74637179, 2092.38709515, 0.171417940108, 0.644244523945);
  g_assert_cmpuint(m->n_theta, ==, 3);
}

/* lmer(y ~ x*type - 1 + (1|participant) + (1|image), g) */
static void interactions_without_intercept_agree_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x*type - 1 + (1|participant) + (1|image)", false);
  static const Want want[] = {{"x", 7.86994103988, 3.85799801546, 9.90538018142, 0.0689261816001},
                              {"typeconv", 29.5292955453, 3.29830940645, 15.3908493917, 1.70876401624e-07},
                              {"typemixed", 29.4931322978, 11.7991838501, 10.5149528971, 0.0304191150935},
                              {"typepool", 82.4846500189, 19.1597963675, 9.77550917885, 0.00163213841272},
                              {"x:typemixed", -0.974270664631, 6.42531397064, 10.0788480656, 0.882470904087},
                              {"x:typepool", -17.5613104923, 6.37108480409, 9.74239032207, 0.0207217105412}};
  check_fixed(m, want, 6);
  check_group(m, 0, "participant", (const double[]){45.8683637813});
  check_group(m, 1, "image", (const double[]){13.0446108488});
  check_fit(m, 2028.22950653, 2046.22950653, 2079.19615085, 0.24967542431, 0.629477141437);
}

/* lmer(y ~ x + z + w + (1|participant), g), w = x + z - 1: "fixed-effect model matrix is rank deficient so dropping 1
 * column" */
static void dependent_columns_are_dropped_as_in_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + z + w + (1|participant)", false);
  static const Want want[] = {{"(Intercept)", 34.1841026479, 2.14089309083, 60.4888389907, 2.29781695768e-23},
                              {"x", 3.78450504497, 0.390200225693, 266.06040574, 3.05920643786e-19},
                              {"z", -0.265961822457, 0.447997565152, 266.066535659, 0.553238546691}};
  check_fixed(m, want, 3);
  check_group(m, 0, "participant", (const double[]){44.3443039626});
  check_fit(m, 2115.68642168, 2125.68642168, 2144.00122408, 0.174333790812, 0.4698462961);
  g_assert_true(m->fixed[3].aliased && isnan(m->fixed[3].beta) && isnan(m->fixed[3].p));
  g_auto(GStrv) notes = mixed_notes(m);
  g_assert_cmpstr(notes[0], ==, "Left out, because the columns before them determine them exactly: w.");
}

/* lmer(s ~ x + (x|participant), g): a correlation of 1 */
static void perfectly_correlated_slopes_agree_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "s ~ x + (x|participant)", false);
  g_assert_true(m->singular);
  support_assert_near("x", m->fixed[1].beta, 2.39466112813, 1e-5, 0);
  support_assert_near("se", m->fixed[1].se, 0.339375072051, 1e-4, 0);
  support_assert_near("intercepts", m->groups[0].covariance[0], 31.3926552253, 1e-3, 0);
  support_assert_near("sigma", m->sigma, 7.76453076195, 1e-4, 0);
  support_assert_near("REML", m->deviance, 2036.52349216, 1e-9, 0);
  g_auto(GStrv) notes = mixed_notes(m);
  g_assert_nonnull(strstr(notes[0], "Singular fit"));
}

/* b <- lmer(y ~ x + z + type + (1|participant) + (1|image), g, REML = FALSE); drop1(b, test = "Chisq");
 * ranova(lmer(..., REML = TRUE)) */
static void likelihood_ratio_tests_agree_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) whole = crossed_fit(table, "y ~ x + z + type + (1|participant) + (1|image)", true);
  g_autoptr(MixedModel) part = crossed_fit(table, "y ~ x + z + (1|participant) + (1|image)", true);
  MixedComparison type = mixed_compare(part, whole);
  support_assert_near("chi2", type.chi2, 3.1459343086435, 1e-6, 0);
  support_assert_near("p", type.p, 0.207428795105, 1e-6, 0);
  g_assert_cmpfloat(type.df, ==, 2);
  g_autoptr(MixedModel) reml = crossed_fit(table, "y ~ x + z + type + (1|participant) + (1|image)", false);
  g_autoptr(MixedModel) no_image = crossed_fit(table, "y ~ x + z + type + (1|participant)", false);
  MixedComparison image = mixed_compare(no_image, reml);
  support_assert_near("chi2", image.chi2, 49.5779853161, 1e-6, 0);
  support_assert_near("p", image.p, 1.90640959533e-12, 1e-5, 0);
  g_assert_true(isnan(mixed_compare(reml, no_image).p)); /* the larger first */
  g_assert_true(isnan(mixed_compare(part, reml).p));     /* ML with REML */
  MixedModel astray = *whole;
  astray.deviance = part->deviance + 0.5;
  MixedComparison contradictory = mixed_compare(part, &astray);
  g_assert_true(contradictory.contradictory && isnan(contradictory.chi2) && isnan(contradictory.p));
  astray.deviance = part->deviance + 1e-6; /* a search's tolerance */
  g_assert_cmpfloat(mixed_compare(part, &astray).chi2, ==, 0);
}

static void without_random_terms_it_is_least_squares(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ 0 + type + x", false);
  /* coef(summary(lm(y ~ 0 + type + x, g))) */
  static const double beta[] = {32.75965909091, 38.80295207510, 35.88169466403, 2.77002635046};
  static const double se[] = {1.48755001056, 3.91853834448, 6.34307244572, 1.66457704482};
  static const double p[] = {2.20963931158e-63, 4.72972143365e-20, 3.76085814518e-08, 9.71949276289e-02};
  for (gsize c = 0; c < 4; c++) {
    support_assert_near("beta", m->fixed[c].beta, beta[c], 1e-10, 0);
    support_assert_near("se", m->fixed[c].se, se[c], 1e-10, 0);
    support_assert_near("p", m->fixed[c].p, p[c], 1e-8, 0);
    g_assert_cmpfloat(m->fixed[c].df, ==, 284);
  }
}

/* lmer(y ~ x + I(x^2) + log(z + 1) + (1|participant) + (1|image), g) */
static void a_mixed_model_of_functions_agrees_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + I(x^2) + log(z + 1) + (1|participant) + (1|image)", false);
  static const Want want[] = {{"(Intercept)", 30.94010862599, 3.793304087886, 17.1004029974, 2.68534829732e-07},
                              {"x", 13.49185511721, 2.988211194209, 12.0160183834, 7.05561317306e-04},
                              {"I(x^2)", -2.24494751605, 0.672077907204, 11.9792442559, 5.89781077365e-03},
                              {"log(z + 1)", -3.17087602938, 2.491196636533, 12.2830401697, 2.26642148888e-01}};
  check_fixed(m, want, 4);
  check_group(m, 0, "participant", (const double[]){45.9390814637});
  check_group(m, 1, "image", (const double[]){12.6545253095});
}

/* coef(summary(lm(log10(y + 100) ~ I(x^3) + exp(x) + log2(z + 0.5) + scale(z^2) + I(x/10) + sqrt(z), g))) */
static void a_regression_of_functions_agrees_with_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) m =
      crossed_fit(table, "log10(y + 100) ~ I(x^3) + exp(x) + log2(z + 0.5) + scale(z^2) + I(x/10) + sqrt(z)", false);
  static const Want want[] = {
      {"(Intercept)", 2.287332684220332, 0.11941325428902, 281, 6.68974944454e-53},
      {"I(x^3)", 0.000702801756204, 0.00134778627311, 281, 6.02464775864e-01},
      {"exp(x)", -0.002097658713632, 0.00134274951129, 281, 1.19363651968e-01},
      {"log2(z + 0.5)", 0.142522873041098, 0.10653475335076, 281, 1.82041237649e-01},
      {"scale(z^2)", 0.011256684778562, 0.00844589852316, 281, 1.83677440577e-01},
      {"I(x/10)", 0.298826117109518, 0.05983363234932, 281, 1.03866410292e-06},
      {"sqrt(z)", -0.252022259078296, 0.18051043829261, 281, 1.63766949507e-01},
  };
  check_fixed(m, want, 7);
}

static void assert_refused(const Table *table, const char *text, const char *part) {
  g_autoptr(Formula) formula = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  g_autoptr(MixedModel) model = NULL;
  g_autoptr(GError) error = NULL;
  const MixedOptions options = {0};
  g_assert_true(formula_parse(text, &formula, NULL));
  if (model_frame_new(formula, table, &frame, &error))
    g_assert_false(mixed_fit(frame, &options, &model, &error));
  g_assert_null(model);
  if (strstr(error->message, part) == NULL)
    g_error("'%s': \"%s\" lacks \"%s\"", text, error->message, part);
}

static void degenerate_data_are_refused_in_words(void) {
  g_autoptr(Table) table = crossed_balanced();
  gsize n = table_n_rows(table);
  for (gsize c = 0; c < 3; c++)
    table_add_column(table, ((const char *const[]){"one", "same", "own"})[c]);
  for (gsize row = 0; row < n; row++) {
    table_set(table, row, (gsize)table_column(table, "one"), "s1");
    table_set(table, row, (gsize)table_column(table, "same"), "41.7");
    table_set_int(table, row, (gsize)table_column(table, "own"), (gint64)row);
  }
  assert_refused(table, "y ~ x + (1|one)", "'one' need at least 2 of its levels, and the data have 1");
  assert_refused(table, "same ~ x + (1|participant)", "'same' is the same in every row");
  assert_refused(table, "w ~ x + z + (1|participant)", "explain the response 'w' completely");
  assert_refused(table, "w ~ x + (1|image)", "random effects explain the response completely");
  assert_refused(table, "y ~ x + (1|own)", "cannot tell the 120 random effects of 'own'");
  assert_refused(table, "y ~ x * layer * type + (1|participant) + (1|image)",
                 "fit each of the 10 levels of 'image' exactly, so that nothing is left to tell the variance of its "
                 "random effect (Intercept) from");
  assert_refused(table, "y ~ participant:x + (x||participant)", "random effect x from");
  assert_refused(table, "y ~ q + (1|participant)", "table: no column 'q'");
  assert_refused(table, "type ~ x", "column 'type': is the response, but 'conv' is no number");
  assert_refused(table, "y ~ (1|participant) + (x|participant)", "(Intercept) of participant twice");
  assert_refused(table, "y ~ log(z)", "table:2: z: log(z) of 0 is not a finite number");
  assert_refused(table, "y ~ log2(x - 7)", "table:2: x: log2(x - 7) of 0 is not a finite number");
  assert_refused(table, "log10(w) ~ x", "table:2: w: log10(w) of -1 is not a finite number");
  assert_refused(table, "y ~ I(x/0)", "x: I(x/0) of 0 is not a finite number");
  assert_refused(table, "y ~ exp(x * 1000)", "table:3: x: exp(x * 1000) of 3.25 is not a finite number");
  assert_refused(table, "y ~ x + (1|I(z^2))", "column 'z': only groups");
  assert_refused(table, "y ~ scale(type)", "is no number, and only numbers can be transformed");
}

/* With large offsets of response and predictor the same fit must come out, shifted. */
static void offsets_do_not_cost_accuracy(void) {
  g_autoptr(Table) table = crossed_balanced();
  g_autoptr(MixedModel) plain = crossed_fit(table, "y ~ x + (1|participant) + (1|image)", false);
  gsize y = (gsize)table_column(table, "y"), x = (gsize)table_column(table, "x");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double value;
    g_assert_true(table_get_double(table, row, y, &value, NULL));
    table_set(table, row, y, g_ascii_dtostr(text, sizeof text, value + 1e6));
    g_assert_true(table_get_double(table, row, x, &value, NULL));
    table_set(table, row, x, g_ascii_dtostr(text, sizeof text, value + 4096));
  }
  g_autoptr(MixedModel) shifted = crossed_fit(table, "y ~ x + (1|participant) + (1|image)", false);
  support_assert_near("x", shifted->fixed[1].beta, plain->fixed[1].beta, 1e-7, 0);
  support_assert_near("se", shifted->fixed[1].se, plain->fixed[1].se, 1e-6, 0);
  support_assert_near("participant", shifted->groups[0].covariance[0], plain->groups[0].covariance[0], 1e-5, 0);
  support_assert_near("image", shifted->groups[1].covariance[0], plain->groups[1].covariance[0], 1e-5, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mixed/balanced_crossed_reml_agrees_with_r", balanced_crossed_reml_agrees_with_r);
  g_test_add_func("/mixed/balanced_crossed_ml_agrees_with_r", balanced_crossed_ml_agrees_with_r);
  g_test_add_func("/mixed/nested_images_with_a_zero_variance_agree_with_r",
                  nested_images_with_a_zero_variance_agree_with_r);
  g_test_add_func("/mixed/correlated_slopes_agree_with_r", correlated_slopes_agree_with_r);
  g_test_add_func("/mixed/slopes_without_correlation_agree_with_r", slopes_without_correlation_agree_with_r);
  g_test_add_func("/mixed/interactions_without_intercept_agree_with_r", interactions_without_intercept_agree_with_r);
  g_test_add_func("/mixed/dependent_columns_are_dropped_as_in_r", dependent_columns_are_dropped_as_in_r);
  g_test_add_func("/mixed/perfectly_correlated_slopes_agree_with_r", perfectly_correlated_slopes_agree_with_r);
  g_test_add_func("/mixed/likelihood_ratio_tests_agree_with_r", likelihood_ratio_tests_agree_with_r);
  g_test_add_func("/mixed/without_random_terms_it_is_least_squares", without_random_terms_it_is_least_squares);
  g_test_add_func("/mixed/a_mixed_model_of_functions_agrees_with_r", a_mixed_model_of_functions_agrees_with_r);
  g_test_add_func("/mixed/a_regression_of_functions_agrees_with_r", a_regression_of_functions_agrees_with_r);
  g_test_add_func("/mixed/degenerate_data_are_refused_in_words", degenerate_data_are_refused_in_words);
  g_test_add_func("/mixed/offsets_do_not_cost_accuracy", offsets_do_not_cost_accuracy);
  return g_test_run();
}
