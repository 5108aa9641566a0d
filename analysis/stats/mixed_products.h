/* The covariances of the rows that a mixed model's random effects make, as products of their columns.
 *
 * The columns z of a group's effects a and b add to the covariance of the rows a multiple of
 * D_ab = sum over levels l of (z_al z_bl' + z_bl z_al') / 2, z_al being z_a in the rows of l and zero elsewhere. What
 * variances and correlations the data can tell apart depends on these matrices alone; their inner products, the traces
 * of D_ab D_cd, need only the cross-products of the columns within levels. */
#ifndef DREAMRIG_STATS_MIXED_PRODUCTS_H
#define DREAMRIG_STATS_MIXED_PRODUCTS_H

#include "analysis/stats/mixed_system.h"

/* D_ab of the effects first <= second. */
typedef struct {
  gsize first, second;
} MixedPair;

/* Of columns a (p, n) and b (q, n): (n_levels, p, q) their cross-products within each level. Free with g_free; NULL
 * with RIG_ERROR_MEMORY. */
double *mixed_cross_products(const ModelGroup *group, gsize n, const double *a, gsize p, const double *b, gsize q,
                             GError **error);
/* The trace of D_ab D_cd, a and b of p effects over levels, c and d of q effects over levels within those; cross are
 * their cross-products in the finer levels. */
double mixed_product_trace(const double *cross, gsize n_levels, gsize p, gsize q, MixedPair ab, MixedPair cd);

/* Gram (k, k) symmetric, column-major, becomes the lower Cholesky factor of itself, each matrix divided by its size,
 * (k) sizes; the index of the first matrix that depends on those before it, k where none does. */
gsize mixed_products_factor(double *gram, gsize k, double *sizes);

/* Whether two groups have the same levels. */
bool mixed_same_levels(const ModelGroup *one, const ModelGroup *two, gsize n);
/* The first column after the block that begins at `first`; "(1 + x | participant)" of such a block. */
gsize mixed_block_end(const ModelGroup *group, gsize first);
char *mixed_block_name(const ModelGroup *group, gsize first);

/* Whether the data can tell the variances and correlations of all effects over the same levels, and the residual
 * variance, from each other: whether the D_ab and the identity are linearly independent. *fault: else, in a sentence,
 * which term cannot be told; NULL. Fails with RIG_ERROR_MEMORY. Free *fault with g_free. */
bool mixed_identified(const MixedSystem *system, char **fault, GError **error);

#endif
