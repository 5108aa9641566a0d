/* The range of a rating, from the JSON file that describes a data file's columns. */
#ifndef DREAMRIG_RATINGS_SIDECAR_H
#define DREAMRIG_RATINGS_SIDECAR_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/ratings/beh_files.h"
#include "stimuli/base/json.h"

/* The descriptions of a data file's columns: its own .json, else task-LABEL_beh.json at the top (BIDS's inheritance),
 * else empty. Fails on a file that is no JSON object. Free with json_object_unref. */
bool sidecar_read(const char *folder, const BehFile *file, JsonObject **sidecar, GError **error);
/* "Minimum" and "Maximum" of the column; *low and *high stay as they are where the sidecar has none. Fails, naming file
 * and field, where they are no numbers or not in order. */
bool sidecar_range(JsonObject *sidecar, const char *folder, const BehFile *file, const char *column, double *low,
                   double *high, GError **error);

#endif
