#include "analysis/stats/mixed_system.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "analysis/stats/mixed_build.h"
#include "stimuli/base/error.h"

/* Lower triangle of A (m x m), factored in place; false where it is not positive definite. */
static bool small_cholesky(double *a, gsize q) {
  for (gsize j = 0; j < q; j++) {
    for (gsize k = 0; k < j; k++)
      for (gsize i = j; i < q; i++)
        a[j * q + i] -= a[k * q + i] * a[k * q + j];
    if (!(a[j * q + j] > 0))
      return false;
    double root = sqrt(a[j * q + j]);
    for (gsize i = j; i < q; i++)
      a[j * q + i] /= root;
  }
  return true;
}

void mixed_system_fill_t(const MixedSystem *system, const double *theta, gsize group, double *t) {
  gsize q = system->frame->groups[group].effects.n_columns;
  memset(t, 0, q * q * sizeof *t);
  for (gsize k = 0; k < system->n_parameters; k++)
    if (system->parameters[k].group == group)
      t[system->parameters[k].column * q + system->parameters[k].row] = theta[k];
}

void mixed_system_theta_to_data(const MixedSystem *system, double *theta) {
  for (gsize g = 0; g < system->frame->n_groups; g++) {
    gsize q = system->frame->groups[g].effects.n_columns;
    g_autofree double *t = g_new(double, q *q), *a = g_new(double, q *q);
    bool turned = false;
    for (gsize c = 0; c < q; c++)
      for (gsize j = 0; j < c; j++)
        turned = turned || system->units[g].r[c * q + j] != 0;
    mixed_system_fill_t(system, theta, g, t);
    mixed_units_to_data(&system->units[g], q, t, a);
    if (turned)
      mixed_units_triangle(q, a);
    for (gsize k = 0; k < system->n_parameters; k++)
      if (system->parameters[k].group == g)
        theta[k] = a[system->parameters[k].column * q + system->parameters[k].row];
  }
}

void mixed_system_theta_from_data(const MixedSystem *system, double *theta) {
  for (gsize k = 0; k < system->n_parameters; k++) {
    const MixedParameter *parameter = &system->parameters[k];
    theta[k] *= system->units[parameter->group].scale[parameter->row];
  }
}

/* L L' = T' own T + I of one level; gives log det. */
static bool factor_level(const double *own, const double *t, gsize q, double *product, double *l, double *log_det) {
  for (gsize j = 0; j < q; j++)
    for (gsize i = 0; i < q; i++) {
      double sum = 0; /* product = own T */
      for (gsize k = j; k < q; k++)
        sum += own[k * q + i] * t[j * q + k];
      product[j * q + i] = sum;
    }
  for (gsize j = 0; j < q; j++)
    for (gsize i = j; i < q; i++) {
      double sum = i == j ? 1 : 0;
      for (gsize k = i; k < q; k++)
        sum += t[i * q + k] * product[j * q + k];
      l[j * q + i] = sum;
    }
  if (!small_cholesky(l, q))
    return false;
  for (gsize j = 0; j < q; j++)
    *log_det += 2 * log(l[j * q + j]);
  return true;
}

/* out (q) = in (q) T L^-T, for one row of the cross-products. */
static void scale_row(const double *in, const double *t, const double *l, gsize q, double *out) {
  for (gsize j = 0; j < q; j++) {
    double sum = 0;
    for (gsize k = j; k < q; k++)
      sum += in[k] * t[j * q + k];
    for (gsize k = 0; k < j; k++)
      sum -= out[k] * l[k * q + j];
    out[j] = sum / l[j * q + j];
  }
}

static void subtract_sparse(MixedSystem *system, const guint32 *entry, gsize n_entries, gsize q) {
  const double *scaled = system->scaled;
  for (gsize a = 0; a < n_entries; a++) {
    double *column = system->schur + (gsize)entry[a] * system->size;
    if (q == 1) {
      double factor = scaled[a];
      for (gsize b = a; b < n_entries; b++)
        column[entry[b]] -= factor * scaled[b];
      continue;
    }
    for (gsize b = a; b < n_entries; b++) {
      double sum = 0;
      for (gsize k = 0; k < q; k++)
        sum += scaled[a * q + k] * scaled[b * q + k];
      column[entry[b]] -= sum;
    }
  }
}

static void subtract_panel(MixedSystem *system, gsize width) {
  if (width > 0)
    cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, (int)system->size, (int)width, -1, system->panel,
                (int)system->size, 1, system->schur, (int)system->size);
}

/* schur = rest less what the eliminated group explains. */
static bool eliminate(MixedSystem *system, const double *t) {
  const ModelGroup *group = &system->frame->groups[system->eliminated];
  gsize q = group->effects.n_columns, size = system->size, width = 0;
  g_autofree double *product = g_new(double, q *q), *l = g_new0(double, q *q);
  memcpy(system->schur, system->rest, size * size * sizeof(double));
  system->schur_logdet = 0;
  if (system->dense)
    memset(system->panel, 0, MIXED_PANEL * size * sizeof(double));
  for (gsize level = 0; level < group->n_levels; level++) {
    if (!factor_level(system->own + level * q * q, t, q, product, l, &system->schur_logdet))
      return false;
    const guint32 *entry = system->entry + system->start[level];
    const double *cross = system->cross + system->start[level] * q;
    gsize n_entries = system->start[level + 1] - system->start[level];
    if (system->dense && width + q > MIXED_PANEL) {
      subtract_panel(system, width);
      memset(system->panel, 0, width * size * sizeof(double));
      width = 0;
    }
    for (gsize e = 0; e < n_entries; e++)
      scale_row(cross + e * q, t, l, q, system->scaled + e * q);
    if (system->dense) {
      for (gsize e = 0; e < n_entries; e++)
        for (gsize k = 0; k < q; k++)
          system->panel[(width + k) * size + entry[e]] = system->scaled[e * q + k];
      width += q;
    } else {
      subtract_sparse(system, entry, n_entries, q);
    }
  }
  if (system->dense)
    subtract_panel(system, width);
  return true;
}

/* factor = L' schur L + I in the rows and columns of the other groups, L their block-diagonal T. */
static void apply_groups(MixedSystem *system, const double *theta) {
  gsize size = system->size;
  double *w = system->factor;
  memcpy(w, system->schur, size * size * sizeof(double));
  for (gsize g = 0; g < system->frame->n_groups; g++) {
    const ModelGroup *group = &system->frame->groups[g];
    gsize q = group->effects.n_columns;
    if (g == system->eliminated)
      continue;
    g_autofree double *t = g_new(double, q *q);
    mixed_system_fill_t(system, theta, g, t);
    for (gsize level = 0; level < group->n_levels; level++) {
      gsize first = system->offset[g] + level * q;
      for (gsize j = 0; j < q; j++) /* the upper half of a diagonal block, so that its columns are whole */
        for (gsize i = 0; i < j; i++)
          w[(first + j) * size + first + i] = w[(first + i) * size + first + j];
      for (gsize j = 0; j < q; j++) {
        double *column = w + (first + j) * size;
        cblas_dscal((int)(size - first), t[j * q + j], column + first, 1);
        for (gsize k = j + 1; k < q; k++)
          if (t[j * q + k] != 0)
            cblas_daxpy((int)(size - first), t[j * q + k], w + (first + k) * size + first, 1, column + first, 1);
      }
    }
    for (gsize column = 0; column < system->offset[g] + group->n_levels * q; column++) {
      /* Rows of this group at and below the diagonal block of the column. */
      gsize from = column < system->offset[g] ? 0 : (column - system->offset[g]) / q;
      for (gsize level = from; level < group->n_levels; level++) {
        double *rows = w + column * size + system->offset[g] + level * q;
        for (gsize i = 0; i < q; i++) {
          double sum = 0;
          for (gsize k = i; k < q; k++)
            sum += t[i * q + k] * rows[k];
          rows[i] = sum;
        }
      }
    }
  }
  for (gsize i = 0; i < system->m; i++)
    w[i * size + i] += 1;
}

bool mixed_system_evaluate(MixedSystem *system, const double *theta, MixedValues *values) {
  gsize size = system->size, m = system->m;
  *values = (MixedValues){0, 0, 0};
  if (system->frame->n_groups > 0) {
    gsize q = system->frame->groups[system->eliminated].effects.n_columns;
    g_autofree double *t = g_new(double, q *q);
    mixed_system_fill_t(system, theta, system->eliminated, t);
    if (memcmp(t, system->schur_theta, q * q * sizeof *t) != 0) {
      if (!eliminate(system, t)) {
        system->schur_theta[0] = NAN;
        return false;
      }
      memcpy(system->schur_theta, t, q * q * sizeof *t);
    }
    values->log_det = system->schur_logdet;
  }
  apply_groups(system, theta);
  double *w = system->factor;
  gsize leading = size - 1;
  if (leading > 0 && LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)leading, w, (lapack_int)size) != 0)
    return false;
  for (gsize i = 0; i < leading; i++)
    *(i < m ? &values->log_det : &values->log_det_fixed) += 2 * log(w[i * size + i]);
  /* The last row: L^-1 of the response's cross-products, and what is left of its sum of squares. */
  double *row = w + leading;
  if (leading > 0)
    cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, (int)leading, w, (int)size, row, (int)size);
  double explained = 0;
  for (gsize i = 0; i < leading; i++)
    explained += row[i * size] * row[i * size];
  values->rss = row[leading * size] - explained;
  /* Below the rounding of the subtraction the response is explained completely. */
  return isfinite(values->rss) && values->rss > 1e-13;
}

double mixed_system_deviance(const MixedSystem *system, const MixedValues *values, bool reml) {
  double df = (double)(reml ? system->n - system->rank : system->n);
  double deviance = values->log_det + df * (1 + log(2 * G_PI * values->rss * system->total_ss / df));
  if (!reml)
    return deviance;
  for (gsize j = 0; j < system->rank; j++)
    deviance += 2 * log(fabs(system->r[j * system->rank + j]));
  return deviance + values->log_det_fixed;
}

void mixed_system_coefficients(const MixedSystem *system, double *beta) {
  gsize size = system->size, rank = system->rank, m = system->m;
  const double *w = system->factor;
  /* gamma = L_XX^-T row_X in the basis Q; beta = R^-1 (gamma + Q'y). */
  for (gsize j = rank; j-- > 0;) {
    double sum = w[(m + j) * size + size - 1];
    for (gsize i = j + 1; i < rank; i++)
      sum -= w[(m + j) * size + m + i] * beta[i];
    beta[j] = sum / w[(m + j) * size + m + j];
  }
  for (gsize j = 0; j < rank; j++)
    beta[j] = beta[j] * sqrt(system->total_ss) + system->projection[j];
  for (gsize j = rank; j-- > 0;) {
    for (gsize i = j + 1; i < rank; i++)
      beta[j] -= system->r[i * rank + j] * beta[i];
    beta[j] /= system->r[j * rank + j];
  }
}

void mixed_system_covariance(const MixedSystem *system, double *covariance) {
  gsize size = system->size, rank = system->rank, m = system->m;
  const double *w = system->factor;
  /* (R' L L' R)^-1 = B'B with B = L^-1 R^-T: solve R' from the left, then L, column by column of the identity. */
  g_autofree double *b = g_new0(double, MAX(rank * rank, 1));
  for (gsize c = 0; c < rank; c++) {
    /* Column c of (R^-1)' L^-T is found as row: solve (L' R) x = e_c, x = R^-1 L^-T e_c. */
    double *x = b + c * rank;
    x[c] = 1;
    for (gsize j = rank; j-- > 0;) {
      for (gsize i = j + 1; i < rank; i++)
        x[j] -= w[(m + j) * size + m + i] * x[i];
      x[j] /= w[(m + j) * size + m + j];
    }
    for (gsize j = rank; j-- > 0;) {
      for (gsize i = j + 1; i < rank; i++)
        x[j] -= system->r[i * rank + j] * x[i];
      x[j] /= system->r[j * rank + j];
    }
  }
  for (gsize i = 0; i < rank; i++)
    for (gsize j = 0; j < rank; j++) {
      double sum = 0;
      for (gsize c = 0; c < rank; c++)
        sum += b[c * rank + i] * b[c * rank + j];
      covariance[i * rank + j] = sum;
    }
}
