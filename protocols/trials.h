/* Which participant sees which images in which order: a function of the protocol and the participant's label alone, so
 * that a session can be resumed, repeated and checked without any state.
 *
 * Images. allocation.h says which images a participant sees. A block with `images = COUNT` takes a window of one seeded
 * permutation of the set that all its blocks share. Participant number p starts at p * S, S being the sum of all such
 * counts, and the blocks' windows lie behind one another: those of one participant are disjoint as long as S <= n.
 * After n / g participants, g = gcd(n, S), the starts come again; where g does not divide every count, they are then
 * shifted by one, g - 1 times. Thus over any C consecutive participants each image is shown exactly equally often in
 * every block, C being n / g where g divides every count and n otherwise. A window that excludes a block which chooses
 * its images first is chosen from what that leaves, as evenly as possible (allocation.h).
 *
 * Order. Random orders are drawn from random_init_stream(seed, "order LABEL BLOCK"), LABEL without the leading zeros of
 * its number (allocation_order_label), uniform over all orders, or with
 * max_run over all that keep to it (allocation_runs.h). With repeats every image comes once before any comes again, and
 * never twice in direct succession (sets of two or more). Latin orders are rows of a Williams design
 * (allocation_latin.h), crossed with the images. Scales on top and polarity change with the
 * participant's number, crossed with images and places (allocation_scale_turn, allocation_mirrors). Random starts are
 * whole units of the scale's hundredth part, drawn per trial.
 */
#ifndef DREAMRIG_TRIALS_H
#define DREAMRIG_TRIALS_H

#include "protocols/protocol.h"
#include "stimuli/base/random.h"

typedef struct {
  gsize step, block;                 /* into Protocol.steps and .blocks */
  gsize number;                      /* 1-based within the block */
  gsize stimulus;                    /* row of the set */
  gsize scales[PROTOCOL_MAX_SCALES]; /* into Protocol.scales, from top to bottom; the block's n_scales are used */
  double start[PROTOCOL_MAX_SCALES]; /* of scales[i], in the scale's units; NaN: hidden until touched */
} Trial;

typedef struct {
  Trial *trials; /* in the order of the session */
  gsize n_trials;
  gsize participant; /* the number that the allocation used */
} TrialList;

/* All trials of one participant's session. Fails on a label that is not a BIDS label, and where no order keeps to a
 * block's max_run. Free with trial_list_free. */
bool trial_list_new(const Protocol *protocol, const char *participant, TrialList **list, GError **error);
/* As trial_list_new, in another number's place in the design; random orders still follow the label, less its zeros. */
bool trial_list_new_at(const Protocol *protocol, const char *participant, gsize number, TrialList **list,
                       GError **error);
void trial_list_free(TrialList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrialList, trial_list_free)

/* Where a scale's slider stands at first, in its units; NaN: hidden. Draws from `random` where the start is random. */
double scale_start(const ProtocolScale *scale, Random *random);
/* The trials of a step that is a block; NULL with 0 for other steps. */
const Trial *trial_list_step(const TrialList *list, gsize step, gsize *n_trials);
/* The share 0..1 of a session that is done before trial `number` (from 1; 1 for other steps) of a step: each page,
 * question and trial counts one, attention checks and breaks nothing. */
double trial_list_progress(const Protocol *protocol, const TrialList *list, gsize step, gsize number);
/* The trials of a block, for any participant. */
gsize trial_list_count(const Protocol *protocol, gsize block);

#endif
