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
/* [page NAME], [question NAME], [score NAME], [scale NAME], [block NAME]; blocks without `exclude`. */
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
/* keyfile_list of at most READER_MAX_NAMES names. */
char **reader_names(KeyFile *keys, const char *group, const char *key);
#define READER_MAX_NAMES 1000
/* A text that must be there. One that is there but cannot be read is a fault already. */
char *reader_required_text(KeyFile *keys, const char *group, const char *key, const char *locale);
gsize reader_n_faults(const KeyFile *keys);

/* A key that only some kinds of a part have; bit k of `kinds` is for names[k] of its `kind`. */
typedef struct {
  const char *key;
  guint kinds;
} KindRule;
/* Reads `kind`. A fault for each key (or translation of it) that is there although the part is of another kind; none
 * where the kind itself is a fault: then *known is false. */
int reader_kind(KeyFile *keys, const char *group, const char *const *names, const KindRule *rules, gsize n_rules,
                bool *known);

/* One part each, appended to the array. Scores name questions, which must have been read. */
void reader_question(KeyFile *keys, const char *group, const char *name, const char *locale, GArray *questions);
void reader_score(KeyFile *keys, const char *group, const char *name, const Protocol *protocol, GArray *scores);
void reader_scale(KeyFile *keys, const char *group, const char *name, const char *locale, GArray *scales);
/* The keys that scales and questions of kind slider share: left, right, min, max, start, polarity. */
void reader_scale_ends(KeyFile *keys, const char *group, const char *locale, ProtocolScale *scale);
/* A scale may not be named as a column that another one makes. */
void reader_check_scale_names(KeyFile *keys, const Protocol *protocol);

/* Parts of a block: its times; its breaks and attention checks, after pages and questions; its preset, after scales. */
void reader_timing(KeyFile *keys, const char *group, ProtocolBlock *block);
void reader_breaks(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolBlock *block);
void reader_checks(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolBlock *block);
void reader_preset(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolBlock *block);

/* Whether a part's name is one (protocol_is_name); a fault of its group where it is not. */
bool reader_check_name(KeyFile *keys, const char *group, const char *name);
/* The key-file group of a part: "block main". Free with g_free. */
char *reader_group(const char *kind, const char *name);

#endif
