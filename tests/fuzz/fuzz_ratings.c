/* A data folder in BIDS as the analysis reads it: BEH.TSV, BEH.JSON, PHENOTYPE.TSV. */
#include "analysis/ratings/questionnaires.h"
#include "analysis/ratings/ratings.h"
#include "tests/fuzz/fuzz.h"

static StimulusSet *images(void) {
  StimulusSet *set = stimulus_set_new("set");
  for (gsize i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("i%zu", i);
    gsize row = table_add_row(set->stimuli);
    table_set(set->stimuli, row, (gsize)table_column(set->stimuli, "id"), name);
    table_set(set->stimuli, row, (gsize)table_column(set->stimuli, "file"), name);
  }
  return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const names[] = {"sub-1/beh/sub-1_task-rating_beh.tsv", "task-rating_beh.json",
                                      "phenotype/mood.tsv"};
  FuzzPart parts[G_N_ELEMENTS(names)];
  fuzz_split(data, size, parts, G_N_ELEMENTS(names));
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    fuzz_write(names[i], parts[i].data, parts[i].size);
  if (parts[1].size == 0)
    fuzz_remove(names[1]);
  g_autoptr(StimulusSet) set = images();
  g_autoptr(ExclusionLog) log = exclusion_log_new();
  g_autoptr(Ratings) ratings = NULL;
  g_autoptr(Questionnaires) questionnaires = NULL;
  if (!ratings_read(fuzz_folder(), set, &(RatingsOptions){0}, log, &ratings, NULL))
    return 0;
  table_free(ratings_table(ratings, set));
  questionnaires_read(fuzz_folder(), ratings, log, &questionnaires, NULL);
  return 0;
}
