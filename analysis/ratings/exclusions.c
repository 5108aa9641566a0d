#include "analysis/ratings/exclusions.h"

#include <stdarg.h>

struct ExclusionLog {
  GArray *entries; /* Exclusion */
};

static void clear_entry(gpointer item) {
  Exclusion *entry = item;
  g_free(entry->file);
  g_free(entry->field);
  g_free(entry->detail);
  g_free(entry->participant);
}

ExclusionLog *exclusion_log_new(void) {
  ExclusionLog *log = g_new0(ExclusionLog, 1);
  log->entries = g_array_new(FALSE, FALSE, sizeof(Exclusion));
  g_array_set_clear_func(log->entries, clear_entry);
  return log;
}

void exclusion_log_free(ExclusionLog *log) {
  if (log == NULL)
    return;
  g_array_free(log->entries, TRUE);
  g_free(log);
}

static void add(ExclusionLog *log, Exclusion entry) { g_array_append_val(log->entries, entry); }

void exclusion_log_add(ExclusionLog *log, ExclusionReason reason, const char *file, gsize line, const char *field,
                       const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  add(log,
      (Exclusion){reason, g_strdup(file), line, g_strdup(field), g_strdup_vprintf(format, arguments), g_strdup(""), 0});
  va_end(arguments);
}

void exclusion_log_add_trials(ExclusionLog *log, ExclusionReason reason, const char *participant, gsize n_trials,
                              const char *file, gsize line, const char *field, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  add(log, (Exclusion){reason, g_strdup(file), line, g_strdup(field), g_strdup_vprintf(format, arguments),
                       g_strdup(participant != NULL ? participant : ""), n_trials});
  va_end(arguments);
}

gsize exclusion_log_length(const ExclusionLog *log) { return log->entries->len; }

const Exclusion *exclusion_log_entry(const ExclusionLog *log, gsize entry) {
  g_assert(entry < log->entries->len);
  return &g_array_index(log->entries, Exclusion, entry);
}

const char *exclusion_reason_name(ExclusionReason reason) {
  static const char *const names[EXCLUSION_REASONS] = {
      "another phase",   "missing rating",     "empty session",           "missing answer",
      "unused answer",   "not a trial",        "repeated image",          "image not in the set",
      "attention check", "named in the rules", "failed attention checks", "no attention check",
      "too fast",        "too slow",           "untouched sliders",       "straight-lining",
      "incomplete"};
  return names[reason];
}

Table *exclusion_log_table(const ExclusionLog *log) {
  static const char *const columns[] = {"reason", "file", "line", "field", "detail", "participant", "trials"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < log->entries->len; i++) {
    const Exclusion *entry = exclusion_log_entry(log, i);
    gsize row = table_add_row(table);
    table_set(table, row, 0, exclusion_reason_name(entry->reason));
    table_set(table, row, 1, entry->file);
    if (entry->line > 0)
      table_set_int(table, row, 2, (gint64)entry->line);
    table_set(table, row, 3, entry->field);
    table_set(table, row, 4, entry->detail);
    table_set(table, row, 5, entry->participant);
    table_set_int(table, row, 6, (gint64)entry->n_trials);
  }
  return table;
}

Table *exclusion_log_summary(const ExclusionLog *log) {
  static const char *const columns[] = {"reason", "entries", "participants", "trials"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  g_autoptr(GHashTable) participants = g_hash_table_new(g_str_hash, g_str_equal);
  for (int reason = 0; reason < EXCLUSION_REASONS; reason++) {
    gsize n_entries = 0, n_trials = 0;
    g_hash_table_remove_all(participants);
    for (gsize i = 0; i < log->entries->len; i++) {
      const Exclusion *entry = exclusion_log_entry(log, i);
      if ((int)entry->reason != reason)
        continue;
      n_entries++;
      n_trials += entry->n_trials;
      if (*entry->participant != '\0')
        g_hash_table_add(participants, entry->participant);
    }
    if (n_entries == 0)
      continue;
    gsize row = table_add_row(table);
    table_set(table, row, 0, exclusion_reason_name((ExclusionReason)reason));
    table_set_int(table, row, 1, (gint64)n_entries);
    table_set_int(table, row, 2, (gint64)g_hash_table_size(participants));
    table_set_int(table, row, 3, (gint64)n_trials);
  }
  return table;
}
