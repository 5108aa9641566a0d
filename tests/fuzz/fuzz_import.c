/* Another program's table, a column map and exclusion rules, as one input: TABLE, MAP, RULES, NAMES of images. */
#include "analysis/ratings/import.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const names[] = {"t.csv", "m.columns", "r.rules", "qualtrics_images.tsv"};
  char *paths[G_N_ELEMENTS(names)];
  FuzzPart parts[G_N_ELEMENTS(names)];
  fuzz_split(data, size, parts, G_N_ELEMENTS(names));
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    fuzz_write(names[i], parts[i].data, parts[i].size);
    paths[i] = g_build_filename(fuzz_folder(), names[i], NULL);
  }
  g_autoptr(ExclusionRules) rules = NULL;
  if (parts[2].size == 0 || exclusion_rules_read(paths[2], &rules, NULL)) {
    g_autoptr(ExclusionLog) log = exclusion_log_new();
    g_autoptr(StimulusSet) set = NULL;
    g_autoptr(Ratings) ratings = NULL;
    if (import_ratings(paths[0], parts[1].size > 0 ? paths[1] : NULL, rules, NULL, &set, log, &ratings, NULL) &&
        (rules == NULL || exclusion_rules_apply(rules, ratings, table_n_rows(set->stimuli), log, NULL)))
      table_free(ratings_table(ratings, set));
    table_free(exclusion_log_table(log));
  }
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    g_free(paths[i]);
  return 0;
}
