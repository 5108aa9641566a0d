#include "tests/present/rig.h"

#include <string.h>

#include "stimuli/base/files.h"
#include "stimuli/base/random.h"
#include "tests/support.h"

static const char protocol_text[] = "[protocol]\n"
                                    "name = test\n"
                                    "version = 1\n"
                                    "title = A test\n"
                                    "task = test\n"
                                    "seed = 11\n"
                                    "stimuli = set\n"
                                    "[screen]\n"
                                    "window = 1280x800\n"
                                    "[sequence]\n"
                                    "steps = welcome; mood; together%s\n"
                                    "[page welcome]\n"
                                    "title = Welcome\n"
                                    "text = Please begin.\n"
                                    "[question mood]\n"
                                    "kind = choice\n"
                                    "text = How are you?\n"
                                    "options = Bad; Middling; Good\n"
                                    "[scale arousal]\n"
                                    "figure = arousal\n"
                                    "left = calm\n"
                                    "right = excited\n"
                                    "start = hidden\n"
                                    "[scale valence]\n"
                                    "figure = valence\n"
                                    "left = unpleasant\n"
                                    "right = pleasant\n"
                                    "start = center\n"
                                    "[block together]\n"
                                    "phase = main\n"
                                    "images = 2\n"
                                    "scales = arousal; valence\n"
                                    "scale_order = fixed\n"
                                    "fixation_ms = 300\n"
                                    "image_ms = 0\n"
                                    "iti_ms = 200\n";
static const char timed_text[] = "[block timed]\n"
                                 "phase = main\n"
                                 "images = 2\n"
                                 "scales = arousal; valence\n"
                                 "scale_order = fixed\n"
                                 "fixation_ms = 400\n"
                                 "image_ms = 500\n"
                                 "iti_ms = 100\n";

void rig_write_set(const char *folder, gsize n) {
  GError *error = NULL;
  g_assert_true(files_make_folder(folder, 0755, &error));
  g_assert_no_error(error);
  g_autoptr(StimulusSet) set = stimulus_set_new(folder);
  gsize id_column = 0, file_column = 0;
  g_assert_true(table_require_column(set->stimuli, "id", &id_column, NULL));
  g_assert_true(table_require_column(set->stimuli, "file", &file_column, NULL));
  Random random;
  random_init(&random, 5);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *id = g_strdup_printf("im%" G_GSIZE_FORMAT, i);
    g_autofree char *file = g_strconcat(id, ".png", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autoptr(Image) image = image_new(37, 23, &error);
    g_assert_no_error(error);
    for (gsize p = 0; p < 37 * 23 * 3; p++)
      image->pixels[p] = (float)random_below(&random, 256);
    g_assert_true(image_write_png(image, path, &error));
    gsize row = table_add_row(set->stimuli);
    table_set(set->stimuli, row, id_column, id);
    table_set(set->stimuli, row, file_column, file);
  }
  g_assert_true(stimulus_set_write(set, &error));
  g_assert_no_error(error);
}

char *rig_write_protocol(const char *folder, bool timed) {
  GError *error = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  /* The text is a constant of this file with one %s. */
  const char *mark = strstr(protocol_text, "%s");
  g_string_append_len(text, protocol_text, mark - protocol_text);
  g_string_append(text, timed ? "; timed" : "");
  g_string_append(text, mark + 2);
  g_string_append(text, timed ? timed_text : "");
  char *path = g_build_filename(folder, "test.protocol", NULL);
  g_assert_true(files_write(path, text->str, text->len, FILES_PUBLIC, &error));
  g_assert_no_error(error);
  return path;
}

static void open_display(Rig *rig, bool wants_pixels) {
  rig->clock = clock_new_simulated(0);
  rig->display = display_null_new(rig->clock, 1280, 800, 60, wants_pixels);
  rig->display->info.trusted = !rig->untrusted;
}

Rig *rig_new(bool wants_pixels, bool timed) {
  GError *error = NULL;
  Rig *rig = g_new0(Rig, 1);
  rig->folder = support_folder();
  rig->data = g_build_filename(rig->folder, "data", NULL);
  g_autofree char *set = g_build_filename(rig->folder, "set", NULL);
  rig_write_set(set, 4);
  g_autofree char *path = rig_write_protocol(rig->folder, timed);
  protocol_open(path, NULL, &rig->protocol, &error);
  g_assert_no_error(error);
  trial_list_new(rig->protocol, "01", &rig->trials, &error);
  g_assert_no_error(error);
  picture_store_new(rig->protocol->set, rig->protocol->set_sha256, 1 << 20, false, &rig->pictures, &error);
  g_assert_no_error(error);
  open_display(rig, wants_pixels);
  return rig;
}

void rig_free(Rig *rig) {
  journal_contents_free(rig->contents);
  g_free(rig->journal_path);
  picture_store_free(rig->pictures);
  display_free(rig->display);
  clock_free(rig->clock);
  trial_list_free(rig->trials);
  protocol_free(rig->protocol);
  support_remove(rig->folder);
  g_free(rig->folder);
  g_free(rig->data);
  g_free(rig);
}

JournalStatus rig_run(Rig *rig, bool resume, void (*entered)(gpointer, const SessionMoment *), gpointer context) {
  GError *error = NULL;
  bool wants_pixels = rig->display->wants_pixels;
  display_free(rig->display);
  clock_free(rig->clock);
  open_display(rig, wants_pixels);
  g_autoptr(JournalHeader) header = journal_header_new(rig->protocol, "01", NULL, true, NULL);
  g_autoptr(JournalContents) before = NULL;
  Journal *journal = NULL;
  if (resume)
    journal_resume(rig->journal_path, header, JOURNAL_FAST, &journal, &before, &error);
  else
    journal_create(rig->data, header, JOURNAL_FAST, &journal, &error);
  g_assert_no_error(error);
  g_free(rig->journal_path);
  rig->journal_path = g_strdup(journal_path(journal));
  SessionSetup setup = {.protocol = rig->protocol,
                        .trials = rig->trials,
                        .display = rig->display,
                        .journal = journal,
                        .before = before,
                        .pictures = rig->pictures,
                        .watcher = {entered, context}};
  JournalStatus status = JOURNAL_INTERRUPTED;
  session_run(&setup, &status, &error);
  g_assert_no_error(error);
  journal_close(journal);
  g_clear_pointer(&rig->contents, journal_contents_free);
  journal_read(rig->journal_path, &rig->contents, &error);
  g_assert_no_error(error);
  g_assert_cmpint(rig->contents->status, ==, status);
  return status;
}

const TrialRecord *rig_trial(const Rig *rig, guint i) {
  g_assert_cmpuint(i, <, rig->contents->trials->len);
  return rig->contents->trials->pdata[i];
}

void rig_key(Rig *rig, gint64 after_ms, Key key, char character) {
  Event event = {.kind = EVENT_KEY,
                 .time_ns = clock_now_ns(rig->clock) + after_ms * NS_PER_MS,
                 .key = key,
                 .character = character};
  display_null_push(rig->display, &event);
}

void rig_pointer(Rig *rig, gint64 after_ms, EventKind kind, double x, double y) {
  Event event = {.kind = kind, .time_ns = clock_now_ns(rig->clock) + after_ms * NS_PER_MS, .x = x, .y = y};
  display_null_push(rig->display, &event);
}

void rig_dutiful(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  switch (moment->kind) {
  case MOMENT_PAGE:
    rig_key(rig, 700, KEY_ENTER, '\0');
    break;
  case MOMENT_QUESTION:
    rig_key(rig, 700, KEY_CHARACTER, '1');
    rig_key(rig, 900, KEY_ENTER, '\0');
    break;
  case MOMENT_RATING:
    rig_key(rig, 600, KEY_HOME, '\0');
    rig_key(rig, 800, KEY_TAB, '\0');
    rig_key(rig, 1000, KEY_END, '\0');
    rig_key(rig, 1237, KEY_ENTER, '\0');
    break;
  case MOMENT_PAUSE:
    rig_key(rig, 3000, KEY_ENTER, '\0');
    break;
  case MOMENT_FIXATION:
  case MOMENT_IMAGE:
  case MOMENT_MASK:
  case MOMENT_BLANK:
    break;
  }
}

bool rig_comes_to(Rig *rig, const SessionMoment *moment, MomentKind kind) {
  if (moment->kind != kind)
    rig_dutiful(rig, moment);
  return moment->kind == kind;
}
