#include "present/bids/bids_pages.h"

#include <math.h>
#include <string.h>

enum { PARTICIPANT, SESSION, RUN, SIMULATED, N_FIXED };

struct BidsPages {
  Table *table;
  JsonObject *columns; /* the data dictionary, which grows with the pages */
};

BidsPages *bids_pages_new(void) {
  static const char *const names[N_FIXED] = {"participant_id", "session_id", "run", "simulated"};
  BidsPages *pages = g_new0(BidsPages, 1);
  pages->table = table_new(names, N_FIXED);
  pages->columns = json_object_new();
  bids_describe(pages->columns, "MeasurementToolMetadata",
                "The pages of the session: what was read and agreed to, and when.", NULL);
  bids_describe(pages->columns, "participant_id", "The participant's label.", NULL);
  bids_describe(pages->columns, "session_id", "Session of the row; n/a where the study has no sessions.", NULL);
  bids_describe(pages->columns, "run", "Run of the task that the row is about: the participant's first.", NULL);
  bids_describe_simulated(pages->columns);
  return pages;
}

void bids_pages_free(BidsPages *pages) {
  if (pages == NULL)
    return;
  table_free(pages->table);
  json_object_unref(pages->columns);
  g_free(pages);
}

/* --- Columns --- */

static gsize add_column(BidsPages *pages, const char *page, const char *suffix, const char *description,
                        const char *units) {
  g_autofree char *name = g_strconcat(page, suffix, NULL);
  if (!json_object_has_member(pages->columns, name))
    bids_describe(pages->columns, name, description, units);
  return table_add_column(pages->table, name);
}

/* What was read, in the sidecar: title and text. */
static char *text_of(JsonObject *design) {
  const char *title = json_text(design, "title", ""), *text = json_text(design, "text", "");
  return g_strdup_printf("%s%s%s", title, *title != '\0' && *text != '\0' ? ": " : "", text);
}

static void describe_consent(BidsPages *pages, JsonObject *design) {
  const char *page = json_text(design, "name", "");
  g_autofree char *text = text_of(design), *agreed = g_strconcat(page, "_agreed", NULL);
  g_autofree char *description = g_strdup_printf("Whether the participant agreed to this: %s", text);
  bool known = json_object_has_member(pages->columns, agreed);
  add_column(pages, page, "_agreed", description, NULL);
  add_column(pages, page, "_label", "The answer as the participant read it.", NULL);
  add_column(pages, page, "_all", "The answers of every run that has one, \"run-1:1;run-2:0\".", NULL);
  if (known)
    return;
  JsonObject *levels = json_object_new();
  json_object_set_string_member(levels, "0", json_text(design, "decline", ""));
  json_object_set_string_member(levels, "1", json_text(design, "agree", ""));
  json_object_set_object_member(json_object_get_object_member(pages->columns, agreed), "Levels", levels);
}

static void set_text(BidsPages *pages, gsize row, const char *page, const char *suffix, const char *text) {
  g_autofree char *name = g_strconcat(page, suffix, NULL);
  if (*text != '\0')
    table_set(pages->table, row, (gsize)table_column(pages->table, name), text);
}

static void set_seconds(BidsPages *pages, gsize row, const char *page, const char *suffix, double value) {
  g_autofree char *name = g_strconcat(page, suffix, NULL);
  bids_set_seconds(pages->table, row, (gsize)table_column(pages->table, name), value);
}

/* --- What became of a page --- */

/* One showing of a page; times in s since the session began, NaN: not known, or never confirmed. */
typedef struct {
  double onset, confirmed;
  bool agreed, declined; /* of a consent page */
  const char *label;
} Showing;

static gint by_time(gconstpointer a, gconstpointer b) {
  const Showing *x = a, *y = b;
  double s = isnan(x->onset) ? x->confirmed : x->onset, t = isnan(y->onset) ? y->confirmed : y->onset;
  return s < t ? -1 : s > t;
}

/* Journals of earlier versions have no "page_shown": of those only declining is known, without its onset. */
static void add_event(GArray *showings, const EventRecord *event, double offset, JsonObject *design) {
  double time = event->time + offset;
  bool declined = strcmp(event->kind, "consent_declined") == 0;
  Showing *last = showings->len > 0 ? &g_array_index(showings, Showing, showings->len - 1) : NULL;
  bool open = last != NULL && isnan(last->confirmed);
  Showing shown = {.onset = declined ? NAN : time, .confirmed = NAN, .label = ""};
  if (strcmp(event->kind, "page_shown") == 0 || (declined && !open)) {
    g_array_append_val(showings, shown);
    last = &g_array_index(showings, Showing, showings->len - 1);
    open = declined;
  }
  if (open && (declined || strcmp(event->kind, "page_closed") == 0)) {
    last->confirmed = time;
    last->declined = declined;
    last->label = declined ? json_text(design, "decline", "") : "";
  }
}

/* Every showing that the journal tells of, in the order of time; of Showing. Unref it. */
static GArray *showings_of(const JournalContents *contents, JsonObject *design) {
  const char *page = json_text(design, "name", "");
  GArray *showings = g_array_new(FALSE, FALSE, sizeof(Showing));
  for (guint i = 0; i < contents->events->len; i++) {
    const EventRecord *event = contents->events->pdata[i];
    if (strcmp(event->detail, page) == 0)
      add_event(showings, event, contents->part_offset[event->part], design);
  }
  for (guint i = 0; i < contents->answers->len; i++) {
    const AnswerRecord *answer = contents->answers->pdata[i];
    double offset = contents->part_offset[answer->part];
    Showing shown = {.onset = answer->onset + offset,
                     .confirmed = answer->confirm_time + offset,
                     .agreed = strcmp(json_text(design, "kind", ""), "consent") == 0,
                     .label = answer->label};
    if (strcmp(answer->name, page) == 0)
      g_array_append_val(showings, shown);
  }
  g_array_sort(showings, by_time);
  return showings;
}

/* The one that the page's own columns tell: of a consent page the one with the last word, as who declines may agree
 * when the session is resumed; of others the first that was confirmed, or the first. */
static const Showing *telling(const GArray *showings) {
  const Showing *chosen = NULL;
  for (guint i = 0; i < showings->len; i++) {
    const Showing *showing = &g_array_index(showings, Showing, i);
    bool answer = showing->agreed || showing->declined;
    if (chosen == NULL || answer || (isnan(chosen->confirmed) && !isnan(showing->confirmed)))
      chosen = showing;
  }
  return chosen;
}

/* "ONSET:CONFIRMED;..." and, of a consent page, what was answered. Free it. */
static char *text_of_showings(const GArray *showings) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < showings->len; i++) {
    const Showing *showing = &g_array_index(showings, Showing, i);
    g_autofree char *onset = bids_seconds(showing->onset), *confirmed = bids_seconds(showing->confirmed);
    g_string_append_printf(text, "%s%s:%s%s", i > 0 ? ";" : "", onset, confirmed,
                           showing->agreed     ? ":agreed"
                           : showing->declined ? ":declined"
                                               : "");
  }
  return g_string_free(text, FALSE);
}

/* The moment by the wall clock at the session's start, to the second, or NULL: simulated sessions have none. */
static char *date_of(const JournalHeader *header, double seconds) {
  g_autoptr(GDateTime) begun = g_date_time_new_from_iso8601(header->wall_clock, NULL);
  if (begun == NULL || header->simulated || !isfinite(seconds))
    return NULL;
  g_autoptr(GDateTime) moment = g_date_time_add_seconds(begun, seconds);
  return moment != NULL ? g_date_time_format(moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

/* --- Rows --- */

/* The participant's row, and whether it was just added. */
static gsize find_row(BidsPages *pages, const JournalContents *contents, bool *added) {
  const JournalHeader *header = contents->header;
  Table *table = pages->table;
  g_autofree char *participant = g_strdup_printf("sub-%s", header->participant);
  gsize n = table_n_rows(table);
  *added = n == 0 || strcmp(table_get(table, n - 1, PARTICIPANT), participant) != 0;
  if (!*added)
    return n - 1;
  gsize row = table_add_row(table);
  g_autofree char *session = header->session != NULL ? g_strdup_printf("ses-%s", header->session) : NULL;
  table_set(table, row, PARTICIPANT, participant);
  table_set(table, row, SESSION, session);
  table_set_int(table, row, RUN, (gint64)contents->run);
  table_set_int(table, row, SIMULATED, header->simulated);
  return row;
}

static void fill(BidsPages *pages, gsize row, const JournalContents *contents, JsonObject *design,
                 const GArray *showings) {
  const char *page = json_text(design, "name", "");
  const Showing *reading = telling(showings);
  g_autofree char *every = text_of_showings(showings);
  g_autofree char *date = date_of(contents->header, reading->confirmed);
  set_seconds(pages, row, page, "_onset", reading->onset);
  set_seconds(pages, row, page, "_confirm_time", reading->confirmed);
  set_text(pages, row, page, "_date", date != NULL ? date : "");
  set_text(pages, row, page, "_shown", every);
  if (strcmp(json_text(design, "kind", ""), "consent") != 0)
    return;
  set_text(pages, row, page, "_agreed", reading->declined ? "0" : reading->agreed ? "1" : "");
  set_text(pages, row, page, "_label", reading->label);
}

static void append_run(BidsPages *pages, gsize row, const JournalContents *contents, const char *page,
                       const Showing *reading) {
  g_autofree char *name = g_strconcat(page, "_all", NULL);
  gsize column = (gsize)table_column(pages->table, name);
  const char *before = table_is_missing(pages->table, row, column) ? NULL : table_get(pages->table, row, column);
  const char *session = contents->header->session;
  g_autofree char *text = g_strdup_printf(
      "%s%s%s%s%srun-%zu:%d", before != NULL ? before : "", before != NULL ? ";" : "", session != NULL ? "ses-" : "",
      session != NULL ? session : "", session != NULL ? "_" : "", contents->run, reading->agreed);
  table_set(pages->table, row, column, text);
}

void bids_pages_add(BidsPages *pages, const JournalContents *contents) {
  g_autoptr(JsonArray) designs = bids_design_list(contents->header, "pages");
  bool any = false, added = false;
  gsize row = 0;
  for (guint i = 0; i < json_array_get_length(designs); i++) {
    JsonObject *design = json_array_get_object_element(designs, i);
    const char *page = json_text(design, "name", "");
    bool consent = strcmp(json_text(design, "kind", ""), "consent") == 0;
    g_autoptr(GArray) showings = showings_of(contents, design);
    if (!protocol_is_name(page) || showings->len == 0)
      continue;
    if (!any)
      row = find_row(pages, contents, &added);
    any = true;
    g_autofree char *text = text_of(design), *what = g_strdup_printf("When this page was shown: %s", text);
    if (consent)
      describe_consent(pages, design);
    add_column(pages, page, "_onset", what, "s");
    add_column(pages, page, "_confirm_time", "When it was confirmed or declined, since the session began.", "s");
    add_column(pages, page, "_date",
               "When it was confirmed or declined, UTC by the computer's clock at the session's start; n/a where "
               "simulated.",
               NULL);
    add_column(pages, page, "_shown",
               consent
                   ? "Every time that it was shown in this run, \"ONSET:ANSWERED:agreed\" or \":declined\" in s since "
                     "the session began; the other columns tell the last."
                   : "Every time that it was shown in this run, as a step, in a break or after declining, "
                     "\"ONSET:CONFIRMED;ONSET:CONFIRMED\" in s since the session began; the other columns tell the "
                     "first.",
               NULL);
    if (added)
      fill(pages, row, contents, design, showings);
    if (consent && (telling(showings)->agreed || telling(showings)->declined))
      append_run(pages, row, contents, page, telling(showings));
  }
}

bool bids_pages_table(const BidsPages *pages, BidsPut put, gpointer context, GError **error) {
  return table_n_rows(pages->table) == 0 || put(context, "phenotype/pages", pages->table, pages->columns, error);
}
