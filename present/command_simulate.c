#include <stdio.h>
#include <string.h>

#include "present/bids/bids.h"
#include "present/commands.h"
#include "present/display/display_acted.h"
#include "present/display/display_sdl.h"
#include "present/participant/participant_sim.h"
#include "present/session/display_facts.h"
#include "present/session/equipment.h"
#include "protocols/allocation.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define SIMULATED_HZ 60.0

typedef struct {
  const Protocol *protocol;
  const LatentAffect *latents;
  const char *data;
  guint64 seed;
  int label_digits;
  bool visual; /* on a real window, in real time */
  double speed;
} Simulation;

static char *source_of(const Simulation *simulation) {
  return g_strdup_printf("seed %" G_GUINT64_FORMAT, simulation->seed);
}

/* A journal that is there already must be of this very simulation. */
static bool check_source(const Simulation *simulation, const JournalContents *contents, GError **error) {
  g_autofree char *source = source_of(simulation);
  bool same = contents->header->simulated;
  for (guint i = 0; same && i < contents->events->len; i++) {
    const EventRecord *event = contents->events->pdata[i];
    if (strcmp(event->kind, "simulation") == 0)
      same = strcmp(event->detail, source) == 0;
  }
  if (!same)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s is not of a simulation with %s: choose another data folder",
                contents->path, source);
  return same;
}

/* What the participant's newest journal holds; *begun stays NULL where there is none. */
static bool read_begun(const Simulation *simulation, const char *label, JournalContents **begun, GError **error) {
  g_autofree char *path = NULL;
  JournalStatus status = JOURNAL_INTERRUPTED;
  g_autoptr(JournalContents) contents = NULL;
  if (!journal_newest(simulation->data, label, NULL, simulation->protocol->task, &path, &status, error) ||
      (path != NULL && (!journal_read(path, &contents, error) || !check_source(simulation, contents, error))))
    return false;
  *begun = g_steal_pointer(&contents);
  return true;
}

/* Goes on with the journal that was begun, or begins one. */
static bool open_journal(const Simulation *simulation, const JournalHeader *header, const Protocol *protocol,
                         const TrialList *trials, const JournalContents *begun, Journal **journal,
                         JournalContents **before, GError **error) {
  if (begun != NULL)
    return journal_check_resume(begun->path, header, protocol, trials, error) &&
           journal_resume(begun->path, header, JOURNAL_FAST, journal, before, error);
  if (!journal_create(simulation->data, header, JOURNAL_FAST, journal, error))
    return false;
  g_autofree char *source = source_of(simulation);
  g_autoptr(EventRecord) event = event_record_new(0, "simulation", source);
  return journal_event(*journal, event, error);
}

/* Each participant has a clock and a display of their own. */
static Display *open_display(const Simulation *simulation, Clock *clock, GError **error) {
  const ProtocolScreen *screen = &simulation->protocol->screen;
  if (!simulation->visual)
    return display_null_new(clock, screen->window_width, screen->window_height, SIMULATED_HZ, false);
  DisplaySdlOptions window = {
      .width = screen->window_width, .height = screen->window_height, .title = simulation->protocol->title};
  theme_background(screen, window.background);
  Display *real = display_sdl_open(clock, &window, error);
  return real != NULL ? display_acted_new(real, display_sdl_post) : NULL;
}

static bool simulate_participant(gpointer context, gsize item, gsize worker G_GNUC_UNUSED, GError **error) {
  const Simulation *simulation = context;
  g_autofree char *label = g_strdup_printf("sim%0*" G_GSIZE_FORMAT, simulation->label_digits, item + 1);
  g_autoptr(JournalContents) begun = NULL;
  if (!read_begun(simulation, label, &begun, error))
    return false;
  if (begun != NULL && begun->status == JOURNAL_COMPLETE)
    return true;
  /* As in a real session; rules of a version to come are left for journal_check_resume to refuse. */
  Protocol ruled = *simulation->protocol;
  const Protocol *protocol = &ruled;
  if (begun != NULL && begun->header->rules >= 1 && begun->header->rules <= ALLOCATION_RULES)
    ruled.rules = begun->header->rules;
  g_autoptr(TrialList) trials = NULL;
  if (!trial_list_new(protocol, label, &trials, error))
    return false;
  g_autoptr(Clock) clock = simulation->visual ? clock_new_real() : clock_new_simulated(0);
  g_autoptr(Display) display = open_display(simulation, clock, error);
  if (display == NULL)
    return false;
  DisplayFacts facts = display_facts_of(display, &protocol->screen);
  if (!simulation->visual) {
    facts.onset_trusted = false;
    facts.note = (char *)"simulated participant on a simulated display";
  }
  gint64 origin_ns = clock_now_ns(clock);
  g_autoptr(JournalHeader) header = journal_header_new(protocol, label, NULL, true, &facts);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalContents) before = NULL;
  if (!open_journal(simulation, header, protocol, trials, begun, &journal, &before, error))
    return false;
  Equipment equipment = {0};
  if (!equipment_simulate(protocol, clock, &equipment, error))
    return false;
  ParticipantTraits traits = participant_traits_new(simulation->seed, label);
  SimulatedParticipant participant = {.protocol = protocol,
                                      .latents = simulation->latents,
                                      .traits = &traits,
                                      .participant = trials->participant,
                                      .display = display,
                                      .x = display->width / 2.0,
                                      .y = display->height / 2.0,
                                      .push = simulation->visual ? display_acted_push : NULL,
                                      .clear = simulation->visual ? display_acted_clear : NULL,
                                      .speed = simulation->speed};
  g_autoptr(PictureStore) pictures = NULL;
  if (simulation->visual && !picture_store_new(protocol->set, protocol->set_sha256, PICTURE_STORE_BUDGET,
                                               protocol->screen.exact_scaling, &pictures, error))
    return false;
  SessionSetup setup = {.protocol = protocol,
                        .trials = trials,
                        .display = display,
                        .journal = journal,
                        .before = before,
                        .cues = equipment.cues,
                        .pictures = pictures,
                        .origin_ns = origin_ns,
                        .watcher = simulated_participant_watcher(&participant)};
  JournalStatus status = JOURNAL_COMPLETE;
  bool good = session_run(&setup, &status, error);
  participant_traits_clear(&traits);
  equipment_close(&equipment);
  if (good && status != JOURNAL_COMPLETE) {
    g_autofree char *place = simulated_participant_place(&participant);
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s stopped before the end, at %s of %s: %s. The journal is %s",
                label, place, protocol->path,
                simulation->visual ? "the window was closed, or nothing that was done there went on"
                                   : "nothing that was done there went on",
                journal_path(journal));
    return false;
  }
  return good;
}

static bool simulate(const char *path, const ProtocolOptions *options, gint64 participants, gint64 workers,
                     Simulation *simulation, GError **error) {
  g_autoptr(Protocol) protocol = NULL;
  g_autofree LatentAffect *latents = NULL;
  if (!protocol_open(path, options, &protocol, error) || !journal_check_kind(simulation->data, true, error) ||
      !files_make_folder(simulation->data, 0700, error) ||
      !participant_model_latents(protocol, (gsize)workers, &latents, error))
    return false;
  simulation->protocol = protocol;
  simulation->latents = latents;
  simulation->label_digits = MAX(3, snprintf(NULL, 0, "%" G_GINT64_FORMAT, participants));
  /* One screen has room for one participant at a time. */
  BatchOptions batch = {"Simulating participants", simulation->visual ? 1 : (gsize)workers};
  if (!batch_run(&batch, (gsize)participants, simulate_participant, simulation, error)) {
    bids_derive(simulation->data, NULL); /* what there is; the first failure is the one to tell */
    return false;
  }
  gsize other = journal_other_rules(simulation->data, protocol, ALLOCATION_RULES);
  if (other > 0) /* the present ones may have none, where all were begun before */
    commands_warn_of_rules(simulation->data, protocol, other);
  if (!bids_derive(simulation->data, error))
    return false;
  printf("%" G_GINT64_FORMAT " simulated participants in %s\n", participants, simulation->data);
  return true;
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *set = NULL, *data = NULL, *language = NULL, *mode = NULL;
  double speed = 1;
  gint64 participants = 0, seed = 1, workers = 0;
  const GOptionEntry entries[] = {
      {"participants", 0, 0, G_OPTION_ARG_INT64, &participants, "How many participants (required)", "N"},
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "The data folder (required)", "DIR"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed of the participants' behaviour (default 1)", "S"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME, &set, "Use this stimulus set instead of the protocol's", "DIR"},
      {"language", 0, 0, G_OPTION_ARG_STRING, &language, "Show the texts of this language", "LOCALE"},
      {"mode", 0, 0, G_OPTION_ARG_STRING, &mode, "data (default), or visual: in a window, as fast as people", "MODE"},
      {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &speed, "With --mode visual: act this many times as fast (default 1)", "X"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT64, &workers, "Sessions at a time (default: one a processor)", "N"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_simulate, entries, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (data == NULL || participants < 1 || participants > 1000000 || seed < 0 || workers < 0 || workers > 1024) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "simulate needs --data DIR and --participants 1..1000000; --seed and -j are not negative");
    return false;
  }
  bool visual = mode != NULL && strcmp(mode, "visual") == 0;
  if (mode != NULL && !visual && strcmp(mode, "data") != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--mode %s: data or visual expected", mode);
    return false;
  }
  if (!(speed >= 0.1 && speed <= 100) || (!visual && speed != 1)) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE,
                        visual ? "--speed: 0.1 to 100 expected" : "--speed is for --mode visual");
    return false;
  }
  Simulation simulation = {.data = data, .seed = (guint64)seed, .visual = visual, .speed = visual ? speed : 0};
  return simulate(argv[1], &(ProtocolOptions){language, set}, participants, workers, &simulation, error);
}

const Command command_simulate = {"simulate", "PROTOCOL", "Run simulated participants through the real session code",
                                  run};
