#include "synth/commands.h"
#include "synth/net/plan.h"

int main(int argc, char **argv) {
  const Command commands[] = {command_layers,  command_probe,    command_dream, command_set,     command_sheet,
                              command_filters, command_patterns, command_train, command_accuracy};
  net_blas_init();
  return command_main("dreamrig-synth", "Dreams layer-specific stimulus sets from a convolutional network.", commands,
                      G_N_ELEMENTS(commands), argc, argv);
}
