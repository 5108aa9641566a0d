/* A stimulus set on disk: a folder with PNGs, stimuli.tsv (one row a stimulus) and stimuli.json (how it was made).
 *
 * stimuli.tsv's columns are, in this order: id, file, sha256, network, layer, layer_type, depth, seed,
 * objective_before, objective_after; image features follow once computed (hue, saturation, brightness, jpeg_bytes,
 * cfc, cse). A user may also write one by hand for photographs: only id and file are required. `file` is relative to
 * the folder and may not leave it. */
#ifndef DREAMRIG_MANIFEST_H
#define DREAMRIG_MANIFEST_H

#include <glib.h>
#include <stdbool.h>

#include "stimuli/base/json.h"
#include "stimuli/base/table.h"

#define MANIFEST_TABLE "stimuli.tsv"
#define MANIFEST_RECORD "stimuli.json"

typedef struct {
  char *folder;
  Table *stimuli;     /* the columns above */
  JsonObject *record; /* stimuli.json; empty where the file is absent */
} StimulusSet;

/* Reads and checks a set: required columns, unique ids, files that exist and stay inside the folder, and (verify) their
 * digests. The message names file, line and field. Free with stimulus_set_free. */
bool stimulus_set_open(const char *folder, bool verify, StimulusSet **set, GError **error);
/* An empty set in memory with the standard columns. */
StimulusSet *stimulus_set_new(const char *folder);
/* Writes stimuli.json, then stimuli.tsv, each atomically. */
bool stimulus_set_write(const StimulusSet *set, GError **error);
void stimulus_set_free(StimulusSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StimulusSet, stimulus_set_free)

/* Reads the record alone of the set in `folder`; fails, naming the file, where it is absent or no object. Free with
 * json_object_unref. */
bool stimulus_record_read(const char *folder, JsonObject **record, GError **error);

/* The full path of a row's file. Free with g_free. */
char *stimulus_set_path(const StimulusSet *set, gsize row);

#endif
