/* The steps of reading a protocol; protocol.c calls them in this order. Each records its faults in the key file and
 * goes on with defaults, so that all faults show at once. Internal to protocols/. */
#ifndef DREAMRIG_PROTOCOLS_READER_H
#define DREAMRIG_PROTOCOLS_READER_H

#include "protocols/protocol.h"
#include "stimuli/base/keyfile.h"

/* [protocol] and [screen]. */
void reader_study(KeyFile *keys, Protocol *protocol);
/* [phrases], over the built-in ones. */
void reader_phrases(KeyFile *keys, Protocol *protocol);
/* [page NAME], [question NAME], [scale NAME], [block NAME]; blocks without `exclude`. */
void reader_parts(KeyFile *keys, Protocol *protocol);
/* [sequence], and what depends on it: `exclude`, parts that are never shown. */
void reader_sequence(KeyFile *keys, Protocol *protocol);
/* The stimulus set, its digests, and the blocks' counts against it. *set_fault: what is wrong with the set that the
 * options name, which is no fault of the file's. */
void reader_set(KeyFile *keys, const ProtocolOptions *options, Protocol *protocol, GError **set_fault);

/* A block's images, design, order, max_run and run_of; after the set is open, the plans that follow from them. */
void reader_images(KeyFile *keys, const char *group, ProtocolBlock *block);
void reader_allocation(KeyFile *keys, Protocol *protocol);
/* [sound NAME], the blocks' `sounds`, [markers]; after reader_set, whose digest then covers the sound files. */
void reader_cues(KeyFile *keys, Protocol *protocol);

/* keyfile_text; a control character in any of the key's languages is a fault. */
char *reader_text(KeyFile *keys, const char *group, const char *key, const char *locale, const char *fallback);
/* A localised, ';'-separated list: blanks around items are stripped, an empty last item (a final ';') is dropped. */
char **reader_list(KeyFile *keys, const char *group, const char *key, const char *locale);
/* The key-file group of a part: "block main". Free with g_free. */
char *reader_group(const char *kind, const char *name);

#endif
