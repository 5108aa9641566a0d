/* The program's own probe against the numbers of an independent implementation (float64). */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stimuli/base/table.h"
#include "tests/support.h"

static gsize column(const Table *table, const char *name) {
  GError *error = NULL;
  gsize found = 0;
  g_assert_true(table_require_column(table, name, &found, &error));
  g_assert_no_error(error);
  return found;
}

static double number(const Table *table, gsize row, gsize at) {
  GError *error = NULL;
  double value = NAN;
  g_assert_true(table_get_double(table, row, at, &value, &error));
  g_assert_no_error(error);
  return value;
}

static gsize find_layer(const Table *table, const char *layer) {
  gsize at = column(table, "layer");
  for (gsize row = 0; row < table_n_rows(table); row++)
    if (strcmp(table_get(table, row, at), layer) == 0)
      return row;
  g_error("the probe has no row for %s", layer);
}

static Table *read_table(const char *path) {
  GError *error = NULL;
  Table *table = NULL;
  g_assert_true(table_read(path, &table, &error));
  g_assert_no_error(error);
  return table;
}

/* Means within 1e-4 relative or 1e-6 absolute, gradient norms within 1e-3. */
static void compare_summaries(const Table *want, gsize row, const Table *got, gsize got_row) {
  static const struct {
    const char *name;
    double relative, absolute;
  } measures[] = {{"mean", 1e-4, 1e-6}, {"grad_l2", 1e-3, 0}, {"grad_mean_abs", 1e-3, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(measures); i++) {
    g_autofree char *what = g_strdup_printf("%s of %s", measures[i].name, table_get(want, row, column(want, "layer")));
    support_assert_near(what, number(got, got_row, column(got, measures[i].name)),
                        number(want, row, column(want, measures[i].name)), measures[i].relative, measures[i].absolute);
  }
}

/* Single gradient values within 1e-3 of the largest of their layer. */
static void compare_values(const Table *want, gsize row, const Table *got, gsize got_row) {
  double largest = 0;
  for (gsize c = 0; c < table_n_columns(want); c++)
    if (g_str_has_prefix(table_column_name(want, c), "grad_c"))
      largest = MAX(largest, fabs(number(want, row, c)));
  for (gsize c = 0; c < table_n_columns(want); c++) {
    const char *name = table_column_name(want, c);
    if (!g_str_has_prefix(name, "grad_c"))
      continue;
    g_autofree char *what = g_strdup_printf("%s of %s", name, table_get(want, row, column(want, "layer")));
    support_assert_near(what, number(got, got_row, column(got, name)), number(want, row, c), 0, 1e-3 * largest);
  }
}

static void tiny5h(void) {
  g_autofree char *folder = support_folder(), *output = g_build_filename(folder, "out.tsv", NULL);
  g_autofree char *network = support_data("tiny5h/net.pb"), *image = support_data("tiny5h/image.png");
  g_autofree char *layers = support_data("tiny5h/layers.tsv"), *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-synth", "probe", "--network", network, "--image", image, "--at",
                              "0,0,0", "--at", "1,50,38", "--at", "2,75,95", "--at", "0,149,189", "--at", "1,148,3",
                              "-o", output, NULL),
                  ==, 0);
  g_autoptr(Table) want = read_table(layers), got = read_table(output);
  g_assert_cmpuint(table_n_rows(want), ==, 144);
  g_assert_cmpuint(table_n_rows(got), ==, 144);
  for (gsize row = 0; row < table_n_rows(want); row++) {
    gsize found = find_layer(got, table_get(want, row, 0));
    for (gsize c = 1; c <= 3; c++)
      g_assert_cmpstr(table_get(got, found, column(got, table_column_name(want, c))), ==, table_get(want, row, c));
    compare_summaries(want, row, got, found);
    compare_values(want, row, got, found);
  }
  support_remove(folder);
}

static void googlenet(void) {
  g_autofree char *network = support_shared("weights/googlenet-bvlc.caffemodel");
  g_autofree char *image = network != NULL ? support_shared("oracles/googlenet-bvlc/image.png") : NULL;
  g_autofree char *layers = image != NULL ? support_shared("oracles/googlenet-bvlc/layers.tsv") : NULL;
  if (layers == NULL)
    return;
  g_autofree char *folder = support_folder(), *output = g_build_filename(folder, "out.tsv", NULL);
  g_assert_cmpint(
      support_run(NULL, NULL, "dreamrig-synth", "probe", "--network", network, "--image", image, "-o", output, NULL),
      ==, 0);
  g_autoptr(Table) want = read_table(layers), got = read_table(output);
  g_assert_cmpuint(table_n_rows(want), ==, 140);
  for (gsize row = 0; row < table_n_rows(want); row++) {
    gsize found = find_layer(got, table_get(want, row, 0));
    g_autofree char *shape =
        g_strdup_printf("%sx%sx%s", table_get(got, found, column(got, "channels")),
                        table_get(got, found, column(got, "height")), table_get(got, found, column(got, "width")));
    if (g_str_has_suffix(shape, "x1x1"))
      shape[strlen(shape) - strlen("x1x1")] = '\0';
    g_assert_cmpstr(shape, ==, table_get(want, row, column(want, "shape")));
    compare_summaries(want, row, got, found);
  }
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/synth/oracles/tensorflow layers agree with tiny5h", tiny5h);
  g_test_add_func("/synth/oracles/caffe layers agree with BVLC GoogLeNet", googlenet);
  return g_test_run();
}
