#include "stimuli/base/stop.h"

#include <glib.h>

/* A signal handler can reach nothing but a global. Atomic, because threads read it. */
static gint received_signal;

static void on_signal(int number) { g_atomic_int_set(&received_signal, number); }

void stop_begin(StopHandlers *old) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
  sigemptyset(&action.sa_mask);
  g_atomic_int_set(&received_signal, 0);
  sigaction(SIGINT, &action, &old->interrupt);
  sigaction(SIGTERM, &action, &old->terminate);
}

const char *stop_requested(void) {
  int number = g_atomic_int_get(&received_signal);
  return number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : NULL;
}

void stop_end(const StopHandlers *old) {
  sigaction(SIGINT, &old->interrupt, NULL);
  sigaction(SIGTERM, &old->terminate, NULL);
}
