/* Stopping cleanly: while a long job runs, SIGINT and SIGTERM only ask it to stop. */
#ifndef DREAMRIG_BASE_STOP_H
#define DREAMRIG_BASE_STOP_H

#include <signal.h>
#include <stdbool.h>

typedef struct {
  struct sigaction interrupt, terminate; /* what the signals did before */
} StopHandlers;

/* From here on the first SIGINT or SIGTERM is remembered, and a second one ends the process at once. */
void stop_begin(StopHandlers *old);
/* "SIGINT" or "SIGTERM" once one has come since stop_begin, else NULL. */
const char *stop_requested(void);
void stop_end(const StopHandlers *old);

#endif
