#include "analysis/model_rows.h"

/* "m1:L1" for a level of image:layer. */
static char *level_name(const ModelFrame *frame, const ModelGroup *group, gsize level, const Formula *formula,
                        const Table *data) {
  gsize row = frame->rows[group->example[level]];
  GString *name = g_string_new(NULL);
  for (gsize k = 0; k < group->variables->len; k++) {
    const FormulaVariable *variable = &formula->variables[g_array_index(group->variables, gsize, k)];
    g_string_append_printf(name, "%s%s", k > 0 ? ":" : "",
                           table_get(data, row, (gsize)table_column(data, variable->column)));
  }
  return g_string_free(name, FALSE);
}

Table *model_modes_table(const ModelFrame *frame, const MixedModes *modes, const Formula *formula, const Table *data) {
  static const char *const columns[] = {"group", "level", "effect", "mode", "sd"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize g = 0; g < frame->n_groups; g++) {
    const ModelGroup *group = &frame->groups[g];
    gsize q = group->effects.n_columns;
    for (gsize level = 0; level < group->n_levels; level++) {
      g_autofree char *name = level_name(frame, group, level, formula, data);
      for (gsize e = 0; e < q; e++) {
        gsize row = table_add_row(table);
        table_set(table, row, 0, group->name);
        table_set(table, row, 1, name);
        table_set(table, row, 2, group->effects.names[e]);
        table_set_double(table, row, 3, modes->groups[g].modes[level * q + e]);
        table_set_double(table, row, 4, modes->groups[g].sd[level * q + e]);
      }
    }
  }
  return table;
}

Table *model_fitted_table(const ModelFrame *frame, const MixedModes *modes) {
  static const char *const columns[] = {"line", "response", "fitted", "residual"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < frame->n; i++) {
    gsize row = table_add_row(table);
    table_set_int(table, row, 0, (gint64)frame->rows[i] + 2);
    table_set_double(table, row, 1, frame->y[i]);
    table_set_double(table, row, 2, modes->fitted[i]);
    table_set_double(table, row, 3, frame->y[i] - modes->fitted[i]);
  }
  return table;
}
