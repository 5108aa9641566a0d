#include "present/display/flip_ladder.h"

#include <math.h>

#define N_FLIPS 71                    /* 70 intervals, of which at least 50 must be valid */
#define N_WARM_UP 3                   /* the first swaps wait for nothing */
#define N_TRIES 3                     /* a machine that is still busy with starting the program */
#define PATIENCE_NS (250 * NS_PER_MS) /* for a stamp: some refreshes of the slowest screen */

void flip_source_free(FlipSource *source) {
  if (source != NULL)
    source->free(source);
}

static FlipReport swap_once(FlipLadder *ladder, FlipSource *source, gint64 target_ns) {
  FlipReport report = {.target_ns = target_ns};
  if (source != NULL && source->before != NULL)
    source->before(source);
  report.asked_ns = clock_now_ns(ladder->clock);
  ladder->swap(ladder->screen);
  if (source != NULL)
    source->after(source, ladder->clock, clock_now_ns(ladder->clock) + PATIENCE_NS, &report.stamp);
  report.returned_ns = clock_now_ns(ladder->clock);
  return report;
}

/* --- The start-up measurement --- */

/* Without a source the clock after the swap is all there is, for what it is worth. */
static void measure_clock(FlipLadder *ladder, double nominal_hz) {
  gint64 times[N_FLIPS];
  for (int i = -N_WARM_UP; i < N_FLIPS; i++) {
    FlipReport report = swap_once(ladder, NULL, 0);
    times[MAX(i, 0)] = report.returned_ns;
  }
  refresh_measure(times, NULL, N_FLIPS, nominal_hz, &ladder->refresh);
}

/* NULL: the source gave good stamps of a steady refresh, which ladder->refresh tells. Otherwise why not. */
static char *measure_source(FlipLadder *ladder, FlipSource *source, double nominal_hz) {
  gint64 times[N_FLIPS], counts[N_FLIPS];
  FlipJudge judge = {.rung = source->rung, .period_ns = 1, .period_se_ns = 1};
  int n = 0;
  for (int i = -N_WARM_UP; i < N_FLIPS; i++) {
    FlipReport report = swap_once(ladder, source, 0);
    StampFault fault = flip_judge_fault(&judge, &report);
    /* Steps beside the flip before are measured, not judged here; one bad stamp in the warm-up says nothing. */
    if (i < 0)
      continue;
    if (fault != STAMP_GOOD)
      return g_strdup_printf("its stamps are %s", stamp_fault_text(fault));
    judge.known = true;
    judge.time_ns = times[n] = report.stamp.time_ns;
    judge.count = counts[n++] = report.stamp.count;
  }
  refresh_measure(times, source->rung == FLIP_FINISH ? NULL : counts, (gsize)n, nominal_hz, &ladder->refresh);
  return refresh_fault(&ladder->refresh);
}

static bool accept(FlipLadder *ladder, FlipSource *source, const FlipFacts *facts, GString *note) {
  g_autofree char *fault = NULL;
  for (int i = 0; i < N_TRIES; i++) {
    g_free(fault);
    fault = measure_source(ladder, source, facts->nominal_hz);
    if (fault == NULL)
      return true;
  }
  g_string_append_printf(note, "%s%s: %s", note->len > 0 ? "; " : "", flip_rung_name(source->rung), fault);
  return false;
}

void flip_ladder_climb(FlipLadder *ladder, FlipSource **sources, gsize n_sources, const FlipFacts *facts) {
  g_autoptr(GString) note = g_string_new(facts->condemned);
  ladder->source = NULL;
  ladder->refresh = (RefreshFacts){.nominal_hz = facts->nominal_hz, .mean_ms = NAN, .sd_ms = NAN};
  bool any = false;
  for (gsize i = 0; i < n_sources; i++) {
    if (sources[i] != NULL && ladder->source == NULL && facts->condemned == NULL) {
      any = true;
      if (accept(ladder, sources[i], facts, note))
        ladder->source = sources[i];
    }
    if (sources[i] != ladder->source)
      flip_source_free(sources[i]);
    sources[i] = NULL;
  }
  if (!any) {
    if (note->len == 0)
      g_string_append(note, "the display has nothing that tells when a frame is shown");
    measure_clock(ladder, facts->nominal_hz);
  }
  flip_judge_init(&ladder->judge, ladder->source != NULL ? ladder->source->rung : FLIP_UNTRUSTED, &ladder->refresh,
                  facts->whole_screen);
  ladder->note = ladder->source != NULL ? g_strdup("") : g_string_free(g_steal_pointer(&note), FALSE);
}

/* --- Showing --- */

void flip_ladder_show(FlipLadder *ladder, gint64 wanted_ns, Flip *flip) {
  gint64 target = flip_judge_target(&ladder->judge, wanted_ns);
  /* Half a refresh early, so that the swap waits for the target and not for the refresh after it. */
  if (target > 0)
    clock_wait_until(ladder->clock, target - (gint64)(ladder->judge.period_ns / 2));
  bool trusted = ladder->judge.rung != FLIP_UNTRUSTED;
  FlipReport report = swap_once(ladder, trusted ? ladder->source : NULL, target);
  flip_judge(&ladder->judge, &report, flip);
  if (trusted && ladder->judge.rung == FLIP_UNTRUSTED) {
    g_free(ladder->note);
    ladder->note = g_strdup_printf("%s: %d stamps in a row could not be believed", flip_rung_name(ladder->judge.given),
                                   FLIP_MAX_REJECTED);
  }
}

void flip_ladder_distrust(FlipLadder *ladder, const char *note) {
  ladder->judge.rung = FLIP_UNTRUSTED;
  g_free(ladder->note);
  ladder->note = g_strdup(note);
}

char *flip_ladder_summary(const FlipLadder *ladder) {
  const FlipJudge *judge = &ladder->judge;
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%u flips, %u refreshes missed, %u early, %u between refreshes", judge->n_flips,
                         judge->n_missed, judge->n_early, judge->n_off_grid);
  const char *separator = "; rejected stamps: ";
  for (int i = STAMP_GOOD + 1; i < N_STAMP_FAULTS; i++)
    if (judge->n_faults[i] > 0) {
      g_string_append_printf(text, "%s%u %s", separator, judge->n_faults[i], stamp_fault_text((StampFault)i));
      separator = ", ";
    }
  return g_string_free(text, FALSE);
}

void flip_ladder_clear(FlipLadder *ladder) {
  flip_source_free(ladder->source);
  g_clear_pointer(&ladder->note, g_free);
}
