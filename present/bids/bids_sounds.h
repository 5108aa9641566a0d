/* The columns of a trial's sounds: sound_1 and what is known of it, sound_2, ... in the order of the block's `sounds`,
 * as many as the block with the most has. None where the protocol has no sounds. Internal to bids. */
#ifndef DREAMRIG_BIDS_SOUNDS_H
#define DREAMRIG_BIDS_SOUNDS_H

#include "present/bids/bids_files.h"

/* Appends the columns' names, to be freed with g_free. */
void bids_sounds_name(const JournalHeader *header, GPtrArray *names);
/* Fills them for trial `index` of the journal. Of a trial that a pause began again the last time counts. */
void bids_sounds_fill(const JournalContents *contents, gsize index, Table *table, gsize row);
void bids_sounds_describe(const JournalHeader *header, JsonObject *sidecar);

#endif
