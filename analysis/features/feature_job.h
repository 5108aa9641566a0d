/* Features of many images, in parallel: of a list of files, or of a stimulus set into its own table. */
#ifndef DREAMRIG_FEATURE_JOB_H
#define DREAMRIG_FEATURE_JOB_H

#include "analysis/features/image_features.h"
#include "stimuli/base/table.h"
#include "stimuli/manifest.h"

typedef struct {
  ImageFeatureOptions features;
  gsize n_workers; /* 0: one per processor; results do not depend on it */
  bool force;      /* sets: measure again what the table has */
} FeatureJobOptions;

/* Measures the files; *table gets one row each: file (as given), then image_features_columns. The message of a failure
 * names the file. Free with table_free. */
bool feature_job_files(const char *const *paths, gsize n_paths, const FeatureJobOptions *options, Table **table,
                       GError **error);

/* Measures the set's images that lack a value, and writes the set: its table gets the columns (of the clutter measures
 * only the wanted ones), its record the settings under "features". JPEG sizes whose recorded quality is not the wanted
 * one, or is not recorded, are measured again, and so are images that another file has taken the place of: where the
 * set has no sha256 of an image, the column measured_sha256 gets that of the file which was measured. What is done when
 * the job fails or is stopped is kept, so that a second call completes it. *n_measured: how many images were measured.
 */
bool feature_job_set(StimulusSet *set, const FeatureJobOptions *options, gsize *n_measured, GError **error);

#endif
