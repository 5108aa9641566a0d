/* The linear algebra of a linear mixed model: its profiled deviance at given variance parameters. For mixed.c.
 *
 * The model is y = X beta + sum_g Z_g b_g + e with b_g ~ N(0, sigma^2 T_g T_g') independently in each level of group g;
 * theta holds the lower triangles T_g column by column, block by block. The group with the most coefficients is
 * eliminated first: its part of Z'Z is block-diagonal, so that what is left is a dense system of the size of the other
 * groups, which LAPACK factors. The cost of an evaluation does not depend on the number of rows. Columns of Z and theta
 * are in units of the system's own (mixed_units.h), until mixed_system_theta_to_data.
 *
 * Source: Bates et al. 2015, doi:10.18637/jss.v067.i01, sections 3.1 to 3.4 (the deviance); the elimination by blocks
 * is the Schur complement of the crossed system. */
#ifndef DREAMRIG_STATS_MIXED_SYSTEM_H
#define DREAMRIG_STATS_MIXED_SYSTEM_H

#include "analysis/stats/mixed_units.h"

/* One entry of theta: T_group[row, column]. */
typedef struct {
  gsize group, row, column;
  double scale; /* the root mean sum of squares of a level's column: 1 / scale is the size at which theta matters */
} MixedParameter;

/* What does not depend on theta, and workspaces. One thread at a time. */
typedef struct {
  const ModelFrame *frame;
  MixedUnits *units;  /* (n_groups) */
  gsize n, rank;      /* rows; fixed effects that are not linear combinations of those before them */
  gsize *active;      /* (rank) their columns in the frame */
  double *r;          /* (rank, rank) upper triangle, column-major: X = QR */
  double *projection; /* (rank) Q'y */
  double *residual;   /* (n) y - QQ'y */
  double total_ss;    /* of residual */
  bool constant;      /* the fixed effects leave nothing of the response but rounding */
  /* The first random effect of whose levels the fixed effects leave nothing but rounding; group G_MAXSIZE: none. */
  gsize explained_group, explained_effect;
  gsize n_parameters;
  MixedParameter *parameters;
  gsize eliminated; /* index of the group; G_MAXSIZE without groups */
  gsize m;          /* coefficients of the other groups */
  gsize size;       /* m + rank + 1: those, fixed effects, response */
  gsize *offset;    /* (n_groups) first coefficient of a group among the m */
  /* Cross-products with the eliminated group, level by level: entries start[l]..start[l + 1] are the rows (of `size`)
   * that its level l meets, each with one value a column of the group. */
  double *own;         /* (n_levels, q, q) of the group with itself */
  gsize *start;        /* (n_levels + 1) */
  guint32 *entry;      /* (start[n_levels]) ascending within a level */
  double *cross;       /* (start[n_levels], q) */
  double *rest;        /* (size, size) lower triangle, column-major: cross-products of all else */
  double *schur;       /* (size, size) the same less the eliminated group, at schur_theta */
  double *factor;      /* (size, size) Cholesky factor of the last evaluation */
  double *panel;       /* (PANEL, size) workspace of dense elimination */
  double *scaled;      /* workspace of one level: (largest entries of a level, q) */
  double *schur_theta; /* (q, q) T of the eliminated group; NaN at first */
  double schur_logdet;
  bool dense; /* dense elimination is the faster one */
} MixedSystem;

/* Values of one evaluation. */
typedef struct {
  double log_det;       /* of L_theta^2, the random effects' system */
  double log_det_fixed; /* of R_X^2 */
  double rss;           /* penalised residual sum of squares, of the scaled response */
} MixedValues;

/* orthonormal: columns of correlated effects are, which the search for theta needs (mixed_units.h); without,
 * a row of theta is one effect's, up to its scale. The frame must outlive the system. Fails with RIG_ERROR_MEMORY, and
 * RIG_ERROR_INPUT where the groups but the largest have more than 20000 coefficients. Free with mixed_system_free. */
bool mixed_system_new(const ModelFrame *frame, bool orthonormal, MixedSystem **system, GError **error);
void mixed_system_free(MixedSystem *system);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MixedSystem, mixed_system_free)

/* T of a group, (q, q) column-major. */
void mixed_system_fill_t(const MixedSystem *system, const double *theta, gsize group, double *t);
/* theta (n_parameters) of the system in the units of the data, and the other way, of a system that is not orthonormal.
 */
void mixed_system_theta_to_data(const MixedSystem *system, double *theta);
void mixed_system_theta_from_data(const MixedSystem *system, double *theta);
/* False where the system is not positive definite to working precision. */
bool mixed_system_evaluate(MixedSystem *system, const double *theta, MixedValues *values);
/* -2 log-likelihood (restricted: reml) with beta and sigma profiled out. */
double mixed_system_deviance(const MixedSystem *system, const MixedValues *values, bool reml);
/* After an evaluation: beta (rank), in the units of the data. */
void mixed_system_coefficients(const MixedSystem *system, double *beta);
/* After an evaluation: covariance / sigma^2 of beta, (rank, rank) symmetric. */
void mixed_system_covariance(const MixedSystem *system, double *covariance);

#endif
