/* The journal reader and the tables that are derived from a journal. An input that begins with "{" is the file; any
 * other is a record a line, "TYPE {...}", which becomes a journal whose checksums are right. */
#include <string.h>

#include "present/bids/bids.h"
#include "present/export/export.h"
#include "present/journal/journal_line.h"
#include "stimuli/base/json.h"
#include "tests/fuzz/fuzz.h"

#define PLACE "sourcedata/sub-1/sub-1_task-t_run-1_journal.jsonl"

static GString *chained(const char *text) {
  GString *journal = g_string_new(NULL);
  char digest[JOURNAL_DIGEST_SIZE] = "";
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  gsize sequence = 0;
  for (gsize i = 0; lines[i] != NULL; i++) {
    char *blank = strchr(lines[i], ' ');
    g_autoptr(JsonNode) root = NULL;
    if (blank == NULL || !json_read("line", blank + 1, strlen(blank + 1), &root, NULL) || !JSON_NODE_HOLDS_OBJECT(root))
      continue;
    *blank = '\0';
    GString *line = journal_line_format(++sequence, lines[i], json_node_get_object(root), digest);
    g_string_append(journal, line->str);
    g_string_free(line, TRUE);
  }
  return journal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autoptr(GString) journal = *text == '{' ? g_string_new_len((const char *)data, (gssize)size) : chained(text);
  g_autofree char *path = g_build_filename(fuzz_folder(), PLACE, NULL);
  g_autofree char *tsv = g_build_filename(fuzz_folder(), "export", "tsv", NULL);
  g_autofree char *psych_ds = g_build_filename(fuzz_folder(), "export", "psychds", NULL);
  fuzz_write(PLACE, journal->str, journal->len);
  g_autoptr(JournalContents) contents = NULL;
  if (!journal_read(path, &contents, NULL))
    return 0;
  for (gsize step = 0; step < 3; step++) {
    journal_confirmed(contents, step, step);
    journal_answered(contents, step, "mood");
  }
  bids_derive(fuzz_folder(), NULL);
  export_data(fuzz_folder(), tsv, EXPORT_TSV, NULL);
  export_data(fuzz_folder(), psych_ds, EXPORT_PSYCH_DS, NULL);
  fuzz_remove("export");
  fuzz_remove("sub-1");
  fuzz_remove("phenotype");
  return 0;
}
