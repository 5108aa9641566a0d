#include "analysis/stats/mixed_nesting.h"

#include <cblas.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "analysis/stats/mixed_products.h"
#include "analysis/stats/regression.h"

#define ROUNDING 1e-9 /* of a square */

/* An orthonormal basis of the space of some columns. */
typedef struct {
  gsize n, rank;
  double *q;    /* (rank, n) */
  double *left; /* (n) workspace */
} Basis;

static void basis_clear(Basis *basis) {
  g_free(basis->q);
  g_free(basis->left);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Basis, basis_clear)

/* Whether a column lies in the space; basis->left is what does not, and *length its norm. Projected twice, since what
 * is left may be small. */
static bool holds(const Basis *basis, const double *column, double *length) {
  int n = (int)basis->n;
  memcpy(basis->left, column, basis->n * sizeof *column);
  for (int pass = 0; pass < 2; pass++)
    for (gsize j = 0; j < basis->rank; j++) {
      const double *q = basis->q + j * basis->n;
      cblas_daxpy(n, -cblas_ddot(n, q, 1, basis->left, 1), q, 1, basis->left, 1);
    }
  *length = cblas_dnrm2(n, basis->left, 1);
  return !(*length > REGRESSION_TOLERANCE * cblas_dnrm2(n, column, 1));
}

static bool basis_build(const double *columns, gsize p, gsize n, Basis *basis, GError **error) {
  basis->n = n;
  if ((basis->q = memory_doubles(MAX(p, 1), n, error)) == NULL || (basis->left = memory_doubles(n, 1, error)) == NULL)
    return false;
  for (gsize c = 0; c < p && basis->rank < n; c++) {
    double length;
    if (!holds(basis, columns + c * n, &length))
      cblas_daxpy((int)n, 1 / length, basis->left, 1, basis->q + basis->rank++ * n, 1);
  }
  return true;
}

/* Whether one block of the frame's groups makes the columns of this one, over the same levels. */
static bool makes_block(const ModelFrame *frame, const ModelGroup *group, gsize first, gsize end, bool *makes,
                        GError **error) {
  *makes = false;
  for (gsize g = 0; g < frame->n_groups && !*makes; g++) {
    const ModelGroup *other = &frame->groups[g];
    if (!mixed_same_levels(other, group, frame->n))
      continue;
    for (gsize from = 0; from < other->effects.n_columns && !*makes; from = mixed_block_end(other, from)) {
      g_auto(Basis) basis = {0};
      if (!basis_build(other->effects.values + from * frame->n, mixed_block_end(other, from) - from, frame->n, &basis,
                       error))
        return false;
      double length;
      *makes = true;
      for (gsize c = first; c < end && *makes; c++)
        *makes = holds(&basis, group->effects.values + c * frame->n, &length);
    }
  }
  return true;
}

/* Whether the levels of `fine` lie within those of `coarse`. */
static bool lies_within(const ModelGroup *fine, const ModelGroup *coarse, gsize n) {
  for (gsize i = 0; i < n; i++)
    if (coarse->level[i] != coarse->level[fine->example[fine->level[i]]])
      return false;
  return true;
}

/* Whether some level's cross-products (q, q) have full rank. */
static bool has_full_level(const double *cross, gsize n_levels, gsize q) {
  g_autofree double *own = g_new(double, q *q), *sizes = g_new(double, q);
  for (gsize l = 0; l < n_levels; l++) {
    memcpy(own, cross + l * q * q, q * q * sizeof *own);
    if (mixed_products_factor(own, q, sizes) == q)
      return true;
  }
  return false;
}

static MixedPair *list_pairs(gsize q, gsize *n_pairs) {
  MixedPair *pairs = g_new(MixedPair, q * (q + 1) / 2);
  *n_pairs = 0;
  for (gsize b = 0; b < q; b++)
    for (gsize a = 0; a <= b; a++)
      pairs[(*n_pairs)++] = (MixedPair){a, b};
  return pairs;
}

/* Whether the covariances of the rows that a block over finer levels makes, all of them, are ones of a correlated block
 * over `coarse`, whose columns have this basis: whether each D of the finer one (mixed_products.h) is a sum of the
 * coarse one's. The sum's weights are then a covariance, as a level with independent columns shows: there the weights
 * are determined by a matrix that has no negative eigenvalue. */
static bool makes_covariances(const ModelGroup *coarse, const Basis *basis, const ModelGroup *fine, gsize first,
                              gsize end, bool *makes, GError **error) {
  gsize n = basis->n, p = basis->rank, q = end - first, k, n_wanted;
  const double *columns = fine->effects.values + first * n;
  g_autofree MixedPair *pairs = list_pairs(p, &k), *wanted = list_pairs(q, &n_wanted);
  g_autofree double *cross = mixed_cross_products(coarse, n, basis->q, p, basis->q, p, error), *between = NULL,
                    *own = NULL, *gram = NULL, *sizes = NULL;
  if (cross == NULL || (between = mixed_cross_products(fine, n, basis->q, p, columns, q, error)) == NULL ||
      (own = mixed_cross_products(fine, n, columns, q, columns, q, error)) == NULL ||
      (gram = memory_doubles(k, k, error)) == NULL || (sizes = memory_doubles(k, 1, error)) == NULL)
    return false;
  for (gsize j = 0; j < k; j++)
    for (gsize i = j; i < k; i++)
      gram[j * k + i] = mixed_product_trace(cross, coarse->n_levels, p, p, pairs[i], pairs[j]);
  *makes = mixed_products_factor(gram, k, sizes) == k && has_full_level(cross, coarse->n_levels, p);
  g_autofree double *projected = g_new(double, k);
  for (gsize w = 0; w < n_wanted && *makes; w++) {
    double square = mixed_product_trace(own, fine->n_levels, q, q, wanted[w], wanted[w]), left = square;
    for (gsize i = 0; i < k; i++)
      projected[i] = mixed_product_trace(between, fine->n_levels, p, q, pairs[i], wanted[w]) / sizes[i];
    cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, (int)k, gram, (int)k, projected, 1);
    for (gsize i = 0; i < k; i++)
      left -= projected[i] * projected[i];
    *makes = left <= ROUNDING * square;
  }
  return true;
}

/* Whether one block of the frame's groups over coarser levels makes the covariances of this one, as (g | p) those of
 * (1 | p:g). */
static bool makes_finer(const ModelFrame *frame, const ModelGroup *group, gsize first, gsize end, bool *makes,
                        GError **error) {
  *makes = false;
  for (gsize g = 0; g < frame->n_groups && !*makes; g++) {
    const ModelGroup *other = &frame->groups[g];
    if (!lies_within(group, other, frame->n))
      continue;
    for (gsize from = 0; from < other->effects.n_columns && !*makes; from = mixed_block_end(other, from)) {
      g_auto(Basis) basis = {0};
      if (!basis_build(other->effects.values + from * frame->n, mixed_block_end(other, from) - from, frame->n, &basis,
                       error) ||
          !makes_covariances(other, &basis, group, first, end, makes, error))
        return false;
    }
  }
  return true;
}

static char *term_name(const Formula *formula, gsize term) {
  return formula_term_name(formula, term == MODEL_NO_TERM ? 0 : g_array_index(formula->fixed.terms, guint64, term));
}

bool mixed_nesting(const Formula *formula, const ModelFrame *smaller, const ModelFrame *larger, char **lacking,
                   GError **error) {
  gsize n = smaller->n;
  g_assert(larger->n == n);
  g_auto(Basis) basis = {0};
  if (!basis_build(larger->fixed.values, larger->fixed.n_columns, n, &basis, error))
    return false;
  *lacking = NULL;
  for (gsize c = 0; c < smaller->fixed.n_columns && *lacking == NULL; c++) {
    double length;
    if (!holds(&basis, smaller->fixed.values + c * n, &length))
      *lacking = term_name(formula, smaller->fixed.terms[c]);
  }
  for (gsize g = 0; g < smaller->n_groups; g++) {
    const ModelGroup *group = &smaller->groups[g];
    for (gsize from = 0; from < group->effects.n_columns && *lacking == NULL; from = mixed_block_end(group, from)) {
      bool makes;
      gsize end = mixed_block_end(group, from);
      if (!makes_block(larger, group, from, end, &makes, error) ||
          (!makes && !makes_finer(larger, group, from, end, &makes, error)))
        return false;
      if (!makes)
        *lacking = mixed_block_name(group, from);
    }
  }
  return true;
}
