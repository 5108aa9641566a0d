/* The one error domain of the project.
 *
 * A message is one line that names the file, line or field and what was expected. Programs print it as
 * "PROGRAM: MESSAGE" and exit with the status that command.h derives from the code. */
#ifndef DREAMRIG_BASE_ERROR_H
#define DREAMRIG_BASE_ERROR_H

#include <glib.h>

#define RIG_ERROR (rig_error_quark())

typedef enum {
  RIG_ERROR_USAGE,  /* the command line is wrong: exit status 2 */
  RIG_ERROR_INPUT,  /* a file or a value from the user is missing, malformed or out of range */
  RIG_ERROR_OUTPUT, /* a file could not be written */
  RIG_ERROR_MEMORY, /* an input-sized allocation failed or would overflow */
  RIG_ERROR_STATE,  /* the wanted step is not possible now: locked, stopped, aborted by the participant */
} RigErrorCode;

GQuark rig_error_quark(void);

/* A message as one line that a terminal can show: control characters, which values in files may bring, as escapes like
 * \n and \x1b. Free with g_free. */
char *rig_one_line(const char *message);

/* Lets the message end with `text`: what a caller knows of the way out. */
void rig_suffix_error(GError *error, const char *text);

#endif
