/* The commands of dreamrig-present. Each command_NAME.c defines its Command (name, usage, summary, run); main.c lists
 * them in the order of the help text. */
#ifndef DREAMRIG_PRESENT_COMMANDS_H
#define DREAMRIG_PRESENT_COMMANDS_H

#include "protocols/protocol.h"
#include "protocols/trials.h"
#include "stimuli/base/command.h"

extern const Command command_validate; /* command_validate.c */
extern const Command command_allocate; /* command_allocate.c */
extern const Command command_run;      /* command_run.c */
extern const Command command_simulate; /* command_simulate.c */
extern const Command command_screens;  /* command_screens.c */
extern const Command command_derive;   /* command_derive.c */
extern const Command command_export;   /* command_export.c */
extern const Command command_selftest; /* command_selftest.c: finds one of the following in its table */

/* Each is named "selftest KIND" and lies in command_selftest_KIND.c. */
extern const Command command_selftest_display;
extern const Command command_selftest_audio;
extern const Command command_selftest_input;
extern const Command command_selftest_photodiode;

/* "1280x800" to two sizes of 320..16384 px. The message starts with `option`. */
bool commands_parse_size(const char *option, const char *text, int *width, int *height, GError **error);
/* Warns on the standard error where the data folder holds sessions of the protocol's task and seed whose design follows
 * other rules (ALLOCATION_RULES) than these. */
void commands_warn_of_rules(const char *data, const Protocol *protocol, gsize rules);
/* And of a label that ends in no number. */
void commands_warn_of_label(const Protocol *protocol, const char *label);
/* Fails where another participant of the data folder has the place in the design that the trials are of: two labels
 * that end in one number get one place, which spoils its balance. */
bool commands_check_namesake(const char *data, const Protocol *protocol, const TrialList *trials, const char *subject,
                             const char *session, GError **error);
/* Warns on the standard error of each journal that was left out: NULL-terminated messages. */
void commands_tell_left_out(char *const *left_out);

#endif
