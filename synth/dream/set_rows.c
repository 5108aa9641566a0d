#include "synth/dream/set_rows.h"

#include <string.h>

static void append_safe(GString *id, const char *layer) {
  for (; *layer; layer++)
    g_string_append_c(id, g_ascii_isalnum(*layer) || *layer == '.' || *layer == '_' ? *layer : '-');
}

/* Layer names that a file cannot have may become the same ("a/b", "a:b"), also where file names ignore case: later ones
 * get a number. */
static char **safe_names(const Recipe *recipe) {
  g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (char **layer = recipe->layers; *layer; layer++) {
    GString *name = g_string_new(NULL);
    append_safe(name, *layer);
    const gsize length = name->len;
    for (int n = 2; !g_hash_table_add(taken, g_ascii_strdown(name->str, -1)); n++) {
      g_string_truncate(name, length);
      g_string_append_printf(name, "-%d", n);
    }
    g_ptr_array_add(names, g_string_free(name, FALSE));
  }
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

char **set_ids(const Recipe *recipe) {
  g_auto(GStrv) names = safe_names(recipe);
  g_autoptr(GPtrArray) ids = g_ptr_array_new();
  for (char **name = names; *name; name++)
    for (int seed = 1; seed <= recipe->seeds; seed++)
      g_ptr_array_add(ids, g_strdup_printf("%s_seed%d", *name, seed));
  g_ptr_array_add(ids, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}

SetRow *set_rows_new(const RecipeInputs *inputs, gsize *n_rows) {
  g_autofree char **ids = set_ids(inputs->recipe);
  const gsize n_seeds = (gsize)inputs->recipe->seeds;
  *n_rows = g_strv_length(ids);
  SetRow *rows = g_new0(SetRow, *n_rows);
  for (gsize i = 0; i < *n_rows; i++) {
    const NetNode *node = &inputs->graph->nodes[inputs->nodes[i / n_seeds]];
    rows[i] = (SetRow){.id = ids[i],
                       .file = g_strconcat(ids[i], ".png", NULL),
                       .network = inputs->graph->name,
                       .layer = node->name,
                       .layer_type = node->type,
                       .depth = node->depth,
                       .seed = (gint64)(i % n_seeds) + 1};
  }
  return rows;
}

void set_rows_free(SetRow *rows, gsize n_rows) {
  for (gsize i = 0; i < n_rows; i++) {
    g_free((char *)rows[i].id);
    g_free((char *)rows[i].file);
  }
  g_free(rows);
}

void set_row_fill(const SetRow *row, Table *table, gsize at) {
  const struct {
    const char *column, *text;
  } texts[] = {{"id", row->id},           {"file", row->file},   {"sha256", row->sha256},
               {"network", row->network}, {"layer", row->layer}, {"layer_type", row->layer_type}};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    table_set(table, at, table_add_column(table, texts[i].column), texts[i].text);
  table_set_int(table, at, table_add_column(table, "depth"), row->depth);
  table_set_int(table, at, table_add_column(table, "seed"), row->seed);
  table_set_double(table, at, table_add_column(table, "objective_before"), row->objective_before);
  table_set_double(table, at, table_add_column(table, "objective_after"), row->objective_after);
}

static bool has_number(const Table *table, gsize at, const char *name) {
  const int column = table_column(table, name);
  double value;
  return column >= 0 && table_get_double(table, at, (gsize)column, &value, NULL);
}

bool set_row_agrees(const SetRow *row, const Table *table, gsize at) {
  static const char *const stated[] = {"id", "file", "network", "layer", "layer_type", "depth", "seed"};
  g_autoptr(Table) wanted = table_new(stated, G_N_ELEMENTS(stated));
  SetRow with_digest = *row;
  with_digest.sha256 = "";
  set_row_fill(&with_digest, wanted, table_add_row(wanted));
  for (gsize i = 0; i < G_N_ELEMENTS(stated); i++) {
    const int column = table_column(table, stated[i]);
    if (column < 0 || strcmp(table_get(table, at, (gsize)column), table_get(wanted, 0, i)) != 0)
      return false;
  }
  return table_column(table, "sha256") >= 0 && has_number(table, at, "objective_before") &&
         has_number(table, at, "objective_after");
}
