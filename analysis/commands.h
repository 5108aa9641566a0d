/* The commands of dreamrig-analysis. Each command_NAME.c defines its Command (name, usage, summary, run); main.c lists
 * them in the order of the help text. */
#ifndef DREAMRIG_ANALYSIS_COMMANDS_H
#define DREAMRIG_ANALYSIS_COMMANDS_H

#include "stimuli/base/command.h"

extern const Command command_features; /* command_features.c */
extern const Command command_report;   /* command_report.c */
extern const Command command_identify; /* command_identify.c */

#endif
