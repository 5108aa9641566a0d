#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "present/bids/bids.h"
#include "present/commands.h"
#include "present/display/display_sdl.h"
#include "present/screens/fit.h"
#include "present/session/display_facts.h"
#include "present/session/equipment.h"
#include "present/session/rehearsal.h"
#include "present/session/session.h"
#include "present/session/start_dialog.h"
#include "present/session/unfinished.h"
#include "protocols/allocation.h"
#include "protocols/locales.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/number.h"

typedef struct {
  char *subject, *session, *data, *set, *language, *windowed, *audio_device, *marker_port;
  int display;
  gint64 seed, allocation; /* -1: not given */
  gboolean resume, new_run;
  char *rehearse; /* NULL: no; "": as many trials as the protocol says; or how many */
} RunOptions;

static void run_options_clear(RunOptions *options) {
  char **const texts[] = {&options->subject,      &options->session,     &options->data,
                          &options->set,          &options->language,    &options->windowed,
                          &options->audio_device, &options->marker_port, &options->rehearse};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    g_clear_pointer(texts[i], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RunOptions, run_options_clear)

bool commands_parse_size(const char *option, const char *text, int *width, int *height, GError **error) {
  int w = 0, h = 0, end = 0;
  if (sscanf(text, "%5dx%5d%n", &w, &h, &end) != 2 || text[end] != '\0' || w < 320 || h < 320 || w > IMAGE_MAX_SIDE ||
      h > IMAGE_MAX_SIDE) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s: '%s' is not a size like 1280x800 (320 to %d px)", option, text,
                IMAGE_MAX_SIDE);
    return false;
  }
  *width = w;
  *height = h;
  return true;
}

/* --- What the command line leaves open --- */

static bool set_window(const RunOptions *options, const Protocol *protocol, DisplaySdlOptions *window, GError **error) {
  *window = (DisplaySdlOptions){.screen = options->display, .title = protocol->title};
  theme_background(&protocol->screen, window->background);
  if (options->windowed == NULL)
    return true;
  if (options->windowed[0] != '\0')
    return commands_parse_size("--windowed", options->windowed, &window->width, &window->height, error);
  window->width = protocol->screen.window_width;
  window->height = protocol->screen.window_height;
  return true;
}

/* On a window of its own: the session may go to another screen, and in another language. */
static bool ask_start(RunOptions *options, const char *path, GError **error) {
  g_autoptr(Protocol) protocol = NULL;
  g_auto(GStrv) locales = NULL;
  DisplaySdlOptions window;
  if (!protocol_open(path, &(ProtocolOptions){options->language, options->set}, &protocol, error) ||
      !protocol_locales(path, &locales, error) || !set_window(options, protocol, &window, error))
    return false;
  g_autoptr(Clock) clock = clock_new_real();
  g_autoptr(GError) fault = NULL;
  g_autoptr(Display) display = display_sdl_open(clock, &window, &fault);
  if (display == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "run needs --subject ID and --data DIR where there is no window to ask for them (%s)", fault->message);
    return false;
  }
  g_auto(GStrv) screens = display_sdl_screen_list();
  StartAnswers answers = {g_steal_pointer(&options->subject), g_steal_pointer(&options->data),
                          g_steal_pointer(&options->session), g_steal_pointer(&options->language), options->display};
  bool good =
      start_dialog(display, protocol, &(StartChoices){locales, screens}, &(SessionWatcher){NULL}, &answers, error);
  options->subject = answers.subject;
  options->data = answers.data;
  options->session = answers.session;
  options->language = answers.language;
  options->display = answers.screen;
  return good;
}

/* --- The session --- */

static bool check_trust(const Display *display, const ProtocolScreen *screen, GError **error) {
  const DisplayInfo *info = &display->info;
  if (!info->trusted && screen->refuse_untrusted) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "the protocol refuses a screen whose times cannot be trusted ([screen] untrusted = refuse): %s",
                info->note);
    return false;
  }
  if (!info->trusted)
    fprintf(stderr, "warning: the times of this session are untrusted: %s\n", info->note);
  return true;
}

/* Everything that is read and checked before a window opens. */
static bool check_stimuli(const Protocol *protocol, const TrialList *trials, GError **error) {
  g_autofree gsize *rows = g_new(gsize, trials->n_trials + 1);
  g_autofree bool *seen = g_new0(bool, table_n_rows(protocol->set->stimuli) + 1);
  gsize n_rows = 0;
  for (gsize i = 0; i < trials->n_trials; i++) {
    gsize row = trials->trials[i].stimulus;
    if (!seen[row])
      rows[n_rows++] = row;
    seen[row] = true;
  }
  return picture_store_check(protocol->set, rows, n_rows, error);
}

/* Somebody sits in front of the screen: it does not just close. */
static void tell_failure(Display *display, const Protocol *protocol, const Journal *journal, GError *fault) {
  session_tell_failure(display, protocol, fault->message, NULL);
  g_autofree char *how =
      g_strdup_printf("; what was confirmed is in %s, and --resume goes on from there", journal_path(journal));
  rig_suffix_error(fault, how);
}

static bool run_session(const RunOptions *options, const Protocol *protocol, const TrialList *trials, Display *display,
                        CuePlayer *cues, const Start *start, JournalStatus *status, GError **error) {
  DisplayFacts facts = display_facts_of(display, &protocol->screen);
  gint64 origin_ns = clock_now_ns(display->clock); /* the header below takes the wall clock */
  g_autoptr(JournalHeader) header = journal_header_new(protocol, options->rehearse ? REHEARSAL_LABEL : options->subject,
                                                       options->session, false, &facts);
  header->allocation = trials->participant;
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalContents) before = NULL;
  g_autoptr(PictureStore) pictures = NULL;
  if (!picture_store_new(protocol->set, protocol->set_sha256, PICTURE_STORE_BUDGET, protocol->screen.exact_scaling,
                         &pictures, error))
    return false;
  bool open = start->kind == START_RESUME
                  ? journal_check_resume(start->path, header, protocol, trials, error) &&
                        journal_resume(start->path, header, JOURNAL_DURABLE, &journal, &before, error)
                  : journal_create(options->data, header, JOURNAL_DURABLE, &journal, error);
  if (!open)
    return false;
  SessionSetup setup = {.protocol = protocol,
                        .trials = trials,
                        .display = display,
                        .journal = journal,
                        .before = before,
                        .pictures = pictures,
                        .cues = cues,
                        .origin_ns = origin_ns};
  GError *fault = NULL;
  if (!session_run(&setup, status, &fault)) {
    if (!options->rehearse)
      tell_failure(display, protocol, journal, fault);
    g_propagate_error(error, fault);
    return false;
  }
  if (*status == JOURNAL_ABORTED)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "the %s was ended early; what was confirmed is in %s%s",
                options->rehearse ? "rehearsal" : "session", journal_path(journal),
                options->rehearse ? "" : ", and --resume goes on from there");
  else if (options->rehearse)
    printf("Rehearsal complete; its answers are in %s\n", journal_path(journal));
  else
    printf("Participant %s, run %" G_GSIZE_FORMAT ": complete. %s\n", options->subject, journal_run(journal),
           journal_path(journal));
  return *status == JOURNAL_COMPLETE;
}

/* The tidy files follow whatever was recorded; where the session failed, its error is the one to tell, and where only
 * an earlier journal is damaged, this session is whole all the same. */
static bool derive(const char *data, bool shown, bool good, GError **error) {
  g_autoptr(GError) fault = NULL;
  if (!shown || bids_derive(data, &fault) || !good)
    return good;
  if (!g_error_matches(fault, RIG_ERROR, RIG_ERROR_INPUT)) {
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
  }
  fprintf(stderr, "warning: %s; the session's own data are saved\n", fault->message);
  return true;
}

/* A new session's; one that goes on has the number that it began with. */
static bool check_label(const RunOptions *options, const Protocol *protocol, const Start *start, GError **error) {
  return options->allocation >= 0 || start->kind != START_NEW ||
         allocation_check_label(protocol, options->subject, error);
}

static bool check_namesake(const RunOptions *options, const Protocol *protocol, const TrialList *trials,
                           const Start *start, GError **error) {
  return options->rehearse || options->allocation >= 0 || start->path != NULL ||
         commands_check_namesake(options->data, protocol, trials, options->subject, options->session, error);
}

/* "off" is for a rehearsal without the recording equipment. */
static void set_marker_port(Protocol *protocol, const char *port) {
  if (port == NULL)
    return;
  if (strcmp(port, "off") == 0) {
    protocol->markers.kind = MARKERS_OFF;
    return;
  }
  g_free(protocol->markers.port);
  protocol->markers.port = g_strdup(port);
}

/* The first of several screens may be the operator's own. */
static void warn_of_screens(const RunOptions *options) {
  g_auto(GStrv) screens = display_sdl_screen_list();
  g_autofree char *all = g_strjoinv("; ", screens);
  if (options->display == 0 && g_strv_length(screens) > 1)
    fprintf(stderr, "warning: the session is on the first of several screens; --display N chooses: %s\n", all);
}

static bool count_rehearsed(const RunOptions *options, const Protocol *protocol, gsize *n_trials, GError **error) {
  gint64 number = (gint64)protocol->rehearsal_trials;
  if (options->rehearse != NULL && *options->rehearse != '\0' &&
      (!number_parse_int(options->rehearse, &number) || number < 1 || number > PROTOCOL_MAX_REHEARSAL)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--rehearse=%s: a number of trials from 1 to %d is needed",
                options->rehearse, PROTOCOL_MAX_REHEARSAL);
    return false;
  }
  *n_trials = (gsize)number;
  return true;
}

/* Under the rules of the session that goes on: half of it was shown by them; other rules may show other images. Those
 * of a version to come are left for journal_resume to refuse. */
static bool list_trials(const RunOptions *options, Protocol *protocol, const Start *start, gsize n_rehearsed,
                        TrialList **trials, GError **error) {
  bool goes_on = start->kind != START_NEW && start->rules >= 1 && start->rules <= ALLOCATION_RULES;
  protocol->rules = goes_on ? start->rules : ALLOCATION_RULES;
  g_clear_pointer(trials, trial_list_free);
  if (!(options->allocation < 0
            ? trial_list_new(protocol, options->subject, trials, error)
            : trial_list_new_at(protocol, options->subject, (gsize)options->allocation, trials, error)))
    return false;
  if (options->rehearse)
    rehearsal_trim(*trials, n_rehearsed);
  return protocol->rules == ALLOCATION_RULES || check_stimuli(protocol, *trials, error);
}

/* On the screen, where there is no terminal. */
static bool ask_whether_to_resume(const RunOptions *options, Protocol *protocol, Display *display, Start *start,
                                  gsize n_rehearsed, TrialList **trials, GError **error) {
  if (!unfinished_ask(display, protocol, start, error) || !check_label(options, protocol, start, error) ||
      !list_trials(options, protocol, start, n_rehearsed, trials, error))
    return false;
  commands_warn_of_rules(options->data, protocol, protocol->rules);
  return true;
}

static bool present(const RunOptions *options, const char *path, GError **error) {
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(TrialList) trials = NULL;
  if (!protocol_check_label("participant", options->subject, error) ||
      (options->session != NULL && !protocol_check_label("session", options->session, error)) ||
      !protocol_open(path, &(ProtocolOptions){options->language, options->set}, &protocol, error))
    return false;
  if (options->seed >= 0 && !allocation_reseed(protocol, (guint64)options->seed, error))
    return false;
  set_marker_port(protocol, options->marker_port);
  if (!options->rehearse && options->allocation < 0)
    commands_warn_of_label(protocol, options->subject);
  DisplaySdlOptions window;
  if (!set_window(options, protocol, &window, error))
    return false;
  /* The whole screen's size shows only once the window is open, too late for the participant. */
  if (!fit_check(protocol, window.width > 0 ? window.width : protocol->screen.window_width,
                 window.width > 0 ? window.height : protocol->screen.window_height, error))
    return false;
  const UnfinishedOptions unfinished = {options->data, options->subject, options->session, options->resume,
                                        options->new_run};
  Start start = {0};
  gsize n_rehearsed = 0;
  if (!count_rehearsed(options, protocol, &n_rehearsed, error))
    return false;
  if (!list_trials(options, protocol, &start, n_rehearsed, &trials, error) || !check_stimuli(protocol, trials, error) ||
      !journal_check_kind(options->data, false, error) || !files_make_folder(options->data, 0700, error) ||
      !unfinished_decide(&unfinished, protocol, &start, error) || !check_label(options, protocol, &start, error) ||
      !check_namesake(options, protocol, trials, &start, error) ||
      !list_trials(options, protocol, &start, n_rehearsed, &trials, error)) {
    g_free(start.path);
    return false;
  }
  if (start.kind != START_ASK)
    commands_warn_of_rules(options->data, protocol, protocol->rules);
  g_autoptr(Clock) clock = clock_new_real();
  Equipment equipment = {0};
  Display *display = equipment_open(protocol, clock, options->audio_device, &equipment, error)
                         ? display_sdl_open(clock, &window, error)
                         : NULL;
  if (display != NULL)
    warn_of_screens(options);
  JournalStatus status = JOURNAL_INTERRUPTED;
  bool good = display != NULL && check_trust(display, &protocol->screen, error) &&
              (!options->rehearse || rehearsal_announce(display, protocol, n_rehearsed, error)) &&
              (start.kind != START_ASK ||
               ask_whether_to_resume(options, protocol, display, &start, n_rehearsed, &trials, error)) &&
              run_session(options, protocol, trials, display, equipment.cues, &start, &status, error);
  if (cue_player_n_faults(equipment.cues) > 0)
    fprintf(stderr, "warning: %" G_GSIZE_FORMAT " markers could not be written; the journal says which and why\n",
            cue_player_n_faults(equipment.cues));
  equipment_close(&equipment);
  display_free(display);
  g_free(start.path);
  return derive(options->data, display != NULL && !options->rehearse, good, error);
}

/* GOption would take the protocol's name for the value: a bare --windowed becomes "--windowed=", and so --rehearse. */
static char **separate_values(int argc, char **argv) {
  char **copy = g_new0(char *, argc + 1);
  for (int i = 0; i < argc; i++) {
    bool bare = strcmp(argv[i], "--windowed") == 0 &&
                (i + 1 >= argc || !g_regex_match_simple("^[0-9]+x[0-9]+$", argv[i + 1], 0, 0));
    bool rehearse = strcmp(argv[i], "--rehearse") == 0;
    copy[i] = bare ? (char *)"--windowed=" : rehearse ? (char *)"--rehearse=" : argv[i];
  }
  return copy;
}

static bool run(int argc, char **argv, GError **error) {
  g_auto(RunOptions) options = {.seed = -1, .allocation = -1};
  const GOptionEntry entries[] = {
      {"subject", 0, 0, G_OPTION_ARG_STRING, &options.subject,
       "The participant's label; asked for in a window where missing", "ID"},
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &options.data, "The data folder; asked for in a window where missing",
       "DIR"},
      {"session", 0, 0, G_OPTION_ARG_STRING, &options.session, "The session's label, where there are several", "S"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME, &options.set, "Use this stimulus set instead of the protocol's", "DIR"},
      {"language", 0, 0, G_OPTION_ARG_STRING, &options.language, "Show the texts of this language (pl, pt_BR)",
       "LOCALE"},
      {"windowed", 0, 0, G_OPTION_ARG_STRING, &options.windowed,
       "In a window, of the protocol's size or this, instead of the whole screen", "[WxH]"},
      {"display", 0, 0, G_OPTION_ARG_INT, &options.display, "Which screen, from 1 (default 1)", "N"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "Seed of the images and orders instead of the protocol's", "S"},
      {"allocation", 0, 0, G_OPTION_ARG_INT64, &options.allocation,
       "The participant's number in the design instead of the label's", "N"},
      {"audio-device", 0, 0, G_OPTION_ARG_STRING, &options.audio_device, "Play sounds on this device", "NAME"},
      {"marker-port", 0, 0, G_OPTION_ARG_STRING, &options.marker_port,
       "Send markers to this port instead of the protocol's; off: send none", "PORT"},
      {"resume", 0, 0, G_OPTION_ARG_NONE, &options.resume, "Go on with an unfinished session without asking", NULL},
      {"rehearse", 0, 0, G_OPTION_ARG_STRING, &options.rehearse,
       "Show the first N trials of each block (default: the protocol's rehearsal_trials), and keep the answers in a "
       "temporary folder",
       "[N]"},
      {"new-run", 0, 0, G_OPTION_ARG_NONE, &options.new_run, "Start a new run without asking", NULL},
      {0}};
  g_autofree char **separated = separate_values(argc, argv);
  char **arguments = separated;
  GError *fault = NULL;
  if (!command_parse(&command_run, entries, 1, 1, &argc, &arguments, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (options.allocation < -1) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--allocation: a number that is not negative is needed");
    return false;
  }
  if ((options.resume && options.new_run) || options.display < 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "run takes at most one of --resume and --new-run, and a --display from 1");
    return false;
  }
  if (options.rehearse) {
    if (options.data != NULL || options.resume) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                  "--rehearse takes neither --data nor --resume: a rehearsal has a temporary folder of its own");
      return false;
    }
    options.data = rehearsal_folder(error);
    if (options.data == NULL)
      return false;
    if (options.subject == NULL)
      options.subject = g_strdup(REHEARSAL_LABEL);
  }
  if ((options.subject == NULL || options.data == NULL) && !ask_start(&options, arguments[1], error))
    return false;
  bool good = present(&options, arguments[1], error);
  if (options.rehearse)
    g_rmdir(options.data); /* where nothing was recorded; else it stays */
  return good;
}

const Command command_run = {"run", "PROTOCOL", "Run a participant through a protocol", run};
