/* What a study to simulate is made of: for power_study.c, which reads it from a fit, and power_study_simulate.c. */
#ifndef DREAMRIG_STATS_POWER_STUDY_PRIVATE_H
#define DREAMRIG_STATS_POWER_STUDY_PRIVATE_H

#include "analysis/stats/power_study.h"

/* Whose property a variable is. */
typedef enum { OF_IMAGE, OF_PARTICIPANT, OF_TRIAL } Owner;

/* The rows of the data that new levels are copied from. */
typedef struct {
  gsize *row; /* (n) one of each level */
  gsize n;
} Donors;

struct PowerStudy {
  Formula *formula;
  ModelVariables *variables;
  MixedModel *fit; /* its covariances and sigma are those simulated */
  double *beta;    /* (n_fixed) 0 where aliased */
  gsize term;      /* column of the fixed effects */
  gsize n_variables;
  Owner *owner;                    /* (n_variables) */
  gsize participant, image, layer; /* variables; layer: G_MAXSIZE without one */
  Donors participants, images;     /* images sorted by layer */
  gsize *first_image;              /* (n_layers + 1); one layer where there is none */
  gsize n_layers;
};

#endif
