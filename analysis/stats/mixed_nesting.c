#include "analysis/stats/mixed_nesting.h"

#include <cblas.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "analysis/stats/mixed_products.h"
#include "analysis/stats/regression.h"

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
      if (!makes_block(larger, group, from, mixed_block_end(group, from), &makes, error))
        return false;
      if (!makes)
        *lacking = mixed_block_name(group, from);
    }
  }
  return true;
}
