#include "analysis/stats/effect_size.h"

#include <math.h>

#include "tests/analysis/stats/data.h"
#include "tests/analysis/stats/groups.h"
#include "tests/support.h"

/* library(effectsize); hedges_g(y1, y2)$Hedges_g, hedges_g(y, mu = 50)$Hedges_g. The limits: uniroot(function(l)
 * pt(t, df, l, lower = FALSE) - .025, c(-37, 37), tol = 1e-14) and .975; effectsize's own optimiser stops at 1e-7. */
static void standardised_differences_agree_with_r(void) {
  StandardisedDifference effect;
  Description first = groups_description(1), second = groups_description(2), all;
  effect_size_two_samples(&first, &second, &effect);
  support_assert_near("d", effect.d, -0.835889750720639, 1e-12, 0);
  support_assert_near("g", effect.g, -0.790156324409548, 1e-12, 0);
  support_assert_near("low", effect.ci_low, -1.87992061894832, 1e-9, 0);
  support_assert_near("high", effect.ci_high, 0.235241271610189, 1e-9, 0);
  g_assert_true(descriptive_describe(data_y, DATA_N, DESCRIPTIVE_CONFIDENCE, &all, NULL));
  effect_size_one_sample(&all, 50, &effect);
  support_assert_near("d", effect.d, -1.82718081826255, 1e-12, 0);
  support_assert_near("g", effect.g, -1.76405292472119, 1e-12, 0);
  support_assert_near("low", effect.ci_low, -2.49363928935545, 1e-9, 0);
  support_assert_near("high", effect.ci_high, -1.14500029806638, 1e-9, 0);
}

/* l <- uniroot(function(l) pf(F, d1, d2, l, lower = FALSE) - .025, c(0, 100), tol = 1e-14)$root; l / (l + d1 + d2 + 1)
 */
static void variance_shares_agree_with_r(void) {
  VarianceShare effect;
  effect_size_variance(4.61, 2, 41, 44, &effect);
  support_assert_near("eta2", effect.eta2, 0.183592194344883, 1e-12, 0);
  support_assert_near("omega2", effect.omega2, 0.140960562280359, 1e-12, 0);
  support_assert_near("low", effect.ci_low, 0.00670653353923469, 1e-9, 0);
  support_assert_near("high", effect.ci_high, 0.358673346916922, 1e-9, 0);
  effect_size_variance(1.82041733191202, 2, 20, 23, &effect);
  support_assert_near("omega2", effect.omega2, 0.066590060207376, 1e-12, 0);
  g_assert_cmpfloat(effect.ci_low, ==, 0);
  support_assert_near("high", effect.ci_high, 0.379376589031602, 1e-9, 0);
  effect_size_variance(0.01, 3, 50, 54, &effect); /* unlikely small: both limits are 0 */
  g_assert_cmpfloat(effect.ci_high, ==, 0);
}

/* A factor of 3 levels, crossed with one of 5, in 45 cases, 3 a cell: F <- 3.36; 2 * (F - 1) / (2 * (F - 1) + 45); l as
 * above of pf(F, 2, 30, l), l / (l + 45). */
static void a_factor_among_others_counts_all_cases(void) {
  VarianceShare effect;
  effect_size_variance(3.36, 2, 30, 45, &effect);
  support_assert_near("omega2", effect.omega2, 0.0949316170555109, 1e-12, 0);
  g_assert_cmpfloat(effect.ci_low, ==, 0);
  support_assert_near("high", effect.ci_high, 0.30997964579657, 1e-9, 0);
}

/* R's pt leaves its series at a noncentrality of 37.62, and effectsize with it; instead up <- function(t, df, l)
 * integrate(function(z) dnorm(z) * pchisq(df * ((z + l) / t)^2, df), max(-l, -9), 9, rel.tol = 1e-12)$value for t > 0;
 * uniroot(function(l) up(t, df, l) - .025, c(-8, 4 * t + 8), tol = 1e-12) and .975, divided by sqrt(n); of t and -l for
 * t < 0. pt gives -3179.5 and 10679.5 for 5000 with one degree of freedom. */
static void large_effects_have_exact_intervals(void) {
  static const struct {
    double t;
    gsize n;
    double low, high;
  } cases[] = {{48.3, 12, 28.3389298072333, 68.2695405742714}, {-52.7, 41, -64.3464847256838, -41.0125248559992},
               {50, 2, 1.54048984316325, 112.092548166569},    {5000, 2, 156.689913240931, 11207.013862165},
               {41, 201, 36.5203253767868, 45.4558765874686},  {800, 4, 214.556619035821, 1412.20871357315},
               {45, 5001, 42.8488497776067, 47.1473681291512}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    StandardisedDifference effect;
    double root = sqrt((double)cases[i].n);
    const Description values = {.n = cases[i].n, .mean = cases[i].t, .sd = root};
    effect_size_one_sample(&values, 0, &effect);
    support_assert_near("low", effect.ci_low, cases[i].low / root, 1e-9, 0);
    support_assert_near("high", effect.ci_high, cases[i].high / root, 1e-9, 0);
  }
}

/* tolerance: the values' own digits, which a small variance far from 0 leaves few of. */
static void check(const StandardisedDifference *effect, const double *want, double tolerance) {
  support_assert_near("d", effect->d, want[0], tolerance, 0);
  support_assert_near("g", effect->g, want[1], tolerance, 0);
  support_assert_near("low", effect->ci_low, want[2], fmax(tolerance, 1e-9), 0);
  support_assert_near("high", effect->ci_high, want[3], fmax(tolerance, 1e-9), 0);
}

static Description describe(const double *values, gsize n) {
  Description d;
  g_assert_true(descriptive_describe(values, n, DESCRIPTIVE_CONFIDENCE, &d, NULL));
  return d;
}

static void compare(const double *first, gsize n_first, const double *second, gsize n_second, const double *want,
                    double tolerance) {
  const Description a = describe(first, n_first), b = describe(second, n_second);
  StandardisedDifference effect;
  effect_size_two_samples(&a, &b, &effect);
  check(&effect, want, tolerance);
}

/* effectsize 0.8.3: cohens_d(y[1:6], y[7:12]), hedges_g; likewise (y[1:2], y[3:17]), (y[1:2], y[12:13]),
 * (rep(y[1], 3), y[4:8]), (y[g == 0][-(1:2)], y[g == 2]); the limits by uniroot as above, which cohens_d's meet within
 * its 1e-6. (50 + 1e-6 * a[1:8], 50 + 1e-6 * a[9:20]), and 60 + 1e-6 * a[9:20], the limits of that one by up. */
static void two_groups_of_any_design_agree_with_r(void) {
  compare(data_y, 6, data_y + 6, 6,
          (const double[]){-0.200282207474274, -0.184809527318063, -1.33027042163631, 0.939521986984467}, 1e-12);
  compare(data_y, 2, data_y + 2, 15,
          (const double[]){0.135629820339805, 0.128713728545277, -1.34279956809104, 1.60958365423307}, 1e-12);
  compare(data_y, 2, data_y + 11, 2,
          (const double[]){-0.383589350886622, -0.216417116130078, -2.3322582808241, 1.64910767781069}, 1e-12);
  const double constant[] = {data_y[0], data_y[0], data_y[0]};
  compare(constant, 3, data_y + 3, 5,
          (const double[]){-1.0667372108693, -0.926596410259656, -2.57814640715614, 0.518151886138215}, 1e-12);
  double missing[DATA_N];
  gsize n = groups_values(0, missing);
  missing[0] = missing[1] = NAN;
  const Description incomplete = describe(missing, n), third = groups_description(2);
  StandardisedDifference effect;
  effect_size_two_samples(&incomplete, &third, &effect);
  check(&effect, (const double[]){-0.682003415441048, -0.623265797488339, -1.89131299532072, 0.562177186904888}, 1e-12);
  double near[DATA_N], far[DATA_N];
  for (gsize i = 0; i < DATA_N; i++) {
    near[i] = 50 + 1e-6 * data_a[i];
    far[i] = 60 + 1e-6 * data_a[i];
  }
  compare(near, 8, near + 8, 12,
          (const double[]){-0.19150767854007, -0.183396644101505, -1.08563058678622, 0.707870598189532}, 1e-8);
  compare(near, 8, far + 8, 12,
          (const double[]){-832491.458063258, -797232.470342046, -1101743.69982668, -562941.334651351}, 1e-8);
}

/* cohens_d(y, mu = 40), cohens_d(y[1:2], mu = 50), cohens_d(y - a, mu = 0), cohens_d(50 + 1e-6 * a[1:3], mu = 49), and
 * limits as above; hedges_g has 0 for two values, whose factor divides by the gamma function of 0. */
static void one_group_of_any_design_agrees_with_r(void) {
  double difference[DATA_N], near[3];
  for (gsize i = 0; i < DATA_N; i++)
    difference[i] = data_y[i] - data_a[i];
  for (gsize i = 0; i < 3; i++)
    near[i] = 50 + 1e-6 * data_a[i];
  const Description all = describe(data_y, DATA_N), two = describe(data_y, 2), paired = describe(difference, DATA_N),
                    tiny = describe(near, 3);
  StandardisedDifference effect;
  effect_size_one_sample(&all, 40, &effect);
  check(&effect, (const double[]){-0.189156230640214, -0.182621007485948, -0.599498292886948, 0.225383477100442},
        1e-12);
  effect_size_one_sample(&paired, 0, &effect);
  check(&effect, (const double[]){-0.6585180245508, -0.635766660628078, -1.10455404177665, -0.200261258942909}, 1e-12);
  effect_size_one_sample(&tiny, 49, &effect);
  check(&effect, (const double[]){54336.2836096091, 30655.9652212382, 8645.75612475379, 104360.743102047}, 1e-8);
  effect_size_one_sample(&two, 50, &effect);
  support_assert_near("d of two", effect.d, -1.47490942341915, 1e-12, 0);
  g_assert_true(isnan(effect.g));
  support_assert_near("low of two", effect.ci_low, -3.66615490102979, 1e-9, 0);
  support_assert_near("high of two", effect.ci_high, 0.781924350226089, 1e-9, 0);
}

static void share(const double *y, const gsize *group, gsize n, gsize n_groups, const double *want) {
  g_autoptr(Anova) anova = NULL;
  VarianceShare effect;
  g_assert_true(anova_one_way(y, group, n, n_groups, &anova, NULL));
  effect_size_variance(anova->f, anova->df_between, anova->df_within, (double)anova->n, &effect);
  support_assert_near("eta2", effect.eta2, want[0], 1e-10, 0);
  support_assert_near("eta2 of the sums of squares", anova->eta2, want[0], 1e-10, 0);
  support_assert_near("omega2", effect.omega2, want[1], 1e-10, 0);
  support_assert_near("omega2 of the sums of squares", anova->omega2, want[1], 1e-10, 0);
  support_assert_near("low", effect.ci_low, want[2], 1e-7, 1e-9);
  support_assert_near("high", effect.ci_high, want[3], 1e-7, 0);
}

/* m <- aov(y ~ factor(g)); effectsize's eta_squared(m), omega_squared(m) (which puts 0 for negative ones: w <- df1 * (F
 * - 1); w / (w + n)); the limits by uniroot of pf as above, those of F_to_eta2(F, df1, df2) with n in the place of df2.
 * y[1:20] by rep(0:3, length.out = 20); y by g; y[1:21] by rep(0:2, 7) without numbers 5 and 12; y[1:17] by c(0, 0,
 * rep(1:2, length.out = 15)); y + 30 * g by g. */
static void one_factor_of_any_design_agrees_with_r(void) {
  gsize group[DATA_N];
  double y[DATA_N];
  for (gsize i = 0; i < 20; i++)
    group[i] = i % 4;
  share(data_y, group, 20, 4, (const double[]){0.340195665044064, 0.207908662442666, 0, 0.532818641577143});
  share(data_y, data_group, DATA_N, 3, (const double[]){0.154006181067514, 0.066590060207376, 0, 0.379376589031602});
  for (gsize i = 0; i < 21; i++) {
    group[i] = i % 3;
    y[i] = i == 4 || i == 11 ? NAN : data_y[i];
  }
  share(y, group, 21, 3, (const double[]){0.0399043611941632, -0.0755727754018319, 0, 0.232318884987641});
  for (gsize i = 0; i < 17; i++)
    group[i] = i < 2 ? 0 : 1 + i % 2;
  share(data_y, group, 17, 3, (const double[]){0.158822686005668, 0.0364636150246922, 0, 0.410618877687212});
  for (gsize i = 0; i < DATA_N; i++)
    y[i] = data_y[i] + 30 * (double)data_group[i];
  share(y, data_group, DATA_N, 3,
        (const double[]){0.951399333459051, 0.944244720664852, 0.88543477238795, 0.967414507056335});
}

/* uniroot as above for F = 200 and 3000 with df 1, 1 and n = 3: limits that lie far from F. */
static void one_degree_of_freedom_reaches_far(void) {
  VarianceShare effect;
  effect_size_variance(200, 1, 1, 3, &effect);
  g_assert_cmpfloat(effect.ci_low, ==, 0);
  support_assert_near("high", effect.ci_high, 0.997037917943327, 1e-8, 0);
  effect_size_variance(3000, 1, 1, 3, &effect);
  support_assert_near("low", effect.ci_low, 0.484196913099895, 1e-7, 0);
  support_assert_near("high", effect.ci_high, 0.999801056815997, 1e-8, 0);
}

static void what_the_data_do_not_define_is_nan(void) {
  StandardisedDifference effect;
  const Description one = {.n = 1, .mean = 3, .sd = NAN}, same = {.n = 5, .mean = 3, .sd = 0};
  effect_size_one_sample(&one, 2, &effect);
  g_assert_true(isnan(effect.d) && isnan(effect.ci_low));
  effect_size_two_samples(&same, &same, &effect);
  g_assert_true(isnan(effect.d) && isnan(effect.g));
  /* Ratings that are alike but for the order in which they were added up: t.test calls them constant. */
  const double sums[] = {0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.6};
  const gsize levels[] = {1, 1, 0};
  const Description rounded = describe(sums, 3), others = describe(sums, 2);
  g_assert_cmpfloat(rounded.sd, >, 0);
  effect_size_one_sample(&rounded, 0, &effect);
  g_assert_true(isnan(effect.d) && isnan(effect.g) && isnan(effect.ci_high));
  effect_size_two_samples(&rounded, &others, &effect);
  g_assert_true(isnan(effect.d) && isnan(effect.ci_low));
  g_autoptr(Anova) anova = NULL;
  g_assert_true(anova_one_way(sums, levels, 3, 2, &anova, NULL));
  g_assert_cmpfloat(anova->ss_within, >, 0);
  g_assert_true(isnan(anova->f) && isnan(anova->eta2) && isnan(anova->omega2));
  VarianceShare share;
  effect_size_variance(NAN, 2, 20, 23, &share);
  g_assert_true(isnan(share.eta2) && isnan(share.ci_low));
  effect_size_variance(3, 2, 0, 3, &share);
  g_assert_true(isnan(share.omega2));
  effect_size_variance(1e9, 2, 20, 23, &share);
  g_assert_true(isnan(share.ci_high) && !isnan(share.eta2));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/effect-size/standardised-differences-agree-with-r", standardised_differences_agree_with_r);
  g_test_add_func("/stats/effect-size/variance-shares-agree-with-r", variance_shares_agree_with_r);
  g_test_add_func("/stats/effect-size/a-factor-among-others-counts-all-cases", a_factor_among_others_counts_all_cases);
  g_test_add_func("/stats/effect-size/large-effects-have-exact-intervals", large_effects_have_exact_intervals);
  g_test_add_func("/stats/effect-size/two-groups-of-any-design-agree-with-r", two_groups_of_any_design_agree_with_r);
  g_test_add_func("/stats/effect-size/one-group-of-any-design-agrees-with-r", one_group_of_any_design_agrees_with_r);
  g_test_add_func("/stats/effect-size/one-factor-of-any-design-agrees-with-r", one_factor_of_any_design_agrees_with_r);
  g_test_add_func("/stats/effect-size/one-degree-of-freedom-reaches-far", one_degree_of_freedom_reaches_far);
  g_test_add_func("/stats/effect-size/what-the-data-do-not-define-is-nan", what_the_data_do_not_define_is_nan);
  return g_test_run();
}
