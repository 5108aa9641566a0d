/* dreamrig-analysis: images and ratings in, tables and a report out. */
#include "analysis/commands.h"

#include <locale.h>

int main(int argc, char **argv) {
  setlocale(LC_CTYPE, ""); /* for file names and messages; numbers keep the C locale */
  const Command commands[] = {command_features, command_import,     command_report, command_identify,
                              command_model,    command_regression, command_power};
  return command_main("dreamrig-analysis", "Measures images and analyses rating studies.", commands,
                      G_N_ELEMENTS(commands), argc, argv);
}
