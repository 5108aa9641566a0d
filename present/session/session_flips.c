#include "present/session/session_internal.h"

static const char *name_of(MomentKind kind) {
  switch (kind) {
  case MOMENT_FIXATION:
    return "fixation";
  case MOMENT_IMAGE:
    return "image";
  case MOMENT_MASK:
    return "mask";
  case MOMENT_RATING:
    return "rating";
  default:
    return "other";
  }
}

TrialFlips trial_flips_new(Session *session) {
  bool exact = session->setup->display->info.rung == FLIP_SIMULATED;
  return (TrialFlips){.session = session, .wanted_ns = -1, .text = exact ? NULL : g_string_new(NULL)};
}

void trial_flips_expect(TrialFlips *flips, MomentKind kind, gint64 wanted_ns) {
  flips->kind = kind;
  flips->wanted_ns = wanted_ns;
}

static void append(TrialFlips *flips, const Flip *flip) {
  char planned[32] = "n/a", actual[32], uncertainty[32] = "n/a", missed[16] = "n/a";
  if (flips->wanted_ns > 0)
    g_ascii_formatd(planned, sizeof planned, "%.6f", session_seconds(flips->session, flips->wanted_ns));
  g_ascii_formatd(actual, sizeof actual, "%.6f", session_seconds(flips->session, flip->time_ns));
  if (flip->uncertainty_ns >= 0)
    g_ascii_formatd(uncertainty, sizeof uncertainty, "%.6f", (double)flip->uncertainty_ns / (double)NS_PER_S);
  if (flip->missed >= 0)
    g_snprintf(missed, sizeof missed, "%d", flip->missed);
  g_string_append_printf(flips->text, "%s %s %s %s %s %s; ", name_of(flips->kind), planned, actual, flip->source,
                         uncertainty, missed);
}

static void ask_for_upcoming(Session *session) {
  const Upcoming *upcoming = &session->upcoming;
  if (upcoming->wanted)
    picture_store_prefetch(session->setup->pictures, upcoming->row, upcoming->box_width, upcoming->box_height);
  session->upcoming.wanted = false;
}

void trial_flips_record(TrialFlips *flips, const Flip *flip) {
  gsize missed = (gsize)MAX(flip->missed, 0);
  bool first = flips->wanted_ns >= 0;
  flips->n_missed += missed;
  if (!first) {
    flips->n_redraws++;
    flips->n_redraws_missed += missed;
  } else if (flips->text != NULL) {
    append(flips, flip);
  }
  flips->wanted_ns = -1;
  if (flips->kind == MOMENT_RATING)
    ask_for_upcoming(flips->session);
}

void trial_flips_note(TrialFlips *flips) {
  if (flips->text == NULL)
    return;
  g_string_append_printf(flips->text, "redraws %zu missed %zu", flips->n_redraws, flips->n_redraws_missed);
  session_note(flips->session, clock_now_ns(flips->session->setup->display->clock), "flips", flips->text->str);
  g_string_free(g_steal_pointer(&flips->text), TRUE);
}
