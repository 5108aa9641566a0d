/* The plan behind allocation.h. Internal to protocols/allocation*.c. */
#ifndef DREAMRIG_ALLOCATION_PRIVATE_H
#define DREAMRIG_ALLOCATION_PRIVATE_H

#include "protocols/allocation.h"
#include "protocols/allocation_blocks.h"

struct AllocationPlan {
  gsize n;            /* stimuli of the set */
  gsize *permutation; /* window, balanced: of the set's rows; one per: the groups' ranks */
  gsize stride;       /* window: from participant to participant */
  gsize period;       /* window: participants until the starts come again */
  gsize shifts;       /* window: by how many images they are then shifted in turn */
  gsize offset;       /* window: behind the participant's start */
  gsize round;        /* window that follows: participants until its choices come again; 0: it does not follow */
  guint32 *chosen;    /* window that follows: round by images rows of the set; NULL: too many, but */
  gsize cycle;        /* those until the excluded blocks' choices come again */
  gsize n_groups, group_size;
  gsize *members;  /* one per: n_groups by group_size rows of the set */
  gsize *group_of; /* one per: of each row */
  BlockDesign *design;
  gsize n_types;
  gsize *type_of; /* of each row, where the block limits runs; else NULL */
  gsize count;    /* images that a participant sees */
  gsize *slots;   /* latin: a permutation of these, so that neighbours in the set are none in the square */
};

#define ALLOCATION_MANY ((gsize)1000000000000) /* participants: no number reaches it */

gsize allocation_divisor(gsize a, gsize b);
/* The least common multiple; a itself where it would pass ALLOCATION_MANY. */
gsize allocation_multiple(gsize a, gsize b);

/* Adds the images of a block to those of the set's rows that are marked; none where it shows all. */
void allocation_mark(const Protocol *protocol, gsize block, gsize participant, bool *marked);

/* Whether a window must wait for what others choose: it excludes a block that is no window, or another such window. */
bool allocation_follows(const Protocol *protocol, gsize block);
/* Chooses such a window's images, and before them those of the windows that it excludes, once allocation_plan_images
 * has been called for all blocks. Other blocks stay as they are. */
void allocation_plan_follow(Protocol *protocol, gsize block);
void allocation_mark_following(const Protocol *protocol, gsize block, gsize participant, bool *marked);

#endif
