/* The commands of dreamrig-synth. Each command_NAME.c defines its Command (name, usage, summary, run); main.c lists
 * them in the order of the help text. */
#ifndef DREAMRIG_SYNTH_COMMANDS_H
#define DREAMRIG_SYNTH_COMMANDS_H

#include "stimuli/base/command.h"

extern const Command command_layers;   /* command_layers.c */
extern const Command command_probe;    /* command_probe.c */
extern const Command command_dream;    /* command_dream.c */
extern const Command command_set;      /* command_set.c */
extern const Command command_sheet;    /* command_sheet.c */
extern const Command command_filters;  /* command_filters.c */
extern const Command command_patterns; /* command_patterns.c */
extern const Command command_train;    /* command_train.c */
extern const Command command_accuracy; /* command_accuracy.c */

#endif
