#include <string.h>

#include "stimuli/base/table.h"
#include "tests/support.h"

/* Table 1 of Marczak-Czajka et al. 2024, as printed: one half. */
static const char table_1[] = "variable\thue\tsaturation\tbrightness\tjpeg\tcfc\tcse\n"
                              "saturation\t.990\n"
                              "brightness\t.986\t.999\n"
                              "jpeg\t.807\t.805\t.808\n"
                              "cfc\t.814\t.848\t.858\t.874\n"
                              "cse\t.364\t.343\t.344\t.236\t.340\n"
                              "arousal\t.120\t.187\t.204\t.215\t.343\t-.216\n";

typedef struct {
  char *folder, *file, *out, *err;
} Place;

static void set_up(Place *place, gconstpointer unused) {
  (void)unused;
  place->folder = support_folder();
  place->file = g_build_filename(place->folder, "table1.tsv", NULL);
  place->out = g_build_filename(place->folder, "out.tsv", NULL);
}

static void tear_down(Place *place, gconstpointer unused) {
  (void)unused;
  support_remove(place->folder);
  g_free(place->folder);
  g_free(place->file);
  g_free(place->out);
  g_free(place->err);
}

/* Writes the text with every row filled up to `columns` cells. */
static void write_table(const Place *place, const char *text, gsize columns) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(GString) whole = g_string_new(NULL);
  for (gsize l = 0; lines[l] != NULL && *lines[l] != '\0'; l++) {
    g_auto(GStrv) cells = g_strsplit(lines[l], "\t", -1);
    g_string_append(whole, lines[l]);
    for (gsize c = g_strv_length(cells); c < columns; c++)
      g_string_append(whole, "\tn/a");
    g_string_append_c(whole, '\n');
  }
  g_assert_true(g_file_set_contents(place->file, whole->str, -1, NULL));
}

static int run(Place *place, const char *n, const char *predictors, char **text) {
  g_clear_pointer(&place->err, g_free);
  return support_run(text, &place->err, "dreamrig-analysis", "regression", "--correlations", place->file, "--n", n,
                     "--outcome", "arousal", "-o", place->out, predictors != NULL ? "--predictors" : NULL, predictors,
                     NULL);
}

static double cell(const Table *table, const char *term, const char *column) {
  for (gsize row = 0; row < table_n_rows(table); row++) {
    double value;
    if (strcmp(table_get(table, row, 1), term) != 0)
      continue;
    g_assert_true(table_get_double(table, row, (gsize)table_column(table, column), &value, NULL));
    return value;
  }
  g_error("no row %s", term);
}

/* R <- the square; r <- its last column; b <- solve(R, r); t <- b / sqrt((1-sum(b*r))*diag(solve(R))/137);
 * b + qt(.975, 137) * b / t; with R[c(1,5,6), c(1,5,6)] and 140 for three predictors. */
static void half_a_matrix_gives_the_regression(Place *place, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  g_autoptr(Table) table = NULL, three = NULL;
  write_table(place, table_1, 7);
  g_assert_cmpint(run(place, "144", NULL, &text), ==, 0);
  g_assert_nonnull(strstr(text, "R2 0.3779, adjusted R2 0.3506, F(6, 137) = 13.87"));
  g_assert_nonnull(strstr(text, "Condition number 89.47"));
  g_assert_nonnull(strstr(text, "(suppression): hue, saturation and brightness."));
  g_assert_true(table_read(place->out, &table, NULL));
  support_assert_near("beta", cell(table, "hue", "beta"), -1.60127632006295, 1e-9, 0);
  support_assert_near("t", cell(table, "cse", "t"), -3.99042296484629, 1e-9, 0);
  support_assert_near("vif", cell(table, "saturation", "vif"), 983.166305607081, 1e-9, 0);
  support_assert_near("ci_high", cell(table, "cfc", "ci_high"), 0.901805621036578, 1e-9, 0);
  support_assert_near("condition", cell(table, "condition_number", "beta"), 89.4670699664968, 1e-9, 0);
  g_assert_cmpint(run(place, "144", "hue, cfc,cse", NULL), ==, 0);
  g_assert_true(table_read(place->out, &three, NULL));
  support_assert_near("r2 of three", cell(three, "r2", "beta"), 0.291331605566753, 1e-9, 0);
  support_assert_near("t of three", cell(three, "cfc", "t"), 6.27314917441968, 1e-9, 0);
}

static void refused(Place *place, const char *text, gsize columns, const char *n, const char *predictors,
                    const char *message) {
  write_table(place, text, columns);
  g_assert_cmpint(run(place, n, predictors, NULL), ==, 1);
  if (strstr(place->err, message) == NULL)
    g_error("'%s' lacks '%s'", place->err, message);
  g_assert_nonnull(strstr(place->err, "table1.tsv"));
  g_assert_false(g_file_test(place->out, G_FILE_TEST_EXISTS));
}

static void tables_that_are_no_correlation_matrix_are_refused(Place *place, gconstpointer unused) {
  (void)unused;
  refused(place, "v\ta\tb\na\t1\nb\t.9\t1\narousal\t.9\t-.9\n", 3, "30", NULL, "not positive definite");
  refused(place, "v\ta\tb\nb\t.9\narousal\t.9\t.5\n", 3, "3", NULL, "3 cases for 2 predictors");
  refused(place, "v\ta\tb\nb\t.9\narousal\t.9\t1.5\n", 3, "30", NULL, "column 'b': 1.5");
  refused(place, "v\ta\tb\nb\t.9\narousal\t.9\t.5*\n", 3, "30", NULL, ".5*");
  refused(place, "v\ta\tb\nb\t.9\narousal\t.9\n", 3, "30", NULL, "no correlation of b and arousal");
  refused(place, "v\ta\tb\na\t1\t.8\nb\t.9\t1\narousal\t.9\t.5\n", 3, "30", NULL, "0.9 in one cell and 0.8 in the");
  refused(place, "v\ta\tb\na\t.7\nb\t.9\narousal\t.9\t.5\n", 3, "30", NULL, "of a with itself is 0.7");
  refused(place, "v\ta\tb\nb\t.9\nb\t.8\narousal\t.9\t.5\n", 3, "30", NULL, "two rows are named 'b'");
  refused(place, "v\ta\tb\nb\t.9\narousal\t.9\t.5\n", 3, "30", "a,z", "named 'z'");
  refused(place, "v\ta\tb\nb\t.9\narousal\t.9\t.5\n", 3, "30", "a,a", "the predictor 'a' twice");
  refused(place, "v\ta\tb\nb\t.9\narousal\t.9\t.5\n", 3, "30", "a,arousal", "the outcome and a predictor");
  refused(place, "v\tarousal\narousal\t1\n", 2, "30", NULL, "no predictors beside");
}

static void what_is_required_is_asked_for(Place *place, gconstpointer unused) {
  (void)unused;
  write_table(place, table_1, 7);
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "regression", "--correlations", place->file, "--outcome",
                              "arousal", NULL),
                  ==, 2);
  g_assert_nonnull(strstr(err, "--n is required"));
  g_assert_cmpint(run(place, "-3", NULL, NULL), ==, 2);
  g_assert_cmpint(run(place, "0", NULL, NULL), ==, 2);
  g_assert_nonnull(strstr(place->err, "--n 0: 1 or more expected"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/command-regression/half-a-matrix-gives-the-regression", Place, NULL, set_up,
             half_a_matrix_gives_the_regression, tear_down);
  g_test_add("/command-regression/tables-that-are-no-correlation-matrix-are-refused", Place, NULL, set_up,
             tables_that_are_no_correlation_matrix_are_refused, tear_down);
  g_test_add("/command-regression/what-is-required-is-asked-for", Place, NULL, set_up, what_is_required_is_asked_for,
             tear_down);
  return g_test_run();
}
