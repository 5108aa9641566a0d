#include "analysis/ratings/recorded_checks.h"

#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

#define CHECKS "attention_checks"
#define PASSED "attention_checks_passed"
#define MAX_CHECKS 1000000

typedef struct {
  const Table *table;
  gsize participant, checks, passed; /* columns */
  Ratings *ratings;
  GHashTable *raters; /* participant -> the first rater's index + 1 */
  gsize *lines;       /* (n_raters) where the participant was seen; 0: not yet */
} Reading;

G_GNUC_PRINTF(5, 6)
static bool fault(const Reading *reading, gsize row, gsize column, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: %s: %s", table_name(reading->table), row + 2,
              table_column_name(reading->table, column), what);
  return false;
}

static bool read_count(const Reading *reading, gsize row, gsize column, gsize *count, GError **error) {
  const char *text = table_get(reading->table, row, column);
  gint64 number;
  if (!number_parse_int(text, &number) || number < 0 || number > MAX_CHECKS)
    return fault(reading, row, column, error, "'%s' is not a whole number from 0 to %d", text, MAX_CHECKS);
  *count = (gsize)number;
  return true;
}

static bool read_row(const Reading *reading, gsize row, GError **error) {
  const Table *table = reading->table;
  const char *participant = table_get(table, row, reading->participant);
  gsize index = GPOINTER_TO_SIZE(g_hash_table_lookup(reading->raters, participant));
  if (index == 0)
    return true;
  index--;
  if (reading->lines[index] > 0)
    return fault(reading, row, reading->participant, error, "%s is there twice, first on line %zu", participant,
                 reading->lines[index]);
  reading->lines[index] = row + 2;
  gsize n_checks = 0, n_passed = 0;
  if (table_is_missing(table, row, reading->checks) && table_is_missing(table, row, reading->passed))
    return true;
  if (!read_count(reading, row, reading->checks, &n_checks, error) ||
      !read_count(reading, row, reading->passed, &n_passed, error))
    return false;
  if (n_passed > n_checks)
    return fault(reading, row, reading->passed, error, "%zu passed of %zu answered", n_passed, n_checks);
  reading->ratings->raters[index].n_recorded_checks = n_checks;
  reading->ratings->raters[index].n_recorded_failed = n_checks - n_passed;
  return true;
}

bool recorded_checks_read(const char *folder, Ratings *ratings, GError **error) {
  g_autofree char *path = g_build_filename(folder, "participants.tsv", NULL);
  g_autoptr(Table) table = NULL;
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return true;
  if (!table_read(path, &table, error))
    return false;
  if (table_column(table, CHECKS) < 0 && table_column(table, PASSED) < 0)
    return true;
  g_autoptr(GHashTable) raters = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize i = ratings->n_raters; i > 0; i--)
    g_hash_table_replace(raters, ratings->raters[i - 1].participant, GSIZE_TO_POINTER(i));
  g_autofree gsize *lines = g_new0(gsize, ratings->n_raters + 1);
  Reading reading = {.table = table, .ratings = ratings, .raters = raters, .lines = lines};
  if (!table_require_column(table, "participant_id", &reading.participant, error) ||
      !table_require_column(table, CHECKS, &reading.checks, error) ||
      !table_require_column(table, PASSED, &reading.passed, error))
    return false;
  for (gsize row = 0; row < table_n_rows(table); row++)
    if (!read_row(&reading, row, error))
      return false;
  return true;
}
