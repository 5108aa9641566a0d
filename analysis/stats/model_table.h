/* A fitted model as one tidy table and as text for a terminal. */
#ifndef DREAMRIG_STATS_MODEL_TABLE_H
#define DREAMRIG_STATS_MODEL_TABLE_H

#include "analysis/stats/mixed.h"
#include "analysis/stats/mixed_profile.h"
#include "analysis/stats/regression.h"

/* One likelihood-ratio test of the output. */
typedef struct {
  char *name; /* the term left out, or the formula compared with */
  MixedComparison comparison;
  bool random; /* of a variance, whose zero is the bound of what is possible */
  bool reml;   /* both fits are by REML, else by ML */
} ModelTest;

typedef struct {
  const char *formula;
  const ModelFrame *frame;
  const MixedModel *model;
  const Regression *regression; /* of a model without random terms; else NULL */
  const MixedProfile *profile;  /* of a model with random terms, where it was asked for; else NULL */
  const GArray *tests;          /* ModelTest */
  const char *const *notes;     /* NULL-terminated */
} ModelReport;

/* Intervals of variances and correlations are of the profile. The columns: part (fixed, variance, correlation, test,
 * fit, note), group, term, estimate, se, df, statistic, p, ci_low, ci_high, sd, share, standardised, vif, note. */
Table *model_table(const ModelReport *report);
/* Free with g_string_free. */
GString *model_text(const ModelReport *report);

#endif
