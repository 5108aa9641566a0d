/* A protocol with every kind of page, question, block and scale, from its first page to its last on the null display.
 */
#include <math.h>
#include <string.h>

#include "present/display/display_null.h"
#include "present/participant/participant_sim.h"
#include "present/screens/entry_screen.h"
#include "present/session/session.h"
#include "tests/present/derived.h"
#include "tests/support.h"

typedef struct {
  char *folder, *data, *journal_path;
  Protocol *protocol;
  TrialList *trials;
  LatentAffect *latents;
  JournalContents *contents; /* of the last run */
} Study;

static void study_begin(Study *study, gconstpointer locale) {
  GError *error = NULL;
  study->folder = support_folder();
  study->data = g_build_filename(study->folder, "data", NULL);
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "protocols", "every-kind.protocol", NULL);
  protocol_open(path, &(ProtocolOptions){.locale = locale}, &study->protocol, &error);
  g_assert_no_error(error);
  g_assert_true(trial_list_new(study->protocol, "p3", &study->trials, NULL));
  g_assert_true(participant_model_latents(study->protocol, 1, &study->latents, NULL));
}

static void study_end(Study *study, gconstpointer locale G_GNUC_UNUSED) {
  journal_contents_free(study->contents);
  trial_list_free(study->trials);
  protocol_free(study->protocol);
  support_remove(study->folder);
  g_free(study->latents);
  g_free(study->journal_path);
  g_free(study->folder);
  g_free(study->data);
}

/* Passes on to the simulated participant, but leaves (does nothing) at the screen after `left` others. */
typedef struct {
  SessionWatcher inner;
  int left, n_breaks, n_masks;
  char *place; /* where it ended; g_free it */
} Leaver;

static void entered(gpointer context, const SessionMoment *moment) {
  Leaver *leaver = context;
  leaver->n_breaks += moment->page != NULL && strcmp(moment->page->name, "rest") == 0;
  leaver->n_masks += moment->kind == MOMENT_MASK;
  if (leaver->left-- > 0)
    leaver->inner.entered(leaver->inner.context, moment);
}

static JournalStatus run(Study *study, bool resume, bool keyboard, Leaver *leaver) {
  GError *error = NULL;
  g_autoptr(Clock) clock = clock_new_simulated(0);
  g_autoptr(Display) display = display_null_new(clock, 1280, 800, 60, false);
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "p3", NULL, true, NULL);
  g_autoptr(JournalContents) before = NULL;
  g_autoptr(Journal) journal = NULL;
  if (resume)
    journal_resume(study->journal_path, header, JOURNAL_FAST, &journal, &before, &error);
  else
    journal_create(study->data, header, JOURNAL_FAST, &journal, &error);
  g_assert_no_error(error);
  g_free(study->journal_path);
  study->journal_path = g_strdup(journal_path(journal));
  ParticipantTraits traits = participant_traits_new(5, "p3");
  traits.keyboard = keyboard;
  traits.lapse_rate = 0;
  SimulatedParticipant participant = {.protocol = study->protocol,
                                      .latents = study->latents,
                                      .traits = &traits,
                                      .display = display,
                                      .participant = study->trials->participant};
  leaver->inner = simulated_participant_watcher(&participant);
  SessionSetup setup = {.protocol = study->protocol,
                        .trials = study->trials,
                        .display = display,
                        .journal = journal,
                        .before = before,
                        .watcher = {entered, leaver}};
  JournalStatus status = JOURNAL_INTERRUPTED;
  session_run(&setup, &status, &error);
  g_assert_no_error(error);
  g_free(leaver->place);
  leaver->place = simulated_participant_place(&participant);
  participant_traits_clear(&traits);
  g_clear_pointer(&study->contents, journal_contents_free);
  journal_read(study->journal_path, &study->contents, &error);
  g_assert_no_error(error);
  return status;
}

static const AnswerRecord *answer(const Study *study, const char *name) {
  const AnswerRecord *found = NULL;
  for (guint i = 0; i < study->contents->answers->len; i++) {
    const AnswerRecord *record = study->contents->answers->pdata[i];
    g_assert_false(found != NULL && strcmp(record->name, name) == 0); /* asked once */
    if (strcmp(record->name, name) == 0)
      found = record;
  }
  g_assert_nonnull(found);
  return found;
}

static double cell(const Study *study, const char *tool, const char *column) {
  g_autofree char *relative = g_strdup_printf("phenotype/%s.tsv", tool);
  g_autoptr(Table) table = derived_table(study->data, relative);
  g_assert_cmpuint(table_n_rows(table), ==, 1);
  double value = NAN;
  g_assert_cmpint(table_column(table, column), >=, 0);
  g_assert_true(table_get_double(table, 0, (gsize)table_column(table, column), &value, NULL));
  return value;
}

/* What the tables hold follows from the journal's answers; the sums are made here by hand. */
static void check_answers(Study *study) {
  g_assert_cmpuint(answer(study, "consent")->choice, ==, 1);
  double age = answer(study, "age")->values[0];
  g_assert_true(age >= 18 && age <= 99 && age == floor(age));
  const double *items = answer(study, "rosenberg")->values, *affects = answer(study, "panas")->values;
  g_assert_cmpuint(answer(study, "media")->n_values, ==, 3);
  g_assert_cmpstr(answer(study, "remark")->label, !=, "");
  g_assert_true(isfinite(answer(study, "mood")->start));
  g_assert_cmpfloat(answer(study, "attend")->values[0], ==, 2);
  g_assert_cmpfloat(answer(study, "attend_slider")->values[0], ==, 95);
  derived_make(study->data);
  g_assert_cmpfloat(cell(study, "self_esteem", "self_esteem"), ==,
                    items[0] + (5 - items[1]) + items[2] + (5 - items[3]));
  g_assert_cmpfloat(cell(study, "rosenberg", "rosenberg_2"), ==, items[1]);
  g_assert_cmpfloat(cell(study, "positive_affect", "positive_affect"), ==, (affects[0] + affects[2]) / 2);
  g_assert_cmpfloat(cell(study, "mood_reversed", "mood_reversed"), ==, -answer(study, "mood")->values[0]);
  g_assert_cmpfloat(cell(study, "attend_slider", "attend_slider_correct"), ==, 1);
}

static void check_trials(const Study *study) {
  guint confirmed = 0;
  for (guint i = 0; i < study->contents->trials->len; i++) {
    const TrialRecord *trial = study->contents->trials->pdata[i];
    if (trial->abort_reason != NULL)
      continue;
    confirmed++;
    bool slow = strcmp(trial->block, "slow") == 0, fast = strcmp(trial->block, "fast") == 0;
    /* Who leaves in a block with a deadline misses it. */
    g_assert_true(slow ? trial->timed_out : fast || !trial->timed_out);
    g_assert_true(isnan(trial->response_time) == trial->timed_out);
    g_assert_true(isnan(trial->ratings[0].final) == trial->timed_out);
    if (fast) {
      support_assert_near("image", trial->image_duration, 0.4, 0, 1e-6);
      g_assert_true(trial->fixation_planned >= 0.3 && trial->fixation_planned <= 0.6);
      g_assert_true(trial->iti_planned >= 0.2 && trial->iti_planned <= 0.4);
    }
    g_assert_true(isnan(trial->image_duration) == slow);
    for (gsize r = 0; r < trial->n_ratings; r++) /* only dominance has its low end at the right in English */
      g_assert_true(trial->ratings[r].mirrored ==
                    (study->protocol->rtl || strcmp(trial->ratings[r].scale, "dominance") == 0));
  }
  g_assert_cmpuint(confirmed, ==, 8);
}

static void test_by_mouse(Study *study, gconstpointer locale G_GNUC_UNUSED) {
  Leaver leaver = {.left = G_MAXINT};
  g_assert_cmpint(run(study, false, false, &leaver), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(leaver.n_masks, ==, 3);
  g_assert_cmpstr(leaver.place, ==, "[page debrief] (step 11)");
  derived_make(study->data);
  g_autoptr(Table) pages = derived_table(study->data, "phenotype/pages.tsv");
  g_auto(GStrv) rest = g_strsplit(derived_cell(pages, 0, "rest_shown"), ":", -1);
  g_assert_cmpstr(rest[0], ==, derived_cell(pages, 0, "rest_onset"));
  g_assert_cmpstr(rest[1], ==, derived_cell(pages, 0, "rest_confirm_time")); /* in the break */
  g_assert_cmpuint(g_strv_length(rest), ==, 2);
  g_assert_cmpint(leaver.n_breaks, ==, 1); /* after 2 of 4 trials; none after the last */
  check_trials(study);
  check_answers(study);
  g_free(leaver.place);
}

static void test_by_keys(Study *study, gconstpointer locale G_GNUC_UNUSED) {
  Leaver leaver = {.left = G_MAXINT};
  g_assert_cmpint(run(study, false, true, &leaver), ==, JOURNAL_COMPLETE);
  check_trials(study);
  check_answers(study);
  g_free(leaver.place);
}

/* The display closes after every few screens, until the session is complete. */
static void test_resume(Study *study, gconstpointer locale G_GNUC_UNUSED) {
  Leaver leaver = {.left = 3};
  JournalStatus status = run(study, false, false, &leaver);
  g_assert_cmpstr(leaver.place, ==, "[question rosenberg] (step 3)"); /* the last screen that was acted on */
  for (int runs = 0; status != JOURNAL_COMPLETE; runs++) {
    g_assert_cmpint(runs, <, 40);
    leaver.left = 6;
    status = run(study, true, false, &leaver);
  }
  check_trials(study);
  check_answers(study);
  g_free(leaver.place);
}

/* --- Declining --- */

typedef struct {
  Display *display;
  GString *shown;
  bool leaves; /* closes the debriefing */
} Decliner;

static void decline(gpointer context, const SessionMoment *moment) {
  Decliner *who = context;
  gint64 now = clock_now_ns(who->display->clock);
  g_string_append_printf(who->shown, "%s;", moment->page->name);
  if (moment->page->kind == PAGE_CONSENT)
    display_null_push(
        who->display,
        &(Event){.kind = EVENT_KEY, .time_ns = now + 500 * NS_PER_MS, .key = KEY_CHARACTER, .character = '2'});
  else if (who->leaves)
    return; /* the null display closes then */
  display_null_push(who->display, &(Event){.kind = EVENT_KEY, .time_ns = now + 900 * NS_PER_MS, .key = KEY_ENTER});
}

static void decline_consent(Study *study, bool leaves) {
  g_autoptr(Clock) clock = clock_new_simulated(0);
  g_autoptr(Display) display = display_null_new(clock, 1280, 800, 60, false);
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "p3", NULL, true, NULL);
  g_autoptr(Journal) journal = NULL;
  g_assert_true(journal_create(study->data, header, JOURNAL_FAST, &journal, NULL));
  Decliner who = {display, g_string_new(NULL), leaves};
  SessionSetup setup = {.protocol = study->protocol,
                        .trials = study->trials,
                        .display = display,
                        .journal = journal,
                        .watcher = {decline, &who}};
  JournalStatus status = JOURNAL_COMPLETE;
  g_assert_true(session_run(&setup, &status, NULL));
  g_assert_cmpint(status, ==, JOURNAL_ABORTED);
  g_assert_cmpstr(who.shown->str, ==, "consent;debrief;");
  g_assert_true(journal_read(journal_path(journal), &study->contents, NULL));
  g_assert_cmpstr(study->contents->abort_reason, ==, "consent declined");
  g_assert_cmpuint(study->contents->answers->len, ==, 0);
  g_string_free(who.shown, TRUE);
  derived_make(study->data);
  g_autoptr(Table) pages = derived_table(study->data, "phenotype/pages.tsv");
  g_assert_cmpstr(derived_cell(pages, 0, "consent_agreed"), ==, "0");
  g_assert_cmpstr(derived_cell(pages, 0, "consent_onset"), !=, "n/a");
  g_assert_true(g_str_has_suffix(derived_cell(pages, 0, "consent_shown"), ":declined"));
  g_assert_cmpstr(derived_cell(pages, 0, "debrief_onset"), !=, "n/a");
  g_assert_cmpint(strcmp(derived_cell(pages, 0, "debrief_confirm_time"), "n/a") == 0, ==, who.leaves);
}

static void test_declined_consent(Study *study, gconstpointer locale G_GNUC_UNUSED) { decline_consent(study, false); }

static void test_declined_consent_and_closed_debriefing(Study *study, gconstpointer locale G_GNUC_UNUSED) {
  decline_consent(study, true);
}

/* --- Typing --- */

static void type(Screen *screen, const char *text) {
  Event event = {.kind = EVENT_TEXT};
  g_strlcpy(event.text, text, sizeof event.text);
  screen_handle(screen, &event);
}

static void test_numbers_of_any_script_within_their_range(Study *study, gconstpointer locale G_GNUC_UNUSED) {
  Theme theme = theme_of(study->protocol, 1280, 800);
  ProtocolQuestion question = study->protocol->questions[0];
  question.decimals = 1;
  g_autoptr(Screen) screen = entry_screen_new(&theme, &question);
  const Event enter = {.kind = EVENT_KEY, .key = KEY_ENTER}, back = {.kind = EVENT_KEY, .key = KEY_BACKSPACE};
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_SAME); /* required */
  type(screen, "1x7");
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_SAME); /* below 18 */
  screen_handle(screen, &back);
  type(screen, "٩,٥");
  g_autofree char *text = entry_screen_text(screen);
  g_assert_cmpstr(text, ==, "19.5");
  g_assert_cmpfloat(entry_screen_number(screen), ==, 19.5);
  type(screen, "5");
  g_assert_true(isnan(entry_screen_number(screen))); /* one decimal too many */
  screen_handle(screen, &back);
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_DONE);
}

/* The first and last row of a part of the drawn screen in which anything stands out from its corner; -1: none. */
static void ink_rows(Screen *screen, const Box *part, int rows[2]) {
  g_autoptr(Frame) frame = frame_new(1280, 800, NULL);
  bool fresh = false;
  screen_draw(screen, NULL, &fresh, frame);
  const guint32 *corner = frame->pixels + (gsize)part->y * 1280 + (gsize)part->x;
  rows[0] = rows[1] = -1;
  for (int y = 0; y < (int)part->height; y++)
    for (int x = 0; x < (int)part->width; x++)
      if (corner[y * 1280 + x] != corner[0]) {
        rows[0] = rows[0] < 0 ? y : rows[0];
        rows[1] = y;
      }
}

/* Twenty nines, which the journal once could not hold: no answer, and one line. */
static void test_numbers_without_bounds_are_limited(Study *study, gconstpointer locale G_GNUC_UNUSED) {
  Theme theme = theme_of(study->protocol, 1280, 800);
  ProtocolQuestion question = study->protocol->questions[0];
  question.scale.min = -INFINITY;
  question.scale.max = INFINITY;
  question.decimals = 0;
  g_autoptr(Screen) screen = entry_screen_new(&theme, &question);
  const Event enter = {.kind = EVENT_KEY, .key = KEY_ENTER}, back = {.kind = EVENT_KEY, .key = KEY_BACKSPACE};
  Box button = entry_screen_button(screen), inside = entry_screen_field(screen);
  inside = (Box){inside.x + 6, inside.y + 6, inside.width - 12, inside.height - 12};
  int short_rows[2], long_rows[2];
  type(screen, "9");
  ink_rows(screen, &inside, short_rows);
  for (int i = 1; i < 20; i++)
    type(screen, "9");
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_SAME);
  g_assert_true(isnan(entry_screen_number(screen)));
  ink_rows(screen, &inside, long_rows);
  g_assert_cmpint(short_rows[0], >=, 0);
  g_assert_cmpint(long_rows[0], ==, short_rows[0]);
  g_assert_cmpint(long_rows[1], ==, short_rows[1]);
  Box hint = {inside.x, inside.y + inside.height + 12, inside.width, button.y - inside.y - inside.height - 14};
  ink_rows(screen, &hint, long_rows);
  g_assert_cmpint(long_rows[0], >=, 0); /* the limits are told */
  for (int i = 0; i < 8; i++)
    screen_handle(screen, &back);
  ink_rows(screen, &hint, long_rows);
  g_assert_cmpint(long_rows[0], ==, -1);
  g_assert_cmpfloat(entry_screen_number(screen), ==, 999999999999);
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_DONE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/every kind/is answered by mouse", Study, "en", study_begin, test_by_mouse, study_end);
  g_test_add("/every kind/is answered by keys", Study, "en", study_begin, test_by_keys, study_end);
  g_test_add("/every kind/is answered by mouse where lines run from right to left", Study, "ar", study_begin,
             test_by_mouse, study_end);
  g_test_add("/every kind/is answered by keys where lines run from right to left", Study, "ar", study_begin,
             test_by_keys, study_end);
  g_test_add("/every kind/survives interruptions", Study, "zh", study_begin, test_resume, study_end);
  g_test_add("/consent/ends the session with its debriefing where it is declined", Study, "en", study_begin,
             test_declined_consent, study_end);
  g_test_add("/consent/is declined whatever becomes of the debriefing", Study, "en", study_begin,
             test_declined_consent_and_closed_debriefing, study_end);
  g_test_add("/entry/takes numbers of any script within their range", Study, "en", study_begin,
             test_numbers_of_any_script_within_their_range, study_end);
  g_test_add("/every kind/numbers without bounds are limited, on one line", Study, "en", study_begin,
             test_numbers_without_bounds_are_limited, study_end);
  return g_test_run();
}
