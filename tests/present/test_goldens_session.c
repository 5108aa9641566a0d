/* Whole sessions on the null display, every flipped frame pixel for pixel: the first frame of each kind of screen
 * against a picture (the one of tests/golden/present where `dreamrig-present screens` draws the same, otherwise one in
 * tests/golden/session), and all frames, by their digests, against golden/session/SITTING.txt, which has a line for
 * each screen that the session showed. A golden that is missing fails, and so does one that no session shows. See
 * goldens.h; digests can be compared only with the libraries that the goldens were made with. */
#include <string.h>

#include "present/session/session.h"
#include "stimuli/base/files.h"
#include "tests/present/display/recorder.h"
#include "tests/present/goldens.h"
#include "tests/support.h"

#define FOLDER "session" /* in tests/golden */
#define SCREENS "present"
#define WIDTH 960
#define HEIGHT 600

/* --- The sittings --- */

typedef struct {
  const char *screen, *folder, *golden;
} Pictured;

typedef struct {
  const char *name, *protocol, *locale;
  Pictured pictures[32];
  const char *digests_only[24]; /* images, and what has a picture in another language */
} Sitting;

static const Sitting SITTINGS[] = {
    {"every-kind-en",
     "every-kind.protocol",
     "en",
     {{"warning", FOLDER, "warning"},
      {"consent", SCREENS, "en-consent"},
      {"age", SCREENS, "en-age"},
      {"rosenberg", SCREENS, "en-rosenberg"},
      {"panas", SCREENS, "en-panas"},
      {"media", SCREENS, "en-media"},
      {"mood", SCREENS, "en-mood"},
      {"remark", SCREENS, "en-remark"},
      {"fast-fixation", SCREENS, "en-fast-fixation"},
      {"fast-image", SCREENS, "en-fast-image"},
      {"fast-mask", FOLDER, "fast-mask"}, /* a session's masks have streams of their own */
      {"fast-rating", SCREENS, "en-fast-rating"},
      {"fast-blank", FOLDER, "blank"},
      {"free-fixation", SCREENS, "en-fast-fixation"},
      {"free-rating", SCREENS, "en-free-rating"},
      {"free-blank", FOLDER, "blank"},
      {"pause", SCREENS, "en-pause"},
      {"attend", SCREENS, "en-attend"},
      {"attend_slider", SCREENS, "en-attend_slider"},
      {"rest", SCREENS, "en-rest"},
      {"slow-fixation", SCREENS, "en-slow-fixation"},
      {"slow-rating", SCREENS, "en-slow-rating"},
      {"slow-too-slow", SCREENS, "en-fast-too-slow"},
      {"debrief", SCREENS, "en-debrief"}},
     {"free-image"}},
    {"every-kind-ar",
     "every-kind.protocol",
     "ar",
     {{"warning", FOLDER, "warning-ar"},
      {"consent", SCREENS, "ar-consent"},
      {"rosenberg", SCREENS, "ar-rosenberg"},
      {"mood", SCREENS, "ar-mood"},
      {"pause", SCREENS, "ar-pause"}},
     {"age",           "panas",      "media",         "remark",      "fast-fixation", "fast-image", "fast-mask",
      "fast-rating",   "fast-blank", "free-fixation", "free-image",  "free-rating",   "free-blank", "attend",
      "attend_slider", "rest",       "slow-fixation", "slow-rating", "slow-too-slow", "debrief"}},
    {"every-start",
     "every-start.protocol",
     "en",
     {{"starts-fixation", FOLDER, "starts-fixation"}, {"starts-rating", FOLDER, "starts-rating"}},
     {"warning", "starts-image", "starts-blank"}},
};

typedef struct {
  const Sitting *sitting;
  const Protocol *protocol;
  Recorder *recorder;
  GHashTable *seen; /* names of screens whose first frame was looked at */
  char *folder, *kept;
  double allowed;
  bool paused;
} Sitter;

/* What a screen is called; free with g_free. */
static char *name_of(const Sitter *sitter, const SessionMoment *moment) {
  static const char *const parts[] = {[MOMENT_FIXATION] = "fixation", [MOMENT_IMAGE] = "image", [MOMENT_MASK] = "mask",
                                      [MOMENT_RATING] = "rating",     [MOMENT_BLANK] = "blank", [MOMENT_PAUSE] = NULL};
  if (moment->kind == MOMENT_PAGE)
    return g_strdup(moment->page != NULL ? moment->page->name : "warning");
  if (moment->kind == MOMENT_QUESTION)
    return g_strdup(moment->question->name);
  if (moment->kind == MOMENT_PAUSE)
    return g_strdup("pause");
  const char *block = sitter->protocol->blocks[moment->trial->block].name;
  bool too_slow = moment->kind == MOMENT_BLANK && strcmp(block, "slow") == 0; /* its only trial has no next */
  return g_strconcat(block, "-", too_slow ? "too-slow" : parts[moment->kind], NULL);
}

static void check_picture(Sitter *sitter, const char *drawn, const Pictured *pictured) {
  g_autofree char *file = g_strconcat(pictured->golden, ".png", NULL);
  g_autofree char *kept = g_strconcat(sitter->sitting->name, "-", pictured->screen, ".png", NULL);
  g_autofree char *golden = golden_path(pictured->folder, file);
  if (goldens_writing()) {
    g_autofree char *bytes = NULL;
    gsize size = 0;
    if (strcmp(pictured->folder, FOLDER) == 0)
      g_assert_true(g_file_get_contents(drawn, &bytes, &size, NULL) &&
                    files_write(golden, bytes, size, FILES_PUBLIC, NULL));
    return; /* those of `screens` are being written by another test */
  }
  g_autofree char *fault = golden_fault(drawn, golden, sitter->kept, kept, sitter->allowed);
  if (fault == NULL)
    return;
  g_test_message("%s, as the session shows %s: %s", sitter->sitting->name, pictured->screen, fault);
  g_test_fail();
}

static void check_first_frame(Sitter *sitter, const char *name) {
  if (!g_hash_table_add(sitter->seen, g_strdup(name)) || g_strv_contains(sitter->sitting->digests_only, name))
    return;
  g_autofree char *drawn = g_build_filename(sitter->folder, "frame.png", NULL);
  g_assert_true(frame_write_png(display_null_frame(sitter->recorder->inner), drawn, NULL));
  for (const Pictured *pictured = sitter->sitting->pictures; pictured->screen != NULL; pictured++)
    if (strcmp(pictured->screen, name) == 0) {
      check_picture(sitter, drawn, pictured);
      return;
    }
  g_test_message("%s: the screen %s has no golden", sitter->sitting->name, name);
  g_test_fail();
}

/* --- What the participant does --- */

/* A letter or digit types itself; others: H home, R right, T tab, S space, E Enter, X Escape. The first comes after
 * 500 ms, each further one 120 ms later. */
static void press(const Sitter *sitter, const char *keys) {
  static const struct {
    char name;
    Key key;
  } codes[] = {{'H', KEY_HOME},  {'R', KEY_RIGHT}, {'T', KEY_TAB},
               {'S', KEY_SPACE}, {'E', KEY_ENTER}, {'X', KEY_ESCAPE}};
  gint64 time_ns = clock_now_ns(sitter->recorder->base.clock) + 500 * NS_PER_MS;
  for (const char *k = keys; *k != '\0'; k++, time_ns += 120 * NS_PER_MS) {
    Event event = {.kind = EVENT_KEY, .time_ns = time_ns, .key = KEY_CHARACTER, .character = *k};
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
      if (codes[i].name == *k)
        event = (Event){.kind = EVENT_KEY, .time_ns = time_ns, .key = codes[i].key};
    display_null_push(sitter->recorder->inner, &event);
  }
}

/* Three characters, of one, two and three bytes; numbers take the digits only. */
static void type(const Sitter *sitter, const char *const *texts) {
  gint64 time_ns = clock_now_ns(sitter->recorder->base.clock) + 500 * NS_PER_MS;
  for (; *texts != NULL; texts++, time_ns += 120 * NS_PER_MS) {
    Event event = {.kind = EVENT_TEXT, .time_ns = time_ns};
    g_strlcpy(event.text, *texts, sizeof event.text);
    display_null_push(sitter->recorder->inner, &event);
  }
  display_null_push(sitter->recorder->inner, &(Event){.kind = EVENT_KEY, .time_ns = time_ns, .key = KEY_ENTER});
}

static void answer(const Sitter *sitter, const ProtocolQuestion *question) {
  static const char *const digits[] = {"3", "4", NULL}, *const letters[] = {"a", "é", "中", NULL};
  static const char *const keys[] = {
      [QUESTION_CHOICE] = "2E", [QUESTION_MULTIPLE] = "13E", [QUESTION_LIKERT] = "3241E", [QUESTION_SLIDER] = "RRHRE"};
  if (question->kind == QUESTION_NUMBER || question->kind == QUESTION_TEXT)
    type(sitter, question->kind == QUESTION_NUMBER ? digits : letters);
  else
    press(sitter, keys[question->kind]);
}

static void act(Sitter *sitter, const SessionMoment *moment) {
  const ProtocolBlock *block = moment->trial != NULL ? &sitter->protocol->blocks[moment->trial->block] : NULL;
  switch (moment->kind) {
  case MOMENT_PAGE:
    press(sitter, moment->page != NULL && moment->page->kind == PAGE_CONSENT ? "1E" : "E");
    break;
  case MOMENT_QUESTION:
    answer(sitter, moment->question);
    break;
  case MOMENT_RATING:
    if (block->deadline_ms > 0 && block->deadline_ms < 500)
      break; /* too slow */
    press(sitter, block->image_free && !sitter->paused ? "HRX" : "HRRTHRTHTRE");
    break;
  case MOMENT_IMAGE:
    if (block->image_free)
      press(sitter, "S");
    break;
  case MOMENT_PAUSE:
    sitter->paused = true;
    press(sitter, "qnE"); /* asks whether to end; no; goes on */
    break;
  default:
    break;
  }
}

static void entered(gpointer context, const SessionMoment *moment) {
  Sitter *sitter = context;
  g_autofree char *name = name_of(sitter, moment);
  recorder_begin(sitter->recorder, name);
  check_first_frame(sitter, name);
  act(sitter, moment);
}

static void run_session(Sitter *sitter, Clock *clock) {
  GError *error = NULL;
  g_autoptr(TrialList) trials = NULL;
  g_autoptr(Journal) journal = NULL;
  trial_list_new(sitter->protocol, "screens1", &trials, &error);
  g_assert_no_error(error);
  g_autoptr(JournalHeader) header = journal_header_new(sitter->protocol, "screens1", NULL, true, NULL);
  g_autofree char *data = g_build_filename(sitter->folder, "data", NULL);
  journal_create(data, header, JOURNAL_FAST, &journal, &error);
  g_assert_no_error(error);
  g_autoptr(PictureStore) pictures = NULL;
  picture_store_new(sitter->protocol->set, sitter->protocol->set_sha256, 64 << 20, false, &pictures, &error);
  g_assert_no_error(error);
  sitter->recorder = recorder_new(clock, WIDTH, HEIGHT);
  SessionSetup setup = {.protocol = sitter->protocol,
                        .trials = trials,
                        .display = &sitter->recorder->base,
                        .journal = journal,
                        .pictures = pictures,
                        .watcher = {entered, sitter}};
  JournalStatus status = JOURNAL_INTERRUPTED;
  session_run(&setup, &status, &error);
  g_assert_no_error(error);
  if (status != JOURNAL_COMPLETE)
    g_error("%s stopped after\n%s%s", sitter->sitting->name, sitter->recorder->lines->str, sitter->recorder->name);
  recorder_end(sitter->recorder);
}

/* Names the first screen that differs. */
static void check_lines(const Sitter *sitter, const char *golden) {
  g_autofree char *text = NULL;
  GError *error = NULL;
  const char *now = sitter->recorder->lines->str;
  if (goldens_writing()) {
    files_write(golden, now, strlen(now), FILES_PUBLIC, &error);
    g_assert_no_error(error);
    return;
  }
  g_file_get_contents(golden, &text, NULL, &error);
  g_assert_no_error(error);
  if (sitter->allowed > 0) {
    g_test_message("%s: digests cannot be compared with other libraries", golden);
    return;
  }
  if (strcmp(text, now) == 0)
    return;
  g_auto(GStrv) want = g_strsplit(text, "\n", 0), got = g_strsplit(now, "\n", 0);
  for (gsize i = 0; want[i] != NULL && got[i] != NULL; i++)
    if (strcmp(want[i], got[i]) != 0) {
      g_test_message("%s, line %" G_GSIZE_FORMAT ": \"%s\" wanted, \"%s\" shown", golden, i + 1, want[i], got[i]);
      break;
    }
  g_autofree char *kept = g_strdup_printf("%s/%s.txt", sitter->kept, sitter->sitting->name);
  files_write(kept, now, strlen(now), FILES_PUBLIC, NULL);
  g_test_message("all frames' digests of now: %s", kept);
  g_test_fail();
}

static void test_sitting(gconstpointer data) {
  const Sitting *sitting = data;
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(Clock) clock = clock_new_simulated(0);
  GError *error = NULL;
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "protocols", sitting->protocol, NULL);
  g_autofree char *lines = g_strconcat(sitting->name, ".txt", NULL), *golden = golden_path(FOLDER, lines);
  protocol_open(path, &(ProtocolOptions){.locale = sitting->locale}, &protocol, &error);
  g_assert_no_error(error);
  Sitter sitter = {.sitting = sitting,
                   .protocol = protocol,
                   .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                   .folder = support_folder(),
                   .kept = goldens_kept_folder(),
                   .allowed = goldens_allowed_rms(false)};
  run_session(&sitter, clock);
  check_lines(&sitter, golden);
  for (const Pictured *pictured = sitting->pictures; pictured->screen != NULL; pictured++)
    if (!g_hash_table_contains(sitter.seen, pictured->screen)) {
      g_test_message("%s: the session shows no %s any more", sitting->name, pictured->screen);
      g_test_fail();
    }
  display_free(&sitter.recorder->base);
  g_hash_table_unref(sitter.seen);
  support_remove(sitter.folder);
  g_free(sitter.folder);
  g_free(sitter.kept);
}

static bool is_known(const char *file) {
  for (gsize s = 0; s < G_N_ELEMENTS(SITTINGS); s++) {
    g_autofree char *lines = g_strconcat(SITTINGS[s].name, ".txt", NULL);
    if (strcmp(file, lines) == 0)
      return true;
    for (const Pictured *pictured = SITTINGS[s].pictures; pictured->screen != NULL; pictured++) {
      g_autofree char *picture = g_strconcat(pictured->golden, ".png", NULL);
      if (strcmp(pictured->folder, FOLDER) == 0 && strcmp(file, picture) == 0)
        return true;
    }
  }
  return false;
}

static void test_no_strays(void) {
  g_autofree char *folder = golden_path(FOLDER, "");
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  for (const char *file; (file = g_dir_read_name(dir)) != NULL;)
    if (!is_known(file)) {
      g_test_message("%s: no session shows it", file);
      g_test_fail();
    }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/goldens/a session in English flips the frames that it did", &SITTINGS[0], test_sitting);
  g_test_add_data_func("/goldens/a session in Arabic flips the frames that it did", &SITTINGS[1], test_sitting);
  g_test_add_data_func("/goldens/a session with each start of a scale flips the frames that it did", &SITTINGS[2],
                       test_sitting);
  g_test_add_func("/goldens/none lies about that no session shows", test_no_strays);
  return g_test_run();
}
