/* Counts what a design did to its participants, and says in plain words what is balanced and how exactly. */
#ifndef DREAMRIG_ALLOCATION_PROOF_H
#define DREAMRIG_ALLOCATION_PROOF_H

#include "protocols/trials.h"

typedef struct AllocationProof AllocationProof;

/* Nobody counted yet. The protocol must outlive it. Fails where the counts do not fit into memory. Free with
 * allocation_proof_free. */
bool allocation_proof_new(const Protocol *protocol, AllocationProof **proof, GError **error);
void allocation_proof_free(AllocationProof *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AllocationProof, allocation_proof_free)

void allocation_proof_add(AllocationProof *proof, const TrialList *list);
/* A few lines a block, each ended by '\n': after how many participants the design comes round, and, counted over one
 * such round from number 1 on, how even images and the places of Latin orders are in it; then of the participants that
 * were added how many see each image, how often each image (of one per
 * COLUMN: each group) comes at each place, follows each other one and is seen together with it, the longest run where
 * runs are limited, how often each scale is on top, and how often it has its low end at which side where that goes by
 * participant. Free with g_free. */
char *allocation_proof_text(const AllocationProof *proof);

#endif
