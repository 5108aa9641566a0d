#include "tests/analysis/stats/crossed.h"

static void set_number(Table *table, gsize row, const char *column, double value) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  table_set(table, row, (gsize)table_column(table, column), g_ascii_dtostr(text, sizeof text, value));
}

static void set_name(Table *table, gsize row, const char *column, char letter, int number) {
  char text[16];
  g_snprintf(text, sizeof text, "%c%d", letter, number);
  table_set(table, row, (gsize)table_column(table, column), text);
}

static void add_rating(Table *table, int p, int i) {
  static const char *const types[] = {"conv", "mixed", "pool"};
  gsize row = table_add_row(table);
  double x = (i * 13) % 19 / 4.0, z = (i * i * 7) % 23 / 5.0;
  double of_image = ((i * 29) % 17 - 8) * 0.9, of_slope = ((p * 5) % 7 - 3) * 0.5 * x;
  double s = 40 + 3 * x - 2 * z + ((p * 37) % 23 - 11) * 0.8 +
             ((p * p * 31 + i * i * 17 + p * i * 7 + 5 * p + 3 * i) % 41 - 20) * 0.6;
  set_name(table, row, "participant", 's', p);
  set_name(table, row, "image", 'm', i);
  set_name(table, row, "layer", 'L', i % 4);
  table_set(table, row, (gsize)table_column(table, "type"), types[i * 5 % 3]);
  set_number(table, row, "x", x);
  set_number(table, row, "z", z);
  set_number(table, row, "w", x + z - 1);
  set_number(table, row, "y", s + of_image + of_slope);
  set_number(table, row, "s", s);
}

static Table *new_table(void) {
  static const char *const columns[] = {"participant", "image", "layer", "type", "x", "z", "w", "y", "s"};
  return table_new(columns, G_N_ELEMENTS(columns));
}

Table *crossed_balanced(void) {
  Table *table = new_table();
  for (int p = 0; p < 12; p++)
    for (int i = 0; i < 10; i++)
      add_rating(table, p, i);
  return table;
}

Table *crossed_incomplete(void) {
  Table *table = new_table();
  for (int p = 0; p < 20; p++)
    for (int i = 0; i < 16; i++)
      if ((p * 3 + i * 5 + p * i) % 4 != 0 || p == i)
        add_rating(table, p, i);
  return table;
}

MixedModel *crossed_fit(const Table *table, const char *text, bool ml) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Formula) formula = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  MixedModel *model = NULL;
  const MixedOptions options = {.ml = ml};
  formula_parse(text, &formula, &error);
  g_assert_no_error(error);
  model_frame_new(formula, table, &frame, &error);
  g_assert_no_error(error);
  mixed_fit(frame, &options, &model, &error);
  g_assert_no_error(error);
  return model;
}
