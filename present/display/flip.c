#include "present/display/flip.h"

#include <math.h>

#define NS_PER_MS_D 1e6
#define REACH 0.25                  /* of a refresh: a grid that is surer than this is relied on */
#define OFF_GRID 0.2                /* of a refresh */
#define SLACK 0.1                   /* of a refresh: a wish this little after a refresh means that refresh */
#define STAMP_UNCERTAINTY_NS 100000 /* kernels correct their stamps by the scan line to some tens of us */
#define FUTURE_SLACK_NS 2000000     /* the start of scan-out is stamped up to the blank's length ahead */

static const struct {
  const char *name, *meaning;
} RUNGS[N_FLIP_RUNGS] = {
    [FLIP_WAYLAND] = {"wp_presentation", "the compositor's report of the vertical blank, stamped by hardware"},
    [FLIP_OML] = {"oml_sync_control", "the driver's stamp of the vertical blank (GLX_OML_sync_control)"},
    [FLIP_KMS] = {"kms_sequence", "the kernel's stamp of the vertical blank"},
    [FLIP_FINISH] = {"swap_finish",
                     "the clock after a swap that measurably waits for the screen; it can be one refresh early"},
    [FLIP_UNTRUSTED] = {"untrusted", "the clock after a swap; nothing tells when the frame reached the screen"},
    [FLIP_SIMULATED] = {"simulated", "a simulated display on a simulated clock"},
};

const char *flip_rung_name(FlipRung rung) { return RUNGS[rung].name; }

const char *flip_rung_meaning(FlipRung rung) { return RUNGS[rung].meaning; }

const char *stamp_fault_text(StampFault fault) {
  static const char *const texts[N_STAMP_FAULTS] = {"good",
                                                    "absent",
                                                    "of a frame that was never shown",
                                                    "made by software",
                                                    "zero",
                                                    "repeated",
                                                    "going backward",
                                                    "too early",
                                                    "in the future"};
  return texts[fault];
}

void flip_judge_init(FlipJudge *judge, FlipRung rung, const RefreshFacts *refresh, bool whole_screen) {
  bool measured = refresh_is_trusted(refresh);
  double hz = refresh->nominal_hz > 0 ? refresh->nominal_hz : 60;
  double period = measured ? refresh->mean_ms * NS_PER_MS_D : 1e9 / hz;
  *judge = (FlipJudge){.rung = rung, .given = rung, .period_ns = period};
  judge->period_se_ns = measured ? refresh->sd_ms * NS_PER_MS_D / sqrt(refresh->n_intervals) : period;
  bool sure = rung == FLIP_WAYLAND || rung == FLIP_KMS || (rung == FLIP_OML && whole_screen);
  judge->uncertainty_ns = rung == FLIP_UNTRUSTED ? -1 : sure ? STAMP_UNCERTAINTY_NS : llround(period);
}

/* Whether the refreshes this far from the last good flip can be reckoned. */
static bool reaches(const FlipJudge *judge, double refreshes) {
  return judge->known && judge->rung != FLIP_UNTRUSTED &&
         fabs(refreshes) * judge->period_se_ns < REACH * judge->period_ns;
}

gint64 flip_judge_target(const FlipJudge *judge, gint64 wanted_ns) {
  double refreshes = (double)(wanted_ns - judge->time_ns) / judge->period_ns;
  if (wanted_ns <= 0 || !reaches(judge, refreshes))
    return wanted_ns;
  return judge->time_ns + (gint64)llround(ceil(refreshes - SLACK) * judge->period_ns);
}

StampFault flip_judge_fault(const FlipJudge *judge, const FlipReport *report) {
  const FlipStamp *stamp = &report->stamp;
  bool counts = judge->rung != FLIP_FINISH;
  if (stamp->dropped)
    return STAMP_DROPPED;
  if (!stamp->answered)
    return STAMP_ABSENT;
  if (stamp->soft)
    return STAMP_SOFT;
  if (stamp->time_ns <= 0 || (counts && stamp->count <= 0))
    return STAMP_ZERO;
  if (judge->known && (stamp->time_ns == judge->time_ns || (counts && stamp->count == judge->count)))
    return STAMP_REPEATED;
  if (judge->known && (stamp->time_ns < judge->time_ns || (counts && stamp->count < judge->count)))
    return STAMP_BACKWARDS;
  if (stamp->time_ns < report->asked_ns)
    return STAMP_EARLY;
  if (stamp->time_ns > report->returned_ns + FUTURE_SLACK_NS)
    return STAMP_LATE;
  return STAMP_GOOD;
}

static bool is_off_grid(const FlipJudge *judge, gint64 time_ns) {
  double refreshes = (double)(time_ns - judge->time_ns) / judge->period_ns;
  if (!judge->known || fabs(refreshes) * judge->period_se_ns > SLACK / 2 * judge->period_ns)
    return false;
  return fabs(refreshes - rint(refreshes)) > OFF_GRID;
}

/* Refreshes later than the target, or, without one, than a frame asked for at this time can come. */
static int count_missed(FlipJudge *judge, const FlipReport *report, gint64 time_ns) {
  double late = (double)(time_ns - report->target_ns) / judge->period_ns;
  if (report->target_ns <= 0)
    late = floor((double)(time_ns - report->asked_ns) / judge->period_ns - SLACK);
  else if (rint(late) < 0)
    judge->n_early++;
  int missed = (int)CLAMP(rint(late), 0, 1e6);
  judge->n_missed += (guint)missed;
  return missed;
}

static void reject(FlipJudge *judge, StampFault fault, const FlipReport *report, Flip *flip) {
  judge->n_faults[fault]++;
  if (++judge->rejected_in_row >= FLIP_MAX_REJECTED)
    judge->rung = FLIP_UNTRUSTED;
  *flip = (Flip){report->returned_ns, -1, flip_rung_name(FLIP_UNTRUSTED), -1};
}

void flip_judge(FlipJudge *judge, const FlipReport *report, Flip *flip) {
  judge->n_flips++;
  if (judge->rung == FLIP_UNTRUSTED) {
    *flip = (Flip){report->returned_ns, -1, flip_rung_name(FLIP_UNTRUSTED), -1};
    if (report->target_ns > 0)
      flip->missed = count_missed(judge, report, report->returned_ns);
    return;
  }
  StampFault fault = flip_judge_fault(judge, report);
  if (fault != STAMP_GOOD) {
    reject(judge, fault, report, flip);
    return;
  }
  gint64 time = report->stamp.time_ns;
  bool off_grid = is_off_grid(judge, time);
  judge->rejected_in_row = 0;
  judge->n_faults[STAMP_GOOD]++;
  judge->n_off_grid += off_grid;
  bool worthless = off_grid && judge->rung == FLIP_FINISH;
  gint64 uncertainty = report->stamp.unsure ? llround(judge->period_ns) : judge->uncertainty_ns;
  *flip = (Flip){time, worthless ? -1 : uncertainty, flip_rung_name(worthless ? FLIP_UNTRUSTED : judge->rung), -1};
  if (!off_grid)
    flip->missed = count_missed(judge, report, time);
  judge->known = true;
  judge->time_ns = time;
  judge->count = report->stamp.count;
}
