/* Flips: when a frame appeared, how that is known, and what it is worth. Nothing here knows of SDL or of a screen, so
 * that every rule is tested with injected flips.
 *
 * What tells a flip's time is its rung on a ladder, best first: the compositor's or the driver's own stamps of the
 * vertical blank, then the clock after a swap that measurably waits for the screen, then nothing ("untrusted"). A stamp
 * is not believed because it is there: zeros, repeats, steps backwards and times that cannot be are rejected, and that
 * flip is then called untrusted.
 *
 * All times are CLOCK_MONOTONIC in ns. They are the start of scanning out: light at the middle of the screen comes half
 * a refresh later, and the screen's own delay comes on top. */
#ifndef DREAMRIG_PRESENT_FLIP_H
#define DREAMRIG_PRESENT_FLIP_H

#include <glib.h>
#include <stdbool.h>

#include "present/display/refresh.h"

typedef enum {
  FLIP_WAYLAND,   /* wp_presentation feedback */
  FLIP_OML,       /* GLX_OML_sync_control */
  FLIP_KMS,       /* the kernel's vertical-blank counter */
  FLIP_FINISH,    /* the clock after swap, a pixel and glFinish: noisy, and it can be one refresh early */
  FLIP_UNTRUSTED, /* the clock after a swap of which nothing is known */
  FLIP_SIMULATED, /* no screen at all */
  N_FLIP_RUNGS
} FlipRung;

/* As the data call it: "wp_presentation", "oml_sync_control", "kms_sequence", "swap_finish", "untrusted", "simulated".
 */
const char *flip_rung_name(FlipRung rung);
/* One sentence for a methods section or a sidecar. */
const char *flip_rung_meaning(FlipRung rung);

typedef struct {
  gint64 time_ns;
  gint64 uncertainty_ns; /* the frame appeared within this much of time_ns; -1: nobody knows */
  const char *source;    /* flip_rung_name */
  int missed;            /* refreshes that passed since the wanted one, as far as the source can tell; -1: unknown */
} Flip;

/* What a rung's source said about one flip. */
typedef struct {
  bool answered;
  bool dropped; /* the source says that the frame was never shown */
  bool soft;    /* the source says that the time was made by software, not by the screen's hardware */
  bool unsure;  /* the source cannot say whether it was this refresh or its neighbour */
  gint64 time_ns;
  gint64 count; /* its counter of refreshes; 0 where it has none */
} FlipStamp;

/* One flip from outside. */
typedef struct {
  gint64 target_ns;   /* the refresh aimed at (flip_judge_target); 0: as soon as possible */
  gint64 asked_ns;    /* just before the swap */
  gint64 returned_ns; /* once the swap and the wait for its stamp had returned */
  FlipStamp stamp;
} FlipReport;

typedef enum {
  STAMP_GOOD,
  STAMP_ABSENT,
  STAMP_DROPPED,
  STAMP_SOFT,
  STAMP_ZERO,
  STAMP_REPEATED,
  STAMP_BACKWARDS,
  STAMP_EARLY, /* before the swap was asked for */
  STAMP_LATE,  /* after the moment at which it was read: another clock, or a promise */
  N_STAMP_FAULTS
} StampFault;

const char *stamp_fault_text(StampFault fault);

/* Judges the flips of one display, one after another. Plain: set by flip_judge_init. */
typedef struct {
  FlipRung rung;         /* FLIP_UNTRUSTED for good once FLIP_MAX_REJECTED stamps in a row were rejected */
  FlipRung given;        /* the rung at first */
  gint64 uncertainty_ns; /* of a flip with a good stamp */
  double period_ns;
  double period_se_ns; /* standard error of period_ns */
  bool known;          /* whether there was a good flip, whose time and count follow */
  gint64 time_ns, count;
  int rejected_in_row;
  guint n_flips, n_missed; /* n_missed: refreshes, over all flips */
  guint n_early;           /* flips before their target */
  guint n_off_grid;        /* flips between the refreshes of a constant rate */
  guint n_faults[N_STAMP_FAULTS];
} FlipJudge;

#define FLIP_MAX_REJECTED 3

/* whole_screen: whether the window covers the screen; where it does not, a compositor may show its frames one refresh
 * later than any stamp says, and that is the uncertainty of OML's stamps. */
void flip_judge_init(FlipJudge *judge, FlipRung rung, const RefreshFacts *refresh, bool whole_screen);
/* The first refresh at or after wanted_ns, reckoned from the last good flip; wanted_ns itself where the rate is not
 * known well enough to reckon that far (error above a quarter of a refresh), and 0 for 0. */
gint64 flip_judge_target(const FlipJudge *judge, gint64 wanted_ns);
/* How a stamp looks beside the flips before it. Only for rungs with stamps. */
StampFault flip_judge_fault(const FlipJudge *judge, const FlipReport *report);
/* The flip's time, uncertainty, source and missed refreshes; counts it.
 *
 * A time that lies between the refreshes of a constant rate (by more than a fifth) means a variable refresh, or a swap
 * that did not wait. A hardware stamp is still the time then, but what was missed cannot be said; the clock after a
 * swap is worth nothing then. */
void flip_judge(FlipJudge *judge, const FlipReport *report, Flip *flip);

#endif
