#include <string.h>

#include "present/export/export_files.h"

static const char *const FIRST[] = {"participant_id", "session_id", "run", "task", "session_status"};

LongTable long_table_new(void) {
  LongTable table = {table_new(FIRST, G_N_ELEMENTS(FIRST)), json_object_new()};
  bids_describe(table.columns, "participant_id", "The participant's label.", NULL);
  bids_describe(table.columns, "session_id", "The session's label.", NULL);
  bids_describe(table.columns, "run", "Number of the run of the task, from 1.", NULL);
  bids_describe(table.columns, "task", "Label of the task.", NULL);
  JsonObject *status = bids_describe(table.columns, "session_status", "How the run ended.", NULL);
  JsonObject *levels = json_object_new();
  static const char *const endings[] = {"without an end: under way, killed or out of power",
                                        "ended early by the participant or the operator", "at the protocol's end"};
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    json_object_set_string_member(levels, journal_status_name((JournalStatus)i), endings[i]);
  json_object_set_object_member(status, "Levels", levels);
  return table;
}

void long_table_clear(LongTable *table) {
  g_clear_pointer(&table->table, table_free);
  g_clear_pointer(&table->columns, json_object_unref);
}

/* Where a column of the behaviour table goes. */
typedef struct {
  gsize scale; /* index of the scale that it belongs to; G_MAXSIZE: to the trial */
  gsize to;    /* column of the long table */
} Route;

/* The scale whose name, or whose name and "_", the column begins with; the longest where there are several. */
static gsize scale_of(JsonArray *scales, const char *column) {
  gsize best = G_MAXSIZE, best_length = 0;
  if (protocol_is_reserved(column))
    return best;
  for (guint i = 0; i < json_array_get_length(scales); i++) {
    const char *name = json_text(json_array_get_object_element(scales, i), "name", "");
    gsize length = strlen(name);
    if (strncmp(column, name, length) != 0 || (column[length] != '\0' && column[length] != '_') || length < best_length)
      continue;
    best = i;
    best_length = length;
  }
  return best;
}

static void describe_as(LongTable *table, const char *as, JsonObject *columns, const char *column) {
  if (!json_object_has_member(table->columns, as) && json_object_has_member(columns, column))
    json_object_set_object_member(table->columns, as, json_object_ref(json_object_get_object_member(columns, column)));
}

/* What a scale is, among the levels of the column `scale`. */
static void describe_scale(LongTable *table, JsonObject *columns, const char *scale) {
  if (!json_object_has_member(table->columns, "scale")) {
    JsonObject *column = bids_describe(table->columns, "scale", "Which scale the rating is on.", NULL);
    json_object_set_object_member(column, "Levels", json_object_new());
    bids_describe(table->columns, "rating",
                  "The rating, on the scale that the column scale names; missing where the "
                  "slider was not touched or the trial not confirmed.",
                  "arbitrary");
  }
  JsonObject *levels = json_object_get_object_member(json_object_get_object_member(table->columns, "scale"), "Levels");
  if (!json_object_has_member(levels, scale) && json_object_has_member(columns, scale))
    json_object_set_string_member(levels, scale,
                                  json_text(json_object_get_object_member(columns, scale), "Description", ""));
}

/* Trial columns first, then `scale`, `rating` and the slider's. */
static Route *routes_of(LongTable *table, const Table *wide, JsonArray *scales, JsonObject *columns) {
  gsize n = table_n_columns(wide);
  Route *routes = g_new0(Route, n + 1);
  for (gsize i = 0; i < n; i++) {
    const char *name = table_column_name(wide, i);
    routes[i].scale = scale_of(scales, name);
    if (routes[i].scale != G_MAXSIZE)
      continue;
    routes[i].to = table_add_column(table->table, name);
    describe_as(table, name, columns, name);
  }
  table_add_column(table->table, "scale");
  for (gsize i = 0; i < n; i++) {
    if (routes[i].scale == G_MAXSIZE)
      continue;
    const char *name = table_column_name(wide, i);
    const char *scale = json_text(json_array_get_object_element(scales, (guint)routes[i].scale), "name", "");
    bool rating = strcmp(name, scale) == 0;
    const char *as = rating ? "rating" : name + strlen(scale) + 1;
    routes[i].to = table_add_column(table->table, as);
    if (rating)
      describe_scale(table, columns, scale);
    else
      describe_as(table, as, columns, name);
  }
  return routes;
}

static void set_first(Table *table, gsize row, const JournalContents *contents) {
  const JournalHeader *header = contents->header;
  g_autofree char *participant = g_strconcat("sub-", header->participant, NULL);
  g_autofree char *session = header->session != NULL ? g_strconcat("ses-", header->session, NULL) : NULL;
  table_set(table, row, 0, participant);
  table_set(table, row, 1, session);
  table_set_int(table, row, 2, (gint64)contents->run);
  table_set(table, row, 3, header->task);
  table_set(table, row, 4, journal_status_name(contents->status));
}

bool long_table_add(LongTable *table, const JournalContents *contents, GError **error) {
  g_autoptr(Table) wide = NULL;
  g_autoptr(JsonObject) columns = NULL;
  if (!bids_behaviour_table(contents, &wide, &columns, error))
    return false;
  g_autoptr(JsonArray) scales = bids_design_list(contents->header, "scales");
  g_autofree Route *routes = routes_of(table, wide, scales, columns);
  gsize scale_column = (gsize)table_column(table->table, "scale");
  for (gsize row = 0; row < table_n_rows(wide); row++)
    for (guint s = 0; s < json_array_get_length(scales); s++) {
      const char *scale = json_text(json_array_get_object_element(scales, s), "name", "");
      g_autofree char *touched = g_strconcat(scale, "_touched", NULL);
      if (table_is_missing(wide, row, (gsize)table_column(wide, touched)))
        continue; /* the trial's block does not have this scale */
      gsize to = table_add_row(table->table);
      set_first(table->table, to, contents);
      table_set(table->table, to, scale_column, scale);
      for (gsize i = 0; i < table_n_columns(wide); i++)
        if (routes[i].scale == G_MAXSIZE || routes[i].scale == s)
          table_set(table->table, to, routes[i].to, table_get(wide, row, i));
    }
  return true;
}
