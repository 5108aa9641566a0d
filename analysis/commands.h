/* The commands of dreamrig-analysis. Each command_NAME.c defines its Command (name, usage, summary, run); main.c lists
 * them in the order of the help text. */
#ifndef DREAMRIG_ANALYSIS_COMMANDS_H
#define DREAMRIG_ANALYSIS_COMMANDS_H

#include "stimuli/base/command.h"
#include "stimuli/manifest.h"

extern const Command command_features;   /* command_features.c */
extern const Command command_import;     /* command_import.c */
extern const Command command_report;     /* command_report.c */
extern const Command command_identify;   /* command_identify.c */
extern const Command command_model;      /* command_model.c */
extern const Command command_power;      /* command_power.c */
extern const Command command_regression; /* command_regression.c */

/* Opens a stimulus set as an input: stimulus_set_open, and RIG_ERROR_INPUT for one without images. The outputs (NULL:
 * not asked for) are files that will be written: each must have a place, and be none of the set's own files and none of
 * the other outputs. */
bool commands_open_set(const char *folder, bool verify, const char *const *outputs, gsize n_outputs, StimulusSet **set,
                       GError **error);
/* Writes a result, whose folder is made only now, so that a failure before leaves none. */
bool commands_write_table(const Table *table, const char *out, GError **error);
/* The same of a table with participants' data, which only its owner may read. */
bool commands_write_private(const Table *table, const char *out, GError **error);

#endif
