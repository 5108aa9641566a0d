#include "analysis/ratings/study_mixed.h"

#include <string.h>

#include "analysis/stats/formula.h"
#include "stimuli/base/error.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

static StudyMixed *fit(const SmallStudy *f, gsize scale) {
  g_autoptr(GError) error = NULL;
  StudyMixed *mixed = NULL;
  study_mixed_fit(f->study, scale, &mixed, &error);
  g_assert_no_error(error);
  return mixed;
}

/* The optimisers end at slightly different points. */
static void check(const char *what, double got, double want) { support_assert_near(what, got, want, 2e-5, 2e-5); }

/* d: one row a rating of the small study, the missing one too; lmerTest::lmer(y ~ scale(hue) + scale(cfc) + scale(cse)
 * + (1 | participant) + (1 | layer/image), d), summary(m)$coefficients, VarCorr(m); anova of the ML fits with and
 * without the predictors */
static void model_agrees_with_lme4(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  static const double beta[] = {53.22797956688, 6.44515735796, 6.01536622067, 3.16692856864},
                      se[] = {6.96508442273, 5.57651224289, 5.60254301830, 5.57533976823},
                      df[] = {3.79901302064, 20.91083511534, 21.05747428192, 20.80495091497},
                      p[] = {0.00193417875554, 0.26081125666870, 0.29511417250858, 0.57609820024227};
  small_study_open(f, NULL);
  g_autoptr(StudyMixed) mixed = fit(f, 0);
  const MixedModel *model = mixed->model;
  g_assert_cmpstr(mixed->formula, ==,
                  "arousal ~ scale(hue) + scale(cfc) + scale(cse) + (1 | participant) + (1 | layer/image)");
  g_assert_cmpuint(model->n, ==, 29); /* one rating is missing */
  g_assert_cmpuint(mixed->frame->n_incomplete, ==, 1);
  g_assert_cmpuint(model->n_fixed, ==, G_N_ELEMENTS(beta));
  for (gsize c = 0; c < model->n_fixed; c++) {
    check("estimate", model->fixed[c].beta, beta[c]);
    check("standard error", model->fixed[c].se, se[c]);
    support_assert_near("degrees of freedom", model->fixed[c].df, df[c], 1e-3, 0); /* from a numerical Hessian */
    support_assert_near("p", model->fixed[c].p, p[c], 1e-3, 0);
  }
  g_assert_cmpuint(model->n_groups, ==, 3);
  check("variance of participants", model->groups[0].variance, 135.1966392);
  check("variance of images", model->groups[1].variance, 0);
  check("variance of layers", model->groups[2].variance, 0);
  check("residual variance", model->sigma * model->sigma, 618.0563746);
  g_assert_true(model->singular);
  check("likelihood ratio", mixed->test.chi2, 1.95662);
  g_assert_cmpfloat(mixed->test.df, ==, 3);
  check("p of the likelihood ratio", mixed->test.p, 0.58146);
}

static void valence_agrees_with_lme4(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_open(f, NULL);
  g_autoptr(StudyMixed) mixed = fit(f, 1);
  check("variance of images", mixed->model->groups[1].variance, 252.3876352);
  check("residual variance", mixed->model->sigma * mixed->model->sigma, 849.3800005);
  check("estimate of cfc", mixed->model->fixed[2].beta, -7.27537334248);
  check("p of cse", mixed->model->fixed[3].p, 0.8455633247794);
  check("likelihood ratio", mixed->test.chi2, 2.7093046);
}

/* A property that is the same everywhere cannot be divided by its standard deviation. */
static void constant_property_is_left_out(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  for (gsize i = 0; i < SMALL_STUDY_IMAGES; i++)
    table_set(f->set->stimuli, i, (gsize)table_column(f->set->stimuli, "cfc"), "4.5");
  small_study_open(f, NULL);
  g_autoptr(StudyMixed) mixed = fit(f, 0);
  g_assert_cmpuint(g_strv_length(mixed->left_out), ==, 1);
  g_assert_cmpstr(mixed->left_out[0], ==, "cfc");
  g_assert_cmpuint(mixed->model->n_fixed, ==, 3);
}

static void image_without_a_property_is_left_out(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  table_set(f->set->stimuli, 1, (gsize)table_column(f->set->stimuli, "hue"), "n/a");
  small_study_open(f, NULL);
  g_autoptr(StudyMixed) mixed = fit(f, 1);
  g_assert_cmpuint(mixed->model->n, ==, 25);
  g_assert_cmpuint(mixed->frame->n_incomplete, ==, 5);
}

static void layers_of_one_image_have_no_term(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  for (gsize i = 0; i < SMALL_STUDY_IMAGES; i++) {
    g_autofree char *layer = g_strdup_printf("layer-%zu", i);
    table_set(f->set->stimuli, i, (gsize)table_column(f->set->stimuli, "layer"), layer);
  }
  small_study_open(f, NULL);
  g_autoptr(StudyMixed) mixed = fit(f, 1);
  g_assert_false(mixed->layers);
  g_assert_cmpuint(mixed->model->n_groups, ==, 2);
  g_assert_true(g_str_has_suffix(mixed->formula, "+ (1 | participant) + (1 | image)"));
}

/* One row a rating, with the columns that the formula names. */
static Table *rows_of(const Study *study) {
  static const char *const names[] = {"participant", "image", "layer"};
  Table *table = table_new(names, G_N_ELEMENTS(names));
  for (gsize i = 0; i < study->ratings->n_ratings; i++) {
    const Rating *rating = &study->ratings->ratings[i];
    const StudyImage *image = &study->images[rating->image];
    gsize row = table_add_row(table);
    table_set(table, row, 0, study->ratings->raters[rating->rater].participant);
    table_set(table, row, 1, image->id);
    table_set(table, row, 2, study->layers[image->layer].name);
    for (gsize s = 0; s < study->n_scales; s++)
      table_set_double(table, row, table_add_column(table, study->scales[s]), rating->values[s]);
    for (gsize k = 0; k < study->n_features; k++)
      table_set_double(table, row, table_add_column(table, study->features[k]), image->features[k]);
  }
  return table;
}

/* Also of a property whose name needs backquotes, and where ratings are missing. */
static void its_formula_gives_the_same_frame(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  static const char *const features[] = {"hue", "2nd clutter", "cse", NULL};
  Table *stimuli = f->set->stimuli;
  gsize clutter = table_add_column(stimuli, "2nd clutter");
  for (gsize i = 0; i < SMALL_STUDY_IMAGES; i++)
    table_set(stimuli, i, clutter, table_get(stimuli, i, (gsize)table_column(stimuli, "cfc")));
  small_study_open(f, &(StudyOptions){.features = features});
  g_autoptr(StudyMixed) mixed = fit(f, 0);
  g_autoptr(Table) table = rows_of(f->study);
  g_autoptr(Formula) formula = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  g_assert_cmpstr(mixed->formula, ==,
                  "arousal ~ scale(hue) + scale(`2nd clutter`) + scale(cse) + (1 | participant) + (1 | layer/image)");
  g_assert_true(formula_parse(mixed->formula, &formula, NULL));
  g_assert_true(model_frame_new(formula, table, &frame, NULL));
  const ModelFrame *own = mixed->frame;
  g_assert_cmpuint(own->n, ==, frame->n);
  g_assert_cmpuint(own->n, <, f->study->ratings->n_ratings);
  g_assert_cmpuint(own->fixed.n_columns, ==, frame->fixed.n_columns);
  g_assert_cmpuint(own->n_groups, ==, frame->n_groups);
  g_assert_true(memcmp(own->y, frame->y, own->n * sizeof *own->y) == 0);
  g_assert_true(memcmp(own->fixed.values, frame->fixed.values, own->n * own->fixed.n_columns * sizeof(double)) == 0);
  for (gsize g = 0; g < own->n_groups; g++) {
    const ModelGroup *one = &own->groups[g], *other = &frame->groups[g];
    g_assert_cmpstr(one->name, ==, other->name);
    g_assert_cmpuint(one->n_levels, ==, other->n_levels);
    g_assert_true(memcmp(one->level, other->level, own->n * sizeof *one->level) == 0);
  }
}

static void refused(SmallStudy *f, const char *part) {
  g_autoptr(GError) error = NULL;
  StudyMixed *mixed = NULL;
  g_assert_false(study_mixed_fit(f->study, 0, &mixed, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_test_message("%s", error->message);
  g_assert_nonnull(g_strstr_len(error->message, -1, part));
}

static void one_participant_is_no_sample(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  for (gsize p = 2; p <= SMALL_STUDY_PARTICIPANTS; p++) {
    g_autofree char *path = g_strdup_printf("%s/sub-0%zu", f->folder, p);
    support_remove(path);
  }
  small_study_open(f, NULL);
  refused(f, "there is one participant");
}

/* Four images cannot tell three properties and an intercept from differences of the images. */
static void as_many_properties_as_images_are_too_many(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  for (gsize i = 4; i < SMALL_STUDY_IMAGES; i++)
    table_set(f->set->stimuli, i, (gsize)table_column(f->set->stimuli, "hue"), "n/a");
  small_study_open(f, NULL);
  refused(f, "the fixed effects fit each of the 4 levels of 'image:layer' exactly");
}

static void set_without_properties_says_what_to_run(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  static const char *const none[] = {NULL};
  small_study_open(f, &(StudyOptions){.features = none});
  refused(f, "dreamrig-analysis features");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*run)(SmallStudy *, gconstpointer);
  } tests[] = {{"model_agrees_with_lme4", model_agrees_with_lme4},
               {"valence_agrees_with_lme4", valence_agrees_with_lme4},
               {"constant_property_is_left_out", constant_property_is_left_out},
               {"image_without_a_property_is_left_out", image_without_a_property_is_left_out},
               {"layers_of_one_image_have_no_term", layers_of_one_image_have_no_term},
               {"its_formula_gives_the_same_frame", its_formula_gives_the_same_frame},
               {"one_participant_is_no_sample", one_participant_is_no_sample},
               {"as_many_properties_as_images_are_too_many", as_many_properties_as_images_are_too_many},
               {"set_without_properties_says_what_to_run", set_without_properties_says_what_to_run}};
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/ratings/study_mixed/", tests[i].name, NULL);
    g_test_add(path, SmallStudy, NULL, small_study_set_up, tests[i].run, small_study_tear_down);
  }
  return g_test_run();
}
