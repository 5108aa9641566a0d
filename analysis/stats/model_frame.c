#include "analysis/stats/model_frame.h"

#include <string.h>

#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

/* Numbers the combinations of the group's variables in order of appearance. */
static bool number_levels(const ModelVariables *variables, guint64 set, ModelGroup *group, GError **error) {
  if ((group->level = memory_items(variables->n, sizeof(guint32), error)) == NULL)
    return false;
  for (gsize v = 0; v < variables->formula->n_variables; v++) {
    const ModelVariable *variable = &variables->variables[v];
    if (!(set >> v & 1))
      continue;
    if (variable->level == NULL) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%s: column '%s': is a numeric effect and a group at once; write factor() where it groups",
                  variables->source, variables->formula->variables[v].column);
      return false;
    }
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    guint32 n_levels = 0;
    for (gsize i = 0; i < variables->n; i++) {
      gint64 pair = (gint64)group->level[i] << 32 | variable->level[i];
      gpointer number;
      if (!g_hash_table_lookup_extended(known, &pair, NULL, &number)) {
        number = GUINT_TO_POINTER(n_levels++);
        g_hash_table_insert(known, g_memdup2(&pair, sizeof pair), number);
      }
      group->level[i] = GPOINTER_TO_UINT(number);
    }
    group->n_levels = n_levels;
  }
  if ((group->example = memory_items(group->n_levels, sizeof(gsize), error)) == NULL)
    return false;
  for (gsize i = variables->n; i-- > 0;)
    group->example[group->level[i]] = i;
  return true;
}

/* Appends the columns of one random term to its group. */
static bool extend_group(const ModelColumns *more, gsize n, ModelGroup *group, GError **error) {
  ModelColumns *effects = &group->effects;
  gsize old = effects->n_columns, total = old + more->n_columns, block = old > 0 ? group->block[old - 1] + 1 : 0;
  for (gsize c = 0; c < more->n_columns; c++)
    for (gsize k = 0; k < old; k++)
      if (strcmp(effects->names[k], more->names[c]) == 0) {
        g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "the formula gives the random effect %s of %s twice",
                    more->names[c], group->name);
        return false;
      }
  double *values = memory_doubles(n, total, error);
  if (values == NULL)
    return false;
  if (old > 0)
    memcpy(values, effects->values, old * n * sizeof(double));
  memcpy(values + old * n, more->values, more->n_columns * n * sizeof(double));
  g_free(effects->values);
  effects->values = values;
  effects->names = g_renew(char *, effects->names, total + 1);
  effects->terms = g_renew(gsize, effects->terms, total + 1);
  group->block = g_renew(gsize, group->block, total + 1);
  for (gsize c = 0; c < more->n_columns; c++) {
    effects->names[old + c] = g_strdup(more->names[c]);
    effects->terms[old + c] = more->terms[c];
    group->block[old + c] = block;
  }
  effects->n_columns = total;
  return true;
}

static bool build_groups(const ModelVariables *variables, ModelFrame *frame, GError **error) {
  const Formula *formula = variables->formula;
  frame->groups = g_new0(ModelGroup, MAX(formula->n_random, 1));
  for (gsize r = 0; r < formula->n_random; r++) {
    const FormulaRandom *random = &formula->random[r];
    gsize g = 0;
    while (g < frame->n_groups && strcmp(frame->groups[g].name, random->group_name) != 0)
      g++;
    ModelGroup *group = &frame->groups[g];
    if (g == frame->n_groups) {
      frame->n_groups++;
      group->name = g_strdup(random->group_name);
      group->variables = g_array_ref(random->group_order);
      if (!number_levels(variables, random->group, group, error))
        return false;
    }
    ModelColumns columns = {0};
    bool extended = model_columns_build(variables, &random->effects, &columns, error) &&
                    extend_group(&columns, variables->n, group, error);
    model_columns_clear(&columns);
    if (!extended)
      return false;
  }
  return true;
}

typedef struct {
  const Table *table;
  gsize row;
} RowKey;

static guint row_hash(gconstpointer data) {
  const RowKey *key = data;
  guint hash = 17;
  for (gsize c = 0; c < table_n_columns(key->table); c++)
    hash = hash * 31 + g_str_hash(table_get(key->table, key->row, c));
  return hash;
}

static gboolean row_equal(gconstpointer a, gconstpointer b) {
  const RowKey *x = a, *y = b;
  for (gsize c = 0; c < table_n_columns(x->table); c++)
    if (strcmp(table_get(x->table, x->row, c), table_get(y->table, y->row, c)) != 0)
      return FALSE;
  return TRUE;
}

static bool count_duplicates(const Table *table, ModelFrame *frame, GError **error) {
  g_autofree RowKey *keys = memory_items(frame->n, sizeof *keys, error);
  if (keys == NULL)
    return false;
  g_autoptr(GHashTable) seen = g_hash_table_new(row_hash, row_equal);
  for (gsize i = 0; i < frame->n; i++) {
    keys[i] = (RowKey){table, frame->rows[i]};
    if (g_hash_table_contains(seen, &keys[i])) {
      if (frame->n_duplicates++ == 0)
        frame->duplicate_row = frame->rows[i];
    } else {
      g_hash_table_add(seen, &keys[i]);
    }
  }
  return true;
}

bool model_frame_build(const ModelVariables *variables, ModelFrame **frame, GError **error) {
  g_autoptr(ModelFrame) made = g_new0(ModelFrame, 1);
  made->n = variables->n;
  made->response = g_strdup(variables->formula->response.name);
  if ((made->y = memory_doubles(made->n, 1, error)) == NULL)
    return false;
  memcpy(made->y, variables->y, made->n * sizeof(double));
  if (!model_columns_build(variables, &variables->formula->fixed, &made->fixed, error) ||
      !build_groups(variables, made, error))
    return false;
  *frame = g_steal_pointer(&made);
  return true;
}

bool model_frame_new(const Formula *formula, const Table *table, ModelFrame **frame, GError **error) {
  g_autoptr(ModelVariables) variables = NULL;
  g_autoptr(ModelFrame) made = NULL;
  if (!model_variables_new(formula, table, &variables, error))
    return false;
  if (!model_frame_build(variables, &made, error)) {
    model_variables_explain(variables->notes, error);
    return false;
  }
  made->n_incomplete = table_n_rows(table) - made->n;
  made->rows = g_steal_pointer(&variables->rows);
  made->notes = g_ptr_array_ref(variables->notes);
  if (!count_duplicates(table, made, error))
    return false;
  *frame = g_steal_pointer(&made);
  return true;
}

void model_frame_free(ModelFrame *frame) {
  if (frame == NULL)
    return;
  model_columns_clear(&frame->fixed);
  for (gsize g = 0; frame->groups != NULL && g < frame->n_groups; g++) {
    g_free(frame->groups[g].name);
    g_free(frame->groups[g].level);
    g_free(frame->groups[g].example);
    g_clear_pointer(&frame->groups[g].variables, g_array_unref);
    g_free(frame->groups[g].block);
    model_columns_clear(&frame->groups[g].effects);
  }
  g_free(frame->groups);
  g_free(frame->response);
  g_free(frame->y);
  g_free(frame->rows);
  g_clear_pointer(&frame->notes, g_ptr_array_unref);
  g_free(frame);
}
