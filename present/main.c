/* dreamrig-present: protocols in, sessions with participants out. */
#include <locale.h>
#include <signal.h>

#include "present/commands.h"

int main(int argc, char **argv) {
  setlocale(LC_CTYPE, "");  /* for file names and messages; numbers keep the C locale */
  signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then a failed write, which the journal reports */
  const Command commands[] = {command_validate, command_allocate, command_run,    command_simulate,
                              command_screens,  command_derive,   command_export, command_selftest};
  return command_main("dreamrig-present", "Runs participants, real and simulated, through a protocol.", commands,
                      G_N_ELEMENTS(commands), argc, argv);
}
