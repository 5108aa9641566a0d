/* Which images of the set a participant sees in a block, and how often designs come round: pure functions of the
 * protocol and the participant's number, so that two computers that never meet make one design.
 *
 * The number is the one that ends the label: "017" and "lab2017" are 17 and 2017. A label that ends in no digit draws
 * one from the seed; such participants are balanced by chance only.
 *
 * all: every image (less the excluded blocks'). window: a window of one seeded permutation of the set that all such
 * blocks share; see trials.h. one per COLUMN: one image of each group (each layer, say): in group g of rank r(g) in a
 * seeded permutation of the groups, participant p sees image (p + r(g)) mod s of the group's s, so that any s
 * consecutive participants see every image once, and each participant about as many images of each rotation. balanced:
 * block p of an incomplete block design (allocation_blocks.h) on a seeded permutation of the set.
 *
 * A window that excludes a block other than a window chooses after it. With P the participants until the excluded
 * blocks' choices come again, n the images of the set and m those of the window, a round is the least multiple of P
 * and of n / gcd(n, m) participants, number 1 beginning one; within it each image is chosen equally often, or as evenly
 * as what is excluded allows (allocation_even.h). It is equally often wherever each participant has as many images
 * excluded as each other, and each image is excluded for equally many: any one block that is excluded does so. Where it
 * is not, rounds of up to 12 times that are tried, and the one with the smallest differences for its length is kept.
 * Where n times the round passes 8 million, participant p takes m of the r images that are left to them from the
 * (p m)th on, in the order of the window's permutation, and gcd(r, m) more with each P; that is even after
 * P r / gcd(r, m). */
#ifndef DREAMRIG_ALLOCATION_H
#define DREAMRIG_ALLOCATION_H

#include "protocols/protocol.h"
#include "stimuli/base/random.h"

/* Which rules make a design of a protocol. Sessions keep those that they began under, or a resumed one would change in
 * its middle. 1: random orders followed from the whole label, so that 17 and 017 had different ones, and polarity from
 * the number being odd. Up to 2: windows went on past the images of excluded blocks that are no windows, which could
 * leave some images out for good, and of the number that ends a label only the last nine digits counted. 3: as
 * documented here and in trials.h. */
#define ALLOCATION_RULES 3

/* Makes blocks[block].plan, what is the same for all participants; read-only once both have been called. First the
 * images of all blocks, whose other fields must have been read; fails where the set does not fit, with a message that
 * goes on after the name of the key `images` or, of balanced blocks, `design`. */
bool allocation_plan_images(Protocol *protocol, gsize block, GError **error);
/* Then each block's order; fails with a message that goes on after the key `max_run`. */
bool allocation_plan_order(Protocol *protocol, gsize block, GError **error);
/* Gives an open protocol another seed. On failure it can only be freed. */
bool allocation_reseed(Protocol *protocol, guint64 seed, GError **error);
void allocation_plan_free(AllocationPlan *plan);

/* The number of a label by these rules, and whether the label itself says it; G_MAXINT64 where it is larger. */
gsize allocation_number(guint64 seed, gsize rules, const char *label, bool *said);
/* Fails where the number that ends a label is above G_MAXINT64. */
bool allocation_check_label(const Protocol *protocol, const char *label, GError **error);

/* How many images a participant sees in a block. */
gsize allocation_count(const Protocol *protocol, gsize block);
/* The set's rows that a block shows into rows[n], n being the set's count; returns how many. In the set's order, but
 * with one per COLUMN in the order of the groups. */
gsize allocation_images(const Protocol *protocol, gsize block, gsize participant, gsize *rows);
/* After how many participants the block's images come again: over so many consecutive ones each is shown equally often,
 * but where the choice of a window among what others leave can't be even (above). */
gsize allocation_cycle(const Protocol *protocol, gsize block);
/* What holds of the pairs of images in a balanced block (allocation_blocks.h): true where each pair is seen by equally
 * many of allocation_cycle participants; else from *fewest to *most of them, images being exact after every *round. */
bool allocation_pairs(const Protocol *protocol, gsize block, gsize *fewest, gsize *most, gsize *round);
/* As allocation_cycle, and every image at every place equally often where the block's order is a Latin square. */
gsize allocation_place_cycle(const Protocol *protocol, gsize block);

/* The condition 0..n-1 of a participant: rotates from participant to participant, crossed with something that comes
 * round after `cycle` participants: over any cycle * n consecutive ones each meets each equally often. */
gsize allocation_turn(gsize participant, gsize cycle, gsize n);
/* The turn among n arrangements of scales, the same in all blocks. Crossed with images and places: with c the cycle of
 * the first block that is no practice, every n * c participants from number 1 on each image of it meets each
 * arrangement equally often; and so, over longer rounds, in the other blocks, one after another, and at the places of
 * Latin orders. Rules 1: exact only over n times the common cycle of all blocks. */
gsize allocation_scale_turn(const Protocol *protocol, gsize participant, gsize n);

/* Whether scales whose polarity goes by participant have their low end at the right. Crossed with images, places and
 * arrangements of the scales: each image meets each arrangement in each polarity equally often after twice as many
 * participants as above. Rules 1: every second participant. */
bool allocation_mirrors(const Protocol *protocol, gsize participant);

/* The label that random orders are drawn for: its last number without leading zeros, so that 17 and 017 are one; lab17
 * is another. Free with g_free. */
char *allocation_order_label(const Protocol *protocol, const char *label);

/* The order of a block's trials: rows[count] as allocation_images gives them, into order[count * repeats]. `random` is
 * the stream that orders are drawn from. Fails where no order keeps to the block's limit on runs. */
bool allocation_order(const Protocol *protocol, gsize block, gsize participant, Random *random, gsize *rows,
                      gsize count, gsize *order, GError **error);

/* Whether what a participant sees rotates with the number. */
bool allocation_rotates(const Protocol *protocol);

/* Groups of images, for counting: the group of a set's row by the column of `one per`, or by run_of. Their count is 0
 * and the array NULL where the block has no such column. */
const gsize *allocation_groups(const Protocol *protocol, gsize block, gsize *n_groups);
const gsize *allocation_types(const Protocol *protocol, gsize block, gsize *n_types);

#endif
