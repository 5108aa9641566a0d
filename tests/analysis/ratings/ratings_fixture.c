#include "tests/analysis/ratings/ratings_fixture.h"

#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

static void begin(RatingsFixture *f, char *folder) {
  f->set = small_study_set();
  f->folder = folder;
  f->table = g_build_filename(folder, "t.csv", NULL);
  f->map = g_build_filename(folder, "t.columns", NULL);
  f->rules = g_build_filename(folder, "t.rules", NULL);
  f->log = exclusion_log_new();
}

void ratings_fixture_set_up(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  begin(f, support_folder());
}

void ratings_fixture_set_up_data(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  begin(f, small_study_data());
}

void ratings_fixture_tear_down(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  ratings_free(f->ratings);
  exclusion_log_free(f->log);
  stimulus_set_free(f->set);
  support_remove(f->folder);
  g_free(f->folder);
  g_free(f->table);
  g_free(f->map);
  g_free(f->rules);
}

bool ratings_fixture_apply(RatingsFixture *f, const char *data, const char *columns, const char *rules,
                           GError **error) {
  g_assert_true(g_file_set_contents(f->rules, rules, -1, NULL));
  RatingsOptions options = {.columns = columns, .rules = f->rules};
  g_clear_pointer(&f->ratings, ratings_free);
  g_clear_pointer(&f->log, exclusion_log_free);
  f->log = exclusion_log_new();
  return ratings_read(data, f->set, &options, f->log, &f->ratings, error);
}

char *ratings_fixture_participants(const RatingsFixture *f) {
  GString *names = g_string_new(NULL);
  for (gsize i = 0; i < f->ratings->n_raters; i++)
    g_string_append_printf(names, "%s%s", i > 0 ? " " : "", f->ratings->raters[i].participant);
  return g_string_free(names, FALSE);
}
