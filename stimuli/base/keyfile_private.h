/* What keyfile.c and its scanner share. */
#ifndef DREAMRIG_BASE_KEYFILE_PRIVATE_H
#define DREAMRIG_BASE_KEYFILE_PRIVATE_H

#include "stimuli/base/keyfile.h"

/* A key's or group's place in the file. Where `base` is set, the key is `base[locale]`. */
typedef struct {
  char *group, *key, *base;
  int line;
} Entry;

struct KeyFile {
  char *name;
  GKeyFile *values;
  GPtrArray *groups;  /* char *, file order, NULL at the end */
  GPtrArray *entries; /* Entry *, file order */
  GHashTable *lines;  /* "group" or "group\nkey" -> line */
  GHashTable *asked;  /* the same names, of what getters asked for */
  GHashTable *texts;  /* the same names, of what may be translated */
  GArray *faults;     /* KeyFileFault, sorted by line */
  bool finished;
};

/* A name that no other group and key (or group alone: key NULL) share: neither holds a line end. g_free it. */
char *keyfile_join(const char *group, const char *key);
/* Takes `message`. The same fault of the same line is noted once; of many thousands only the first are noted. */
void keyfile_add_fault(KeyFile *keyfile, int line, const char *group, const char *key, char *message);
/* Sets "NAME:LINE: what"; returns false. */
bool keyfile_set_line_error(const KeyFile *keyfile, int line, const char *what, GError **error);
/* Notes every group's and key's line and the duplicates; text has LF line ends. Fails on a line of another form. */
bool keyfile_scan(KeyFile *keyfile, const char *text, GError **error);

#endif
