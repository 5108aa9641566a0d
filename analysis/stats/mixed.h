/* Linear mixed models by maximum likelihood or restricted maximum likelihood (REML), as R's lme4 fits them, with tests
 * of the fixed effects by Satterthwaite's degrees of freedom, as lmerTest has them.
 *
 * The profiled deviance is minimised over the relative covariance factors by BOBYQA (NLopt), from several starts where
 * effects correlate. Without random terms the fit is ordinary least squares, with exact degrees of freedom.
 *
 * Source: Bates et al. 2015, doi:10.18637/jss.v067.i01; Kuznetsova et al. 2017, doi:10.18637/jss.v082.i13; Nakagawa,
 * Johnson & Schielzeth 2017, doi:10.1098/rsif.2017.0213 (R2, with random slopes by Johnson 2014). */
#ifndef DREAMRIG_STATS_MIXED_H
#define DREAMRIG_STATS_MIXED_H

#include "analysis/stats/model_frame.h"

/* A standard deviation relative to sigma, of a column of unit size, below this counts as zero: as lme4's isSingular,
 * which has it of the columns as they are. */
#define MIXED_SINGULAR 1e-4

typedef struct {
  bool ml;           /* maximum likelihood rather than REML */
  bool no_inference; /* leave out df, p and intervals, which cost as much again as the fit */
  double confidence; /* of the intervals; 0: 0.95 */
} MixedOptions;

/* A column of the fixed effects. */
typedef struct {
  char *name;
  bool aliased; /* a linear combination of the columns before it: left out, every number NaN */
  double beta, se;
  double df, t, p;        /* p two-tailed */
  double ci_low, ci_high; /* beta -+ t quantile * se */
} MixedCoefficient;

typedef struct {
  char *name;
  gsize n_levels, n_effects;
  char **effects;     /* (n_effects + 1) NULL-terminated */
  double *covariance; /* (n_effects, n_effects) of the random effects, in squared units of the response */
  gsize *block;       /* (n_effects) effects of different blocks have no correlation */
  double *scale;      /* (n_effects) the size of each one's column, less what those before it in its block make of it:
                       * sqrt(covariance) times it is in the response's units */
  bool singular;      /* not of full rank, up to MIXED_SINGULAR, whatever the columns' units and origins */
  double variance;    /* mean over the rows of z' covariance z: the share of the response's variance it accounts for */
} MixedGroup;

typedef struct {
  bool reml;
  gsize n, n_fixed, rank;  /* rows; columns of the fixed effects; those not aliased */
  MixedCoefficient *fixed; /* (n_fixed) */
  double *vcov;            /* (rank, rank) covariance of the coefficients that are not aliased, in their order */
  gsize n_groups;
  MixedGroup *groups;    /* (n_groups) */
  double sigma;          /* residual standard deviation */
  double variance_fixed; /* of X beta over the rows */
  double r2_marginal, r2_conditional;
  double deviance;    /* -2 log-likelihood, or the REML criterion */
  double aic, bic;    /* as R's for the same fit */
  gsize n_parameters; /* rank, variances and covariances, sigma */
  gsize n_theta;
  double *theta; /* (n_theta) the relative covariance factors, as lme4's */
  gsize n_evaluations;
  bool converged; /* the optimiser ended by its tolerances at a point that is a minimum */
  bool singular;  /* any group is */
  char *status;   /* "converged", or in words why not */
} MixedModel;

/* Fits the frame's model. Fails with RIG_ERROR_INPUT on a group of one level, on a term with as many effects as rows,
 * on a response, or levels of a random effect, that the fixed effects explain completely (as a constant response), on
 * no residual degrees of freedom; with RIG_ERROR_MEMORY. Not converging is no failure: see `converged`. Free with
 * mixed_free. */
bool mixed_fit(const ModelFrame *frame, const MixedOptions *options, MixedModel **model, GError **error);
void mixed_free(MixedModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MixedModel, mixed_free)

/* A likelihood-ratio test of two fits of the same rows, one's model inside the other's (mixed_nesting.h). With fixed
 * effects that differ both must be ML fits. */
typedef struct {
  double chi2, df, p; /* NaN without a difference in parameters; chi2 and p also where it is contradictory */
  bool contradictory; /* the larger model has the lower likelihood: a search did not find the maximum */
} MixedComparison;
MixedComparison mixed_compare(const MixedModel *smaller, const MixedModel *larger);

/* What a reader must be told of the fit in plain words, a sentence or two an entry, NULL-terminated: singular terms,
 * groups of few levels, columns left out, no convergence. Free with g_strfreev. */
char **mixed_notes(const MixedModel *model);

#endif
