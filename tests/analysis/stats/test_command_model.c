#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "stimuli/base/table.h"
#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

typedef struct {
  char *folder, *data, *out;
} Place;

static void set_up(Place *place, gconstpointer unused) {
  (void)unused;
  place->folder = support_folder();
  place->data = g_build_filename(place->folder, "ratings.tsv", NULL);
  place->out = g_build_filename(place->folder, "model.tsv", NULL);
  g_autoptr(Table) table = crossed_incomplete();
  g_assert_true(table_write(table, place->data, 0600, NULL));
}

static void tear_down(Place *place, gconstpointer unused) {
  (void)unused;
  support_remove(place->folder);
  g_free(place->folder);
  g_free(place->data);
  g_free(place->out);
}

static Table *read_out(const Place *place) {
  Table *table = NULL;
  g_autoptr(GError) error = NULL;
  table_read(place->out, &table, &error);
  g_assert_no_error(error);
  return table;
}

/* The cell of the row with this part, group and term. */
static double cell(const Table *table, const char *part, const char *group, const char *term, const char *column) {
  for (gsize row = 0; row < table_n_rows(table); row++) {
    double value;
    if (strcmp(table_get(table, row, 0), part) != 0 || strcmp(table_get(table, row, 1), group) != 0 ||
        strcmp(table_get(table, row, 2), term) != 0)
      continue;
    g_assert_true(table_get_double(table, row, (gsize)table_column(table, column), &value, NULL));
    return value;
  }
  g_error("no row %s, %s, %s", part, group, term);
}

/* g$y ~ x + z + type + (1|participant) + (1|image), as in test_mixed.c: drop1 and ranova. */
static void one_command_gives_fit_and_tests(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ x + z + type + (1|participant) + (1|image)", "--drop", "--against",
                              "y ~ x + (1|participant) + (1|image)", "-o", place->out, NULL),
                  ==, 0);
  g_assert_nonnull(strstr(text, "288 rows, 20 participant, 16 image; REML, converged"));
  g_autoptr(Table) table = read_out(place);
  support_assert_near("x", cell(table, "test", "n/a", "x", "statistic"), 0.9587156113571, 1e-6, 0);
  support_assert_near("z", cell(table, "test", "n/a", "z", "statistic"), 0.0266939121229, 1e-5, 0);
  support_assert_near("type", cell(table, "test", "n/a", "type", "p"), 0.207428795105, 1e-6, 0);
  support_assert_near("image", cell(table, "test", "n/a", "(1 | image)", "statistic"), 49.5779853161, 1e-6, 0);
  support_assert_near("participant", cell(table, "test", "n/a", "(1 | participant)", "statistic"), 108.5204878676, 1e-6,
                      0);
  g_assert_cmpfloat(cell(table, "test", "n/a", "y ~ x + (1|participant) + (1|image)", "df"), ==, 3);
  g_assert_cmpfloat(cell(table, "fit", "participant", "levels", "estimate"), ==, 20);
  double variances = cell(table, "variance", "participant", "(Intercept)", "estimate") +
                     cell(table, "variance", "image", "(Intercept)", "estimate");
  double residual = cell(table, "variance", "Residual", "n/a", "estimate");
  support_assert_near("icc", cell(table, "fit", "n/a", "icc_adjusted", "estimate"), variances / (variances + residual),
                      1e-9, 0);
}

/* The cell of the test's row; the note must hold both texts. */
static void assert_noted(const Table *table, const char *term, const char *method, const char *bound) {
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (strcmp(table_get(table, row, 0), "test") != 0 || strcmp(table_get(table, row, 2), term) != 0)
      continue;
    const char *note = table_get(table, row, (gsize)table_column(table, "note"));
    g_assert_nonnull(strstr(note, method));
    g_assert_true((strstr(note, "p is too large") != NULL) == (bound != NULL));
    return;
  }
  g_error("no test of %s", term);
}

/* Leaving out (1 | image) by --against is the test that --drop makes of it, by ML. */
static void every_test_says_how_it_was_fitted_and_what_p_is(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ x + (1|participant) + (1|image)", "--drop", "--against", "y ~ x + (1|participant)",
                              "-o", place->out, NULL),
                  ==, 0);
  g_autoptr(Table) table = read_out(place);
  assert_noted(table, "x", "likelihood ratio, ML", NULL);
  assert_noted(table, "(1 | image)", "likelihood ratio, REML", "bound");
  assert_noted(table, "y ~ x + (1|participant)", "likelihood ratio, ML", "bound");
  g_assert_nonnull(strstr(text, "  REML+ ***\n"));
  g_assert_nonnull(strstr(text, "  ML+ ***\n"));
  g_assert_nonnull(strstr(text, "+ of variances: p is too large"));
}

/* Values as in test_mixed_modes.c and test_mixed_profile.c; of a variance the interval is the squared one of its sd. */
static void levels_rows_and_profiles_are_written(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL, *modes = g_build_filename(place->folder, "modes.tsv", NULL),
                  *rows = g_build_filename(place->folder, "rows.tsv", NULL);
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ x + z + (1|participant) + (1|layer/image)", "--profile", "--modes", modes,
                              "--fitted", rows, "-o", place->out, NULL),
                  ==, 0);
  g_assert_nonnull(strstr(text, "intervals by profile likelihood (ML)"));
  g_autoptr(Table) table = read_out(place), of_levels = NULL, of_rows = NULL;
  support_assert_near("to", cell(table, "variance", "participant", "(Intercept)", "ci_high"), 9.64051875 * 9.64051875,
                      1e-5, 0);
  support_assert_near("from", cell(table, "variance", "Residual", "n/a", "ci_low"), 6.96456121 * 6.96456121, 1e-5, 0);
  g_assert_true(table_read(modes, &of_levels, NULL) && table_read(rows, &of_rows, NULL));
  support_assert_near("mode", cell(of_levels, "image:layer", "m1:L1", "(Intercept)", "mode"), 3.133534555, 1e-6, 0);
  support_assert_near("sd", cell(of_levels, "image:layer", "m1:L1", "(Intercept)", "sd"), 1.839494154, 1e-6, 0);
  g_assert_cmpuint(table_n_rows(of_levels), ==, 20 + 16 + 4);
  GStatBuf status; /* modes and rows tell of participants */
  g_assert_true(g_stat(modes, &status) == 0 && (status.st_mode & 0777) == 0600);
  g_assert_true(g_stat(rows, &status) == 0 && (status.st_mode & 0777) == 0600);
  double fitted, residual, response;
  g_assert_true(table_get_double(of_rows, 49, 1, &response, NULL) && table_get_double(of_rows, 49, 2, &fitted, NULL) &&
                table_get_double(of_rows, 49, 3, &residual, NULL));
  support_assert_near("fitted", fitted, 55.53527816, 1e-6, 0);
  support_assert_near("residual", residual, response - fitted, 0, 1e-6);
}

static void modes_need_random_effects_and_a_file_of_their_own(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *err = NULL, *again = NULL;
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "model", "--data", place->data, "--formula", "y ~ x",
                              "--modes", place->out, NULL),
                  ==, 2);
  g_assert_nonnull(strstr(err, "--modes: the formula 'y ~ x' has no random effects"));
  g_assert_cmpint(support_run(NULL, &again, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ x + (1|image)", "--modes", place->out, "-o", place->out, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(again, "overwrite"));
}

/* coef(summary(lm(y ~ x*type, g))) */
static void a_formula_without_random_terms_is_a_regression(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ x * type", "-o", place->out, NULL),
                  ==, 0);
  g_autoptr(Table) table = read_out(place);
  support_assert_near("x", cell(table, "fixed", "n/a", "x", "estimate"), 8.389336158192, 1e-9, 0);
  support_assert_near("x:typepool", cell(table, "fixed", "n/a", "x:typepool", "se"), 3.80756135339, 1e-9, 0);
  support_assert_near("typepool", cell(table, "fixed", "n/a", "typepool", "p"), 3.42469567139e-06, 1e-8, 0);
  g_assert_true(cell(table, "fixed", "n/a", "x", "vif") > 10);
  g_assert_nonnull(strstr(text, "overlap so much"));
}

/* lmer(y ~ x + I(x^2) + log(z + 1) + (1|participant) + (1|image), g), as in test_mixed.c; its drop1(m2, ~ I(x^2), test
 * = "Chisq") with m2 fitted by ML */
static void functions_of_columns_are_terms_like_others(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ x + I(x^2) + log(z + 1) + (1|participant) + (1|image)", "--drop", "-o", place->out,
                              NULL),
                  ==, 0);
  g_autoptr(Table) table = read_out(place);
  support_assert_near("I(x^2)", cell(table, "fixed", "n/a", "I(x^2)", "estimate"), -2.24494751605, 1e-6, 0);
  support_assert_near("log(z + 1)", cell(table, "fixed", "n/a", "log(z + 1)", "se"), 2.491196636533, 1e-5, 0);
  support_assert_near("dropped", cell(table, "test", "n/a", "I(x^2)", "statistic"), 10.071308016292, 1e-6, 0);
  g_assert_cmpint(
      support_run(NULL, &err, "dreamrig-analysis", "model", "--data", place->data, "--formula", "y ~ log(w)", NULL), ==,
      1);
  g_assert_nonnull(strstr(err, "ratings.tsv:2: w: log(w) of -1 is not a finite number"));
}

static void incomplete_and_duplicated_rows_are_counted(Place *place, gconstpointer unused) {
  (void)unused;
  g_autoptr(Table) table = NULL;
  g_assert_true(table_read(place->data, &table, NULL));
  gsize y = (gsize)table_column(table, "y");
  table_set(table, 4, y, "NaN");
  table_set(table, 7, (gsize)table_column(table, "x"), NULL);
  table_set(table, 9, y, "NA");
  for (gsize c = 0; c < table_n_columns(table); c++)
    table_set(table, 21, c, table_get(table, 20, c));
  g_assert_true(table_write(table, place->data, 0600, NULL));
  g_autofree char *text = NULL;
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ x + (1|participant)", "-o", place->out, NULL),
                  ==, 0);
  g_assert_nonnull(strstr(text, "285 rows (3 left out for a missing value)"));
  g_assert_nonnull(strstr(text, "Note: 1 rows equal an earlier row in every cell (the first is line 23)"));
  g_autoptr(Table) out = read_out(place);
  g_assert_cmpfloat(cell(out, "fit", "n/a", "rows_incomplete", "estimate"), ==, 3);
  g_assert_cmpfloat(cell(out, "fit", "n/a", "rows_duplicated", "estimate"), ==, 1);
}

/* The file of another program, and what the manual has for our own: import's table. */
static void csv_and_imported_tables_are_read(Place *place, gconstpointer unused) {
  (void)unused;
  g_autoptr(Table) from = NULL, result = NULL;
  g_assert_true(table_read(place->data, &from, NULL));
  g_autoptr(GString) text = table_format(from), ratings = g_string_new("participant,image,layer,arousal,valence\n");
  g_autofree char *csv = g_build_filename(place->folder, "r.CSV", NULL), *err = NULL,
                  *raw = g_build_filename(place->folder, "raw.csv", NULL);
  g_string_replace(text, "\t", ";", 0);
  g_assert_true(g_file_set_contents(csv, text->str, -1, NULL));
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-analysis", "model", "--data", csv, "--formula",
                              "y ~ x + z + type + (1|participant) + (1|image)", "--drop", "-o", place->out, NULL),
                  ==, 0);
  result = read_out(place);
  support_assert_near("x", cell(result, "test", "n/a", "x", "statistic"), 0.9587156113571, 1e-6, 0);
  g_string_replace(text, ".", ",", 0);
  g_assert_true(g_file_set_contents(csv, text->str, -1, NULL));
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "model", "--data", csv, "--formula",
                              "y ~ x + (1|participant)", NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, "has a decimal comma"));
  for (int p = 0; p < 6; p++)
    for (int i = 0; i < 8; i++)
      g_string_append_printf(ratings, "P%d,i%d,L%d,%d,%d\n", p, i, i / 2, 10 + (p * 31 + i * i * 17 + p * i * 7) % 80,
                             20 + (p * i) % 50);
  g_assert_true(g_file_set_contents(raw, ratings->str, -1, NULL));
  g_autofree char *map = g_build_filename(place->folder, "m.columns", NULL);
  g_assert_true(g_file_set_contents(map, "[columns]\nlayer = layer\n", -1, NULL));
  g_assert_cmpint(
      support_run(NULL, NULL, "dreamrig-analysis", "import", raw, "--columns", map, "-o", place->data, NULL), ==, 0);
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "arousal ~ valence + (1|participant) + (1|layer/stim_id)", NULL),
                  ==, 0);
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-analysis", "power", "--participants", "6", "--images", "8",
                              "--data", place->data, "--formula", "arousal ~ valence + (1|participant) + (1|stim_id)",
                              "--term", "valence", "--simulations", "2", NULL),
                  ==, 0);
}

/* coef(lm(c(1.5, 2.5, 1, 4, 3, 7) ~ c(2, 3, 4, 5, 6, 10))) */
static void blanks_around_cells_are_nothing(Place *place, gconstpointer unused) {
  (void)unused;
  static const char *const texts[] = {"y,x\n1.5,  2\n2.5,  3\n1.0,  4\n 4,  5\n3 ,  6\n7, 10\n",
                                      "y\tx\n1.5\t2\n2.5\t 3\n1.0\t4 \n4\t5\n3\t  \n3\t6\n7\t10\n"};
  for (gsize k = 0; k < G_N_ELEMENTS(texts); k++) {
    g_autofree char *data = g_build_filename(place->folder, k == 0 ? "r.csv" : "r.tsv", NULL);
    g_assert_true(g_file_set_contents(data, texts[k], -1, NULL));
    g_assert_cmpint(support_run(NULL, NULL, "dreamrig-analysis", "model", "--data", data, "--formula", "y ~ x", "-o",
                                place->out, NULL),
                    ==, 0);
    g_autoptr(Table) table = read_out(place);
    support_assert_near("x", cell(table, "fixed", "n/a", "x", "estimate"), 0.6875, 1e-9, 0);
  }
}

static void a_slip_in_numbers_is_noted_with_its_place(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL, *note = NULL;
  g_assert_true(g_file_set_contents(place->data, "y\tx\n1\t1\n2\t1\n4\t3O\n3\t2\n5\t2\n4\t1\n", -1, NULL));
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula", "y ~ x",
                              "-o", place->out, NULL),
                  ==, 0);
  static const char told[] = "x is taken as categories because of \"3O\" in line 4";
  g_assert_nonnull(strstr(text, told));
  g_assert_true(g_file_get_contents(place->out, &note, NULL, NULL));
  g_assert_nonnull(strstr(note, told));
}

static void assert_slip_refused(const Place *place, const char *cell, const char *formula, const char *told) {
  g_autoptr(GString) text = g_string_new("p\ty\tx\n");
  g_autofree char *err = NULL;
  for (int row = 0; row < 40; row++)
    if (row == 17)
      g_string_append_printf(text, "p%d\t%d\t%s\n", row / 8, row * 13 % 7, cell);
    else
      g_string_append_printf(text, "p%d\t%d\t0.%02d1\n", row / 8, row * 13 % 7, row);
  g_assert_true(g_file_set_contents(place->data, text->str, -1, NULL));
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "model", "--data", place->data, "--formula", formula,
                              "-o", place->out, NULL),
                  ==, 1);
  if (strstr(err, told) == NULL)
    g_error("\"%s\" lacks \"%s\"", err, told);
  g_assert_false(g_file_test(place->out, G_FILE_TEST_EXISTS));
}

static void an_error_that_a_slip_makes_names_its_place(Place *place, gconstpointer unused) {
  (void)unused;
  assert_slip_refused(place, "0.1O5", "y ~ x",
                      ": 40 rows are too few for 40 fixed effects; x is taken as categories because of \"0.1O5\" in "
                      "line 19 (of its 40 cells 39 are numbers)");
  assert_slip_refused(place, "Inf", "y ~ x + (1|p)", "x is taken as categories because of \"Inf\" in line 19");
  assert_slip_refused(place, "-", "y ~ log(x)",
                      ":19: column 'x': '-' is no number, and only numbers can be transformed");
}

static void assert_csv_refused(const Place *place, const char *text, const char *part) {
  g_autofree char *csv = g_build_filename(place->folder, "r.csv", NULL), *err = NULL;
  g_assert_true(g_file_set_contents(csv, text, -1, NULL));
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "model", "--data", csv, "--formula", "y ~ x", NULL), ==,
                  1);
  if (strstr(err, part) == NULL)
    g_error("\"%s\" lacks \"%s\"", err, part);
}

static void a_csv_whose_places_are_unclear_is_refused(Place *place, gconstpointer unused) {
  (void)unused;
  assert_csv_refused(place, "y,x,x\n1,2,3\n", "r.csv: 2 columns are named 'x'");
  assert_csv_refused(place, "y,,x\n1,2,3\n", "r.csv: column 2 has no name");
  assert_csv_refused(place, "y,x\n1,2\n\n2,4\n", "r.csv:4: comes after an empty line");
}

static void assert_fails(int status, const char *part, const char *data, const char *formula, const char *out) {
  g_autofree char *err = NULL;
  g_assert_cmpint(
      support_run(NULL, &err, "dreamrig-analysis", "model", "--data", data, "--formula", formula, "-o", out, NULL), ==,
      status);
  if (strstr(err, part) == NULL)
    g_error("\"%s\" lacks \"%s\"", err, part);
  g_assert_false(g_file_test(out, G_FILE_TEST_EXISTS));
}

static void faults_name_file_and_column_and_leave_nothing(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *missing = g_strdup_printf("%s: no column 'cfc'; it has participant, image", place->data);
  assert_fails(1, missing, place->data, "y ~ cfc + (1|participant)", place->out);
  assert_fails(2, "'~' expected", place->data, "y", place->out);
  assert_fails(1, "column 'type': is the response", place->data, "type ~ x", place->out);
  g_assert_true(g_file_set_contents(place->data, "participant\ty\nA\t1\nA\t2\nA\t4\n", -1, NULL));
  assert_fails(1, "'participant' need at least 2 of its levels", place->data, "y ~ (1|participant)", place->out);
  g_assert_true(g_file_set_contents(place->data, "participant\ty\n", -1, NULL));
  assert_fails(1, "0 of 0 rows have a value", place->data, "y ~ (1|participant)", place->out);
}

static void models_that_are_not_nested_are_refused(Place *place, gconstpointer unused) {
  (void)unused;
  static const struct {
    const char *against, *part;
  } cases[] = {
      {"y ~ z + (1|participant)", "'y ~ x + type + (1|participant)', which has more parameters, is not seen to hold z"},
      {"y ~ x + z + w + I(x^2) + (1|image)",
       "'y ~ x + type + (1|participant)', which has as many parameters, is not seen to hold z"},
      {"y ~ I(x * 2) + type + (1|participant)", "is the same model as 'y ~ x + type + (1|participant)'"}};
  for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
    g_autofree char *err = NULL;
    g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                                "y ~ x + type + (1|participant)", "--against", cases[k].against, "-o", place->out,
                                NULL),
                    ==, 2);
    if (strstr(err, cases[k].part) == NULL)
      g_error("\"%s\" lacks \"%s\"", err, cases[k].part);
    g_assert_false(g_file_test(place->out, G_FILE_TEST_EXISTS));
  }
}

/* summary(lm(y ~ 0 + x + z, g)) */
static void a_model_without_an_intercept_has_r2_about_zero(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula",
                              "y ~ 0 + x + z", "-o", place->out, NULL),
                  ==, 0);
  g_assert_nonnull(strstr(text, "(about zero, not the mean: the model has no intercept), adjusted R2 0.8628, "
                                "F(2, 286) = 906.8, p = "));
  g_autoptr(Table) table = read_out(place);
  support_assert_near("r2", cell(table, "fit", "n/a", "r2", "estimate"), 0.8637825101303, 1e-9, 0);
  support_assert_near("adjusted", cell(table, "fit", "n/a", "adjusted_r2", "estimate"), 0.8628299402711, 1e-9, 0);
  support_assert_near("F", cell(table, "fit", "n/a", "f", "statistic"), 906.7917715029, 1e-9, 0);
  support_assert_near("p", cell(table, "fit", "n/a", "f", "p"), 1.567836805284e-124, 1e-7, 0);
}

static void without_a_predictor_left_there_is_no_f(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  g_assert_true(g_file_set_contents(place->data, "y\tx\n1\t7\n2\t7\n4\t7\n3\t7\n", -1, NULL));
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "model", "--data", place->data, "--formula", "y ~ x",
                              "-o", place->out, NULL),
                  ==, 0);
  g_assert_null(strstr(text, "nan"));
  g_assert_null(strstr(text, "F("));
  g_assert_nonnull(strstr(text, "Note: Left out"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/command_model/" #name, Place, NULL, set_up, name, tear_down)
  ADD(one_command_gives_fit_and_tests);
  ADD(every_test_says_how_it_was_fitted_and_what_p_is);
  ADD(a_formula_without_random_terms_is_a_regression);
  ADD(levels_rows_and_profiles_are_written);
  ADD(modes_need_random_effects_and_a_file_of_their_own);
  ADD(functions_of_columns_are_terms_like_others);
  ADD(incomplete_and_duplicated_rows_are_counted);
  ADD(csv_and_imported_tables_are_read);
  ADD(models_that_are_not_nested_are_refused);
  ADD(a_model_without_an_intercept_has_r2_about_zero);
  ADD(without_a_predictor_left_there_is_no_f);
  ADD(blanks_around_cells_are_nothing);
  ADD(a_slip_in_numbers_is_noted_with_its_place);
  ADD(an_error_that_a_slip_makes_names_its_place);
  ADD(a_csv_whose_places_are_unclear_is_refused);
  ADD(faults_name_file_and_column_and_leave_nothing);
  return g_test_run();
}
