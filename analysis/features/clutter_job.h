/* What lies behind the clutter measures, of many images in parallel: maps as pictures, and entropies band by band. */
#ifndef DREAMRIG_CLUTTER_JOB_H
#define DREAMRIG_CLUTTER_JOB_H

#include "analysis/features/clutter_mode.h"
#include "stimuli/base/table.h"

#define CLUTTER_MAPS_TABLE "maps.tsv"

typedef struct {
  const char *const *paths; /* (n) the images */
  const char *const *names; /* (n) their names, which maps are called after */
  gsize n;
  ClutterMode mode;
  gsize n_workers; /* 0: one per processor; results do not depend on it */
} ClutterJob;

/* Writes NAME_MODE_MAP.png into the folder (made where it is not there) for the maps color, contrast, orientation and
 * total, light for 0 and dark for the map's maximum, and CLUTTER_MAPS_TABLE: image, image_sha256, mode, map, file,
 * width, height, mean, max. Images whose maps are in the table and the folder already are left alone, so that a job
 * that was stopped can be called again. *n_drawn: how many images were not. Fails with RIG_ERROR_INPUT where two images
 * have the same name. */
bool clutter_job_maps(const ClutterJob *job, const char *folder, gsize *n_drawn, GError **error);

/* The table of subband entropies, one row a band: image, mode, channel (L, a, b), level (1 is the finest; n/a for the
 * residuals), orientation_deg, band (oriented, lowpass, highpass), entropy. Free with table_free. */
bool clutter_job_bands(const ClutterJob *job, Table **table, GError **error);

#endif
