/* Power for a model that was fitted to data: new participants and new images with the fit's effects and variances, and
 * the predictors' values of the participants, images and trials of the data.
 *
 * A new participant has the properties of a random one of the data, a new image those of a random one of its layer;
 * what varies within both comes, all of a row together, from a random row. Random effects of all groups and slopes are
 * drawn anew, with their correlations. The formula that was fitted is then fitted to the new ratings.
 *
 * Source: Green & MacLeod 2016, doi:10.1111/2041-210X.12504; Kumle, Vo & Draschkow 2021,
 * doi:10.3758/s13428-021-01546-0. */
#ifndef DREAMRIG_STATS_POWER_STUDY_H
#define DREAMRIG_STATS_POWER_STUDY_H

#include "analysis/stats/mixed.h"
#include "analysis/stats/power.h"

typedef struct PowerStudy PowerStudy;

/* Fits the formula (by REML) to the table, whose columns `participant` and `image` must each group random effects and
 * be part of no effect; a further grouping variable that is a property of images is the layer. term: the coefficient
 * that is tested. Fails as model_frame_new and mixed_fit, and with RIG_ERROR_USAGE on a term or group that is not
 * there, and on a group that varies within participants and images. The formula is copied by its text. Free with
 * power_study_free. */
bool power_study_new(const char *formula, const Table *table, const char *term, const char *participant,
                     const char *image, PowerStudy **study, GError **error);
void power_study_free(PowerStudy *study);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PowerStudy, power_study_free)

/* What the ratings are made with, to be read and changed: the tested coefficient, in the units of the model; standard
 * deviations of the intercepts of participants, images and layers, of the tested predictor's slope between
 * participants, and of the residual. */
typedef enum { POWER_SD_PARTICIPANT, POWER_SD_IMAGE, POWER_SD_LAYER, POWER_SD_SLOPE, POWER_SD_RESIDUAL } PowerSd;
double power_study_effect(const PowerStudy *study);
void power_study_set_effect(PowerStudy *study, double effect);
/* NaN where the model has no such variance. */
double power_study_sd(const PowerStudy *study, PowerSd which);
/* False where the model has no such variance. Correlations with other effects of the group stay. */
bool power_study_set_sd(PowerStudy *study, PowerSd which, double sd);
/* Layers in the data; 0 without any. */
gsize power_study_layers(const PowerStudy *study);
/* char: what a reader must be told of the data's columns; the study's. */
const GPtrArray *power_study_notes(const PowerStudy *study);

/* As power_simulate. n_layers of the design counts only where the model has layers, and is then at least 1. */
bool power_study_simulate(const PowerStudy *study, const PowerDesign *design, Random *random, PowerOutcome *outcome,
                          GError **error);

#endif
