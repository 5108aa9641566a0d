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
  gsize n_groups, group_size;
  gsize *members;  /* one per: n_groups by group_size rows of the set */
  gsize *group_of; /* one per: of each row */
  BlockDesign *design;
  gsize n_types;
  gsize *type_of; /* of each row, where the block limits runs; else NULL */
  gsize count;    /* images that a participant sees */
  gsize *slots;   /* latin: a permutation of these, so that neighbours in the set are none in the square */
};

gsize allocation_divisor(gsize a, gsize b);
/* The least common multiple; a itself where it would pass 10^12, which no participant's number reaches. */
gsize allocation_multiple(gsize a, gsize b);

#endif
