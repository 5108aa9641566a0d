#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

/* Made of crossed_incomplete: what a cell holds in rows 0, 1, 2, ... */
static Table *with_cells(const char *column, const char *const *cells, gsize n) {
  Table *table = crossed_incomplete();
  gsize c = table_add_column(table, column);
  for (gsize row = 0; row < table_n_rows(table); row++)
    table_set(table, row, c, cells[row % n]);
  return table;
}

static void check(const MixedModel *model, gsize c, const char *name, double beta, double se) {
  g_assert_cmpstr(model->fixed[c].name, ==, name);
  support_assert_near(name, model->fixed[c].beta, beta, 1e-6, 0);
  support_assert_near("se", model->fixed[c].se, se, 1e-5, 0);
}

/* k <- 0:287; g$z[k %% 5 == 2] <- NA; g$y[k %% 7 == 3] <- NA
 * coef(summary(lmer(y ~ scale(x) + z + (1|participant), g))); coef(summary(lm(scale(y) ~ scale(x) + z, g))) */
static void scale_is_over_the_whole_column_as_in_r(void) {
  g_autoptr(Table) table = crossed_incomplete();
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (row % 5 == 2)
      table_set(table, row, (gsize)table_column(table, "z"), "NA");
    if (row % 7 == 3)
      table_set(table, row, (gsize)table_column(table, "y"), NULL);
  }
  g_autoptr(MixedModel) mixed = crossed_fit(table, "y ~ scale(x) + z + (1|participant)", false);
  check(mixed, 0, "(Intercept)", 41.91653892246595, 2.2260399842676);
  check(mixed, 1, "scale(x)", 5.17076730156241, 0.6513879194956);
  g_autoptr(MixedModel) of_response = crossed_fit(table, "scale(y) ~ scale(x) + z", false);
  check(of_response, 0, "(Intercept)", -0.01632943830747, 0.16115730177240);
  check(of_response, 1, "scale(x)", 0.41731209019408, 0.06446483876129);
}

/* g$d <- as.numeric(c("2.5", "2.50", "3", "10"))[1 + 0:287 %% 4]; coef(summary(lm(y ~ factor(d), g))) */
static void numbers_are_categories_by_value(void) {
  static const char *const cells[] = {"2.5", "2.50", "3", "10"};
  g_autoptr(Table) table = with_cells("d", cells, G_N_ELEMENTS(cells));
  g_autoptr(MixedModel) model = crossed_fit(table, "y ~ factor(d)", false);
  g_assert_cmpuint(model->n_fixed, ==, 3);
  check(model, 0, "(Intercept)", 41.0750000000000, 1.010268778469);
  check(model, 1, "factor(d)3", 1.0725694444444, 1.749836853609);
  check(model, 2, "factor(d)10", 0.5868055555556, 1.749836853609);
}

static ModelFrame *frame_of(const Table *table, const char *text) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Formula) formula = NULL;
  ModelFrame *frame = NULL;
  g_assert_true(formula_parse(text, &formula, &error));
  model_frame_new(formula, table, &frame, &error);
  g_assert_no_error(error);
  return frame;
}

/* g$d <- c(1,2,1,3,4,2,5,6,7,1,8)[1 + 0:287 %% 11]; m <- lmer(y ~ x + (1|d), g); coef(summary(m)); VarCorr(m) */
static void numbers_group_by_value_as_in_lme4(void) {
  static const char *const cells[] = {"01", "2", "1", "3", "4", "2.0", "5", "6", "7", "1.00", "8"};
  g_autoptr(Table) table = with_cells("d", cells, G_N_ELEMENTS(cells));
  g_autoptr(MixedModel) model = crossed_fit(table, "y ~ x + (1|d)", false),
                        within_factor = crossed_fit(table, "y ~ x + (1|factor(d))", false);
  check(model, 0, "(Intercept)", 33.1990165266775, 1.29453156153340);
  check(model, 1, "x", 3.7908961418153, 0.47685223757554);
  g_assert_cmpuint(model->groups[0].n_levels, ==, 8);
  support_assert_near("sd", sqrt(model->groups[0].covariance[0]), 1.27029484166, 1e-5, 0);
  support_assert_near("the same", within_factor->deviance, model->deviance, 1e-12, 0);
}

static void spellings_of_a_number_are_named(void) {
  static const char *const cells[] = {"01", "2", "1", "3"}, *const words[] = {"01", "1", "s3", "2", "2.0"};
  g_autoptr(Table) table = with_cells("d", cells, G_N_ELEMENTS(cells)),
                   of_words = with_cells("d", words, G_N_ELEMENTS(words));
  g_autoptr(ModelFrame) numbers = frame_of(table, "y ~ factor(d) + (1|d)"), names = frame_of(of_words, "y ~ (1|d)");
  g_assert_cmpuint(numbers->notes->len, ==, 1);
  g_assert_cmpstr(
      numbers->notes->pdata[0], ==,
      "d: \"01\" and \"1\" are one category, because they are the same number. If they are two, put a letter "
      "before each.");
  g_assert_cmpuint(names->groups[0].n_levels, ==, 5);
  g_assert_cmpuint(names->notes->len, ==, 0);
  g_autoptr(Formula) formula = NULL;
  g_autoptr(ModelVariables) variables = NULL;
  g_assert_true(formula_parse("y ~ (1|d)", &formula, NULL) && model_variables_new(formula, table, &variables, NULL));
  g_assert_cmpstr(variables->variables[0].levels[0], ==, "01");
}

static void a_slip_in_a_column_of_numbers_is_named(void) {
  static const char *const cells[] = {"1", "2", "3O", "4", "n/a"}, *const words[] = {"1", "a", "b"};
  g_autoptr(Table) table = with_cells("d", cells, G_N_ELEMENTS(cells)),
                   of_words = with_cells("d", words, G_N_ELEMENTS(words));
  g_autoptr(ModelFrame) effect = frame_of(table, "y ~ d"), factor = frame_of(table, "y ~ factor(d)"),
                        group = frame_of(table, "y ~ (1|d)"), names = frame_of(of_words, "y ~ d");
  g_assert_cmpuint(effect->notes->len, ==, 1);
  g_assert_true(g_str_has_prefix(effect->notes->pdata[0], "d is taken as categories because of \"3O\" in line 4"));
  g_assert_cmpuint(factor->notes->len, ==, 0);
  g_assert_cmpuint(group->notes->len, ==, 0);
  g_assert_cmpuint(names->notes->len, ==, 0);
}

static void a_word_in_the_response_is_named(void) {
  static const char *const cells[] = {"1", "2", "3", "-"};
  g_autoptr(Table) table = with_cells("d", cells, G_N_ELEMENTS(cells));
  g_autoptr(Formula) formula = NULL;
  g_autoptr(GError) error = NULL;
  ModelFrame *frame = NULL;
  g_assert_true(formula_parse("d ~ x", &formula, NULL));
  g_assert_false(model_frame_new(formula, table, &frame, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, "table:5: column 'd': is the response, but '-' is no number");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model_variables/scale_is_over_the_whole_column_as_in_r", scale_is_over_the_whole_column_as_in_r);
  g_test_add_func("/model_variables/numbers_are_categories_by_value", numbers_are_categories_by_value);
  g_test_add_func("/model_variables/numbers_group_by_value_as_in_lme4", numbers_group_by_value_as_in_lme4);
  g_test_add_func("/model_variables/spellings_of_a_number_are_named", spellings_of_a_number_are_named);
  g_test_add_func("/model_variables/a_slip_in_a_column_of_numbers_is_named", a_slip_in_a_column_of_numbers_is_named);
  g_test_add_func("/model_variables/a_word_in_the_response_is_named", a_word_in_the_response_is_named);
  return g_test_run();
}
