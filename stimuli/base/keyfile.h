/* Key files (recipes, protocols): the one strict reader on top of GKeyFile. It knows the line of every key, and takes
 * unknown, duplicate, malformed and non-finite values as faults, each reported as "FILE:LINE: [group] key: what".
 *
 * Messages are one line whatever the file holds. Duplicate groups and keys are faults found on opening. A key counts as
 * known once any getter has asked for it; keyfile_finish reports the ones nobody asked for, naming the nearest known
 * key. Faults are collected, so that a validator can show all of them at once. */
#ifndef DREAMRIG_BASE_KEYFILE_H
#define DREAMRIG_BASE_KEYFILE_H

#include <glib.h>
#include <stdbool.h>

typedef struct KeyFile KeyFile;

typedef struct {
  int line;    /* 1-based; 0 where the fault is of the file as a whole */
  char *group; /* may be NULL */
  char *key;   /* may be NULL */
  char *message;
} KeyFileFault;

/* Opens and parses. Fails on an unreadable file, one over 4 MiB or of more than 20000 keys, text that is not UTF-8, or
 * a line that is neither a group, a key, a comment nor blank (naming it). Duplicates are collected as faults. */
bool keyfile_open(const char *path, KeyFile **keyfile, GError **error);
/* As keyfile_open from memory; `name` is for messages. */
bool keyfile_parse(const char *name, const char *text, gsize size, KeyFile **keyfile, GError **error);
void keyfile_free(KeyFile *keyfile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyFile, keyfile_free)

/* Groups in file order, NULL-terminated; owned by the key file. */
const char *const *keyfile_groups(const KeyFile *keyfile);
bool keyfile_has_group(const KeyFile *keyfile, const char *group);
bool keyfile_has(const KeyFile *keyfile, const char *group, const char *key); /* also marks the key as known */

/* The line of the key (or of the group: key NULL); 0 where it is not there. */
int keyfile_line(const KeyFile *keyfile, const char *group, const char *key);
/* The locales of a key's translations, "pl" of "key[pl]=", in file order, NULL-terminated. Free with g_strfreev. */
char **keyfile_locales(const KeyFile *keyfile, const char *group, const char *key);
/* As keyfile_locales over all groups and keys, each locale once. */
char **keyfile_all_locales(const KeyFile *keyfile);

/* Getters mark the key, and its group, as known. A missing key gives the default (for strings a copy, NULL stays NULL);
 * a malformed or out-of-range value records a fault and gives the default. */
char *keyfile_string(KeyFile *keyfile, const char *group, const char *key, const char *fallback);
/* `key[locale]=`, then `key[language]=`, then `key=`. Translations of keys that no one gets by this are faults. */
char *keyfile_text(KeyFile *keyfile, const char *group, const char *key, const char *locale, const char *fallback);
char **keyfile_list(KeyFile *keyfile, const char *group,
                    const char *key); /* ';'-separated, 10000 at most; never NULL */
gint64 keyfile_int(KeyFile *keyfile, const char *group, const char *key, gint64 fallback, gint64 min, gint64 max);
double keyfile_double(KeyFile *keyfile, const char *group, const char *key, double fallback, double min, double max);
bool keyfile_bool(KeyFile *keyfile, const char *group, const char *key, bool fallback);
/* One of `names` (NULL-terminated); gives its index. */
int keyfile_choice(KeyFile *keyfile, const char *group, const char *key, const char *const *names, int fallback);

/* Records a fault of the caller's own (a value that does not fit another); key may be NULL. printf format. */
void keyfile_fault(KeyFile *keyfile, const char *group, const char *key, const char *format, ...) G_GNUC_PRINTF(4, 5);
void keyfile_require(KeyFile *keyfile, const char *group, const char *key); /* records a fault where it is missing */
/* Marks a group as known before (or without) asking for one of its keys; groups that nobody marked are faults. */
void keyfile_know_group(KeyFile *keyfile, const char *group);
/* After all getters: adds faults for unknown groups and keys. Returns true when there is no fault; otherwise sets error
 * to the first fault plus the count of the others. */
bool keyfile_finish(KeyFile *keyfile, GError **error);
const KeyFileFault *keyfile_faults(const KeyFile *keyfile, gsize *n_faults); /* sorted by line */

#endif
