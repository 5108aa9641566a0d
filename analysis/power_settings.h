/* The options of dreamrig-analysis power, and the model that a fit gives. For command_power.c. */
#ifndef DREAMRIG_ANALYSIS_POWER_SETTINGS_H
#define DREAMRIG_ANALYSIS_POWER_SETTINGS_H

#include "analysis/stats/power_study.h"
#include "stimuli/base/command.h"

extern const char *const power_predictor_names[]; /* "image", "participant", "trial", NULL */

typedef struct {
  PowerStudy *study;    /* of --data; NULL: the model is given */
  char *term;           /* of --data */
  PowerModel model;     /* with --data its effect and standard deviations, NaN where it has none */
  PowerDesign design;   /* without the sizes */
  GArray *participants; /* gsize, ascending */
  GArray *images;       /* gsize, ascending */
  gsize n_simulations, n_workers;
  double alpha;
  guint64 seed;
  char *data, *out, *figure;
} PowerSettings;

/* Parses the options, and fits --formula to --data where they are given. False with error set, or with *asked_for_help
 * after --help. Clear with power_settings_clear in any case. */
bool power_settings_parse(const Command *command, int argc, char **argv, PowerSettings *settings, bool *asked_for_help,
                          GError **error);
void power_settings_clear(PowerSettings *settings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PowerSettings, power_settings_clear)

#endif
