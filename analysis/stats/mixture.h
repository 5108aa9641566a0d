/* Gaussian mixtures of one or two variables by expectation and maximisation, and their choice by BIC: are there several
 * groups of raters?
 *
 * Source: Fraley & Raftery 2002, doi:10.1198/016214502760047131; Celeux & Govaert 1995,
 * doi:10.1016/0031-3203(94)00125-6 (the names of the covariance models, as in R's mclust). Of mclust's models those are
 * here whose maximisation has a closed form and no rotation in common. Starts are k-means++, the
 * neighbours of random cases, splits of the groups of
 * the fit with one group fewer, and fits of more restricted models, rather than hierarchical clustering. */
#ifndef DREAMRIG_STATS_MIXTURE_H
#define DREAMRIG_STATS_MIXTURE_H

#include <glib.h>
#include <stdbool.h>

#define MIXTURE_MAX_GROUPS 3
/* A group of several has at least this many members, and in every direction this share of the SD of all cases: the
 * likelihood of a group of a few close values has no bound. Fits that break this are not looked at (Hathaway 1985,
 * doi:10.1214/aos/1176349557, on such constraints). */
#define MIXTURE_LEAST_MEMBERS 5
#define MIXTURE_LEAST_SD 0.01

/* Covariances of the groups: E all the same, V each its own; II round, I along the axes, then of any shape. With one
 * variable there are E and V only (MIXTURE_EEE, MIXTURE_VVV). */
typedef enum {
  MIXTURE_EII,
  MIXTURE_VII,
  MIXTURE_EEI,
  MIXTURE_VVI,
  MIXTURE_EEE,
  MIXTURE_VVV,
  MIXTURE_MODELS,
} MixtureModel;

typedef struct {
  MixtureModel model;
  gsize n_variables, n_groups, n_parameters;
  bool defined; /* false: no start led to groups within these limits that fit as well as fewer; every number is NaN */
  double log_likelihood;
  double bic; /* 2 log L - parameters log n, as in mclust: the largest is best */
  /* Groups in order of the first variable's mean; covariance is (xx, xy, yy). */
  double weight[MIXTURE_MAX_GROUPS], mean[MIXTURE_MAX_GROUPS][2], covariance[MIXTURE_MAX_GROUPS][3];
} MixtureFit;

/* "EII"..., with one variable "E" and "V". */
const char *mixture_model_name(const MixtureFit *fit);

/* Fits all models of 1..MIXTURE_MAX_GROUPS groups, each at least as likely as those that it holds, to the (n) values x,
 * or pairs x, y (y NULL: one variable), without NaN; *best is the index of the largest BIC, n_fits where none is
 * defined (of equal ones the first). None is where the values do not vary, or where one variable follows from the other
 * (what is left of it is within MIXTURE_LEAST_SD): the likelihood of one group along a line has no bound, so that there
 * is nothing to compare to. fits has room for MIXTURE_MAX_FITS. Each is the best of several starts, the random
 * ones from random_init_stream(seed, "mixture G MODEL"). Fails with RIG_ERROR_MEMORY only. */
#define MIXTURE_MAX_FITS (MIXTURE_MODELS * MIXTURE_MAX_GROUPS)
bool mixture_choose(const double *x, const double *y, gsize n, guint64 seed, MixtureFit *fits, gsize *n_fits,
                    gsize *best, GError **error);

#endif
