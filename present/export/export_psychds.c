#include <string.h>

#include "present/export/export_files.h"
#include "stimuli/base/command.h"
#include "stimuli/base/files.h"

struct PsychDs {
  char *root;
  char *prefix;         /* "task-T_", or "" where there are several tasks */
  JsonArray *variables; /* variableMeasured */
  GHashTable *known;    /* the names in it */
  GPtrArray *files;     /* names below data/ */
};

PsychDs *psych_ds_new(const char *root, const char *task) {
  PsychDs *dataset = g_new0(PsychDs, 1);
  dataset->root = g_strdup(root);
  dataset->prefix = task != NULL ? g_strdup_printf("task-%s_", task) : g_strdup("");
  dataset->variables = json_array_new();
  dataset->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  dataset->files = g_ptr_array_new_with_free_func(g_free);
  return dataset;
}

void psych_ds_free(PsychDs *dataset) {
  if (dataset == NULL)
    return;
  g_free(dataset->root);
  g_free(dataset->prefix);
  json_array_unref(dataset->variables);
  g_hash_table_unref(dataset->known);
  g_ptr_array_unref(dataset->files);
  g_free(dataset);
}

static void append_cell(GString *text, const char *cell) {
  if (strpbrk(cell, ",\"\r\n") == NULL) {
    g_string_append(text, cell);
    return;
  }
  g_string_append_c(text, '"');
  for (; *cell != '\0'; cell++) {
    if (*cell == '"')
      g_string_append_c(text, '"');
    g_string_append_c(text, *cell);
  }
  g_string_append_c(text, '"');
}

static GString *csv_of(const Table *table) {
  GString *text = g_string_new(NULL);
  gsize n = table_n_columns(table);
  for (gsize i = 0; i < n; i++) {
    append_cell(text, table_column_name(table, i));
    g_string_append(text, i + 1 < n ? "," : "\r\n");
  }
  for (gsize row = 0; row < table_n_rows(table); row++)
    for (gsize i = 0; i < n; i++) {
      append_cell(text, table_is_missing(table, row, i) ? "NA" : table_get(table, row, i));
      g_string_append(text, i + 1 < n ? "," : "\r\n");
    }
  return text;
}

/* The levels as "0 = a human participant; 1 = ..." after the description, since schema.org has no place for them. */
static char *description_of(JsonObject *column) {
  GString *text = g_string_new(json_text(column, "Description", ""));
  JsonNode *node = json_object_get_member(column, "Levels");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
    return g_string_free(text, FALSE);
  JsonObject *levels = json_node_get_object(node);
  g_autoptr(GList) names = json_object_get_members(levels);
  for (const GList *name = names; name != NULL; name = name->next)
    g_string_append_printf(text, "%s%s = %s", name == names ? " Values: " : "; ", (const char *)name->data,
                           json_text(levels, name->data, ""));
  return g_string_free(text, FALSE);
}

/* Each column of a file once, the first file's description of it. */
static void add_variables(PsychDs *dataset, const Table *table, JsonObject *columns) {
  static const char *const limits[][2] = {{"Minimum", "minValue"}, {"Maximum", "maxValue"}};
  for (gsize i = 0; i < table_n_columns(table); i++) {
    const char *name = table_column_name(table, i);
    if (!g_hash_table_add(dataset->known, g_strdup(name)))
      continue;
    JsonObject *variable = json_object_new();
    json_object_set_string_member(variable, "@type", "PropertyValue");
    json_object_set_string_member(variable, "name", name);
    json_array_add_object_element(dataset->variables, variable);
    JsonNode *node = json_object_get_member(columns, name);
    if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
      continue;
    JsonObject *column = json_node_get_object(node);
    g_autofree char *description = description_of(column);
    json_object_set_string_member(variable, "description", description);
    if (json_object_has_member(column, "Units"))
      json_object_set_string_member(variable, "unitText", json_text(column, "Units", ""));
    for (gsize k = 0; k < G_N_ELEMENTS(limits); k++)
      if (json_object_has_member(column, limits[k][0]))
        json_object_set_member(variable, limits[k][1], json_node_copy(json_object_get_member(column, limits[k][0])));
  }
}

/* The values of keywords are letters and digits. */
static char *keyword_value(const PsychDs *dataset, const char *stem) {
  const char *slash = strrchr(stem, '/');
  GString *value = g_string_new(NULL);
  for (const char *c = slash != NULL ? slash + 1 : stem; *c != '\0'; c++)
    if (g_ascii_isalnum(*c))
      g_string_append_c(value, *c);
  for (guint i = 0; i < dataset->files->len; i++) {
    g_autofree char *taken = g_strdup_printf("%sdescription-%s_data.csv", dataset->prefix, value->str);
    if (strcmp(taken, dataset->files->pdata[i]) == 0)
      g_string_append_printf(value, "x%u", dataset->files->len);
  }
  return g_string_free(value, FALSE);
}

bool psych_ds_put(gpointer context, const char *stem, const Table *table, JsonObject *columns, GError **error) {
  PsychDs *dataset = context;
  g_autofree char *value = keyword_value(dataset, stem);
  char *name = g_strdup_printf("%sdescription-%s_data.csv", dataset->prefix, value);
  g_ptr_array_add(dataset->files, name);
  g_autofree char *relative = g_build_filename("data", name, NULL);
  add_variables(dataset, table, columns);
  GString *text = csv_of(table);
  bool written = bids_write(dataset->root, relative, text->str, text->len, error);
  g_string_free(text, TRUE);
  return written;
}

static bool write_readme(const PsychDs *dataset, const char *title, const char *description, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text, "# %s\n\n%s\n\nFiles:\n\n", title, description);
  for (guint i = 0; i < dataset->files->len; i++)
    g_string_append_printf(text, "- data/%s\n", (const char *)dataset->files->pdata[i]);
  g_string_append(text,
                  "\nMissing values are NA. `variableMeasured` in dataset_description.json explains every column.\n");
  return bids_write(dataset->root, "README.md", text->str, text->len, error);
}

bool psych_ds_finish(PsychDs *dataset, const char *title, const char *simulated, GError **error) {
  const char *name = title[0] != '\0' ? title : "dreamrig session data";
  g_autofree char *description =
      g_strdup_printf("Ratings of images and answers to questionnaires, collected with dreamrig %s. %s%sMissing values "
                      "are NA.",
                      RIG_VERSION, simulated != NULL ? simulated : "", simulated != NULL ? " " : "");
  g_autoptr(JsonObject) object = json_object_new();
  json_object_set_string_member(object, "@context", "https://schema.org/");
  json_object_set_string_member(object, "@type", "Dataset");
  json_object_set_string_member(object, "name", name);
  json_object_set_string_member(object, "description", description);
  json_object_set_string_member(object, "schemaVersion", "Psych-DS 1.5.0");
  json_object_set_array_member(object, "variableMeasured", json_array_ref(dataset->variables));
  return bids_write_json(dataset->root, "dataset_description.json", object, error) &&
         write_readme(dataset, name, description, error);
}
