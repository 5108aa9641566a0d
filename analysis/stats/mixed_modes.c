#include "analysis/stats/mixed_modes.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "analysis/stats/mixed_system.h"
#include "stimuli/base/error.h"

/* The evaluated system with what is solved from it; m and size as there. */
typedef struct {
  const MixedSystem *system;
  const MixedModel *model;
  double *solution; /* (size) u of the other groups, then the basis's coefficients, of the scaled response */
  double *inverse;  /* (m, m) lower triangle: the spherical effects' conditional covariance / sigma^2 */
  double scale;     /* of the response */
} Solver;

static void solver_clear(Solver *solver) {
  g_free(solver->solution);
  g_free(solver->inverse);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Solver, solver_clear)

static bool unsolvable(GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "the random effects cannot be solved for at the fitted variances");
  return false;
}

static double symmetric(const Solver *solver, gsize i, gsize j) {
  return solver->inverse[MIN(i, j) * solver->system->m + MAX(i, j)];
}

static bool solve(Solver *solver, GError **error) {
  const MixedSystem *system = solver->system;
  gsize m = system->m, size = system->size;
  const double *w = system->factor;
  if ((solver->solution = memory_doubles(size, 1, error)) == NULL ||
      (solver->inverse = memory_doubles(MAX(m, 1), MAX(m, 1), error)) == NULL)
    return false;
  /* The factor's last row is L^-1 of the response's cross-products. */
  for (gsize i = 0; i + 1 < size; i++)
    solver->solution[i] = w[i * size + size - 1];
  if (size > 1)
    cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, (int)(size - 1), w, (int)size, solver->solution,
                1);
  for (gsize c = 0; c < m; c++)
    memcpy(solver->inverse + c * m + c, w + c * size + c, (m - c) * sizeof(double));
  if (m > 0 && LAPACKE_dpotri(LAPACK_COL_MAJOR, 'L', (lapack_int)m, solver->inverse, (lapack_int)m) != 0)
    return unsolvable(error);
  return true;
}

/* out (q) = T in, T (q, q) column-major and lower triangular. */
static void apply_t(const double *t, gsize q, const double *in, double *out) {
  for (gsize i = 0; i < q; i++) {
    out[i] = 0;
    for (gsize j = 0; j <= i; j++)
      out[i] += t[j * q + i] * in[j];
  }
}

/* The standard deviations of T u for the covariance / sigma^2 of u (q, q). */
static void deviations(const double *t, gsize q, const double *covariance, double sigma, double *sd) {
  for (gsize i = 0; i < q; i++) {
    double sum = 0;
    for (gsize j = 0; j <= i; j++)
      for (gsize k = 0; k <= i; k++)
        sum += t[j * q + i] * covariance[j * q + k] * t[k * q + i];
    sd[i] = sigma * sqrt(fmax(0, sum));
  }
}

static bool fill_other(const Solver *solver, gsize g, const double *t, MixedGroupModes *modes, GError **error) {
  const MixedSystem *system = solver->system;
  const ModelGroup *group = &system->frame->groups[g];
  gsize q = group->effects.n_columns;
  g_autofree double *covariance = memory_doubles(q, q, error);
  if (covariance == NULL)
    return false;
  for (gsize level = 0; level < group->n_levels; level++) {
    gsize first = system->offset[g] + level * q;
    apply_t(t, q, solver->solution + first, modes->modes + level * q);
    for (gsize i = 0; i < q; i++) {
      modes->modes[level * q + i] *= solver->scale;
      for (gsize j = 0; j < q; j++)
        covariance[i * q + j] = symmetric(solver, first + i, first + j);
    }
    deviations(t, q, covariance, solver->model->sigma, modes->sd + level * q);
  }
  return true;
}

/* The relative covariance factors: t[g] is group g's (q, q), column-major; group_of tells it of each of the others' m
 * coefficients. */
typedef struct {
  double **t;
  gsize *group_of;
} Lambdas;

/* One level of the eliminated group, and workspaces. rows: Lambda' Z_m' Z_e T, of which n_listed rows are not zero. */
typedef struct {
  double *inverse; /* (q, q) of T' own T + I */
  double *right;   /* (q) Z_e' (y - all else) */
  double *rows;    /* (m, q) */
  gsize *listed;   /* (n_listed) ascending */
  gsize n_listed;
  double *product;    /* (q, q) */
  double *covariance; /* (q, q) */
  double *u;          /* (2, q) */
} Level;

static void level_clear(Level *level) {
  g_free(level->inverse);
  g_free(level->right);
  g_free(level->rows);
  g_free(level->listed);
  g_free(level->product);
  g_free(level->covariance);
  g_free(level->u);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Level, level_clear)

static bool level_allocate(Level *level, gsize m, gsize q, GError **error) {
  return (level->inverse = memory_doubles(q, q, error)) != NULL &&
         (level->right = memory_doubles(q, 1, error)) != NULL &&
         (level->rows = memory_doubles(MAX(m, 1), q, error)) != NULL &&
         (level->listed = memory_items(m, sizeof(gsize), error)) != NULL &&
         (level->product = memory_doubles(q, q, error)) != NULL &&
         (level->covariance = memory_doubles(q, q, error)) != NULL && (level->u = memory_doubles(2, q, error)) != NULL;
}

/* T' own T + I, inverted. */
static bool invert_own(const double *own, const double *t, gsize q, double *out) {
  for (gsize i = 0; i < q; i++)
    for (gsize j = 0; j < q; j++) {
      double sum = i == j ? 1 : 0;
      for (gsize a = i; a < q; a++)
        for (gsize b = j; b < q; b++)
          sum += t[i * q + a] * own[a * q + b] * t[j * q + b];
      out[j * q + i] = sum;
    }
  if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', (lapack_int)q, out, (lapack_int)q) != 0 ||
      LAPACKE_dpotri(LAPACK_COL_MAJOR, 'L', (lapack_int)q, out, (lapack_int)q) != 0)
    return false;
  for (gsize j = 0; j < q; j++)
    for (gsize i = 0; i < j; i++)
      out[j * q + i] = out[i * q + j];
  return true;
}

/* b = Lambda u of one coefficient of the other groups. */
static double other_mode(const Solver *solver, const Lambdas *lambdas, gsize index) {
  gsize g = lambdas->group_of[index], q = solver->system->frame->groups[g].effects.n_columns;
  gsize within = (index - solver->system->offset[g]) % q, first = index - within;
  double sum = 0;
  for (gsize j = 0; j <= within; j++)
    sum += lambdas->t[g][j * q + within] * solver->solution[first + j];
  return sum;
}

/* Row `index` of Z_m' Z_e T goes, by Lambda', into each row up to it of its own block. */
static void add_row(const Solver *solver, const Lambdas *lambdas, gsize index, const double *cross, gsize q,
                    const double *t, Level *level) {
  gsize g = lambdas->group_of[index], width = solver->system->frame->groups[g].effects.n_columns;
  gsize within = (index - solver->system->offset[g]) % width, first = index - within;
  for (gsize j = 0; j < width; j++) {
    double *row = level->rows + (first + j) * q;
    if (level->n_listed == 0 || level->listed[level->n_listed - 1] < first + j) {
      memset(row, 0, q * sizeof(double));
      level->listed[level->n_listed++] = first + j;
    }
    for (gsize c = 0; j <= within && c < q; c++)
      for (gsize a = c; a < q; a++)
        row[c] += lambdas->t[g][j * width + within] * cross[a] * t[c * q + a];
  }
}

static void gather_level(const Solver *solver, const Lambdas *lambdas, gsize l, gsize q, const double *t,
                         Level *level) {
  const MixedSystem *system = solver->system;
  level->n_listed = 0;
  memset(level->right, 0, q * sizeof(double));
  for (gsize k = system->start[l]; k < system->start[l + 1]; k++) {
    gsize index = system->entry[k];
    const double *cross = system->cross + k * q;
    double coefficient = index < system->m          ? -other_mode(solver, lambdas, index)
                         : index + 1 < system->size ? -solver->solution[index]
                                                    : 1;
    for (gsize c = 0; c < q; c++)
      level->right[c] += coefficient * cross[c];
    if (index < system->m)
      add_row(solver, lambdas, index, cross, q, t, level);
  }
}

/* inverse + inverse (rows' S^-1 rows) inverse, S^-1 the others' covariance. */
static void fill_covariance(const Solver *solver, gsize q, Level *level) {
  memset(level->product, 0, q * q * sizeof(double));
  for (gsize a = 0; a < level->n_listed; a++)
    for (gsize b = 0; b < level->n_listed; b++) {
      double s = symmetric(solver, level->listed[a], level->listed[b]);
      for (gsize i = 0; i < q; i++)
        for (gsize j = 0; j < q; j++)
          level->product[i * q + j] +=
              level->rows[level->listed[a] * q + i] * s * level->rows[level->listed[b] * q + j];
    }
  for (gsize i = 0; i < q; i++)
    for (gsize j = 0; j < q; j++) {
      double sum = level->inverse[i * q + j];
      for (gsize a = 0; a < q; a++)
        for (gsize b = 0; b < q; b++)
          sum += level->inverse[i * q + a] * level->product[a * q + b] * level->inverse[b * q + j];
      level->covariance[i * q + j] = sum;
    }
}

static bool fill_eliminated(const Solver *solver, const Lambdas *lambdas, MixedGroupModes *modes, GError **error) {
  const MixedSystem *system = solver->system;
  gsize e = system->eliminated, q = system->frame->groups[e].effects.n_columns;
  const double *t = lambdas->t[e];
  g_auto(Level) level = {0};
  if (!level_allocate(&level, system->m, q, error))
    return false;
  for (gsize l = 0; l < system->frame->groups[e].n_levels; l++) {
    double *turned = level.u, *u = level.u + q;
    if (!invert_own(system->own + l * q * q, t, q, level.inverse))
      return unsolvable(error);
    gather_level(solver, lambdas, l, q, t, &level);
    memset(level.u, 0, 2 * q * sizeof(double));
    for (gsize c = 0; c < q; c++)
      for (gsize a = c; a < q; a++)
        turned[c] += t[c * q + a] * level.right[a];
    for (gsize i = 0; i < q; i++)
      for (gsize j = 0; j < q; j++)
        u[i] += level.inverse[j * q + i] * turned[j];
    apply_t(t, q, u, modes->modes + l * q);
    for (gsize i = 0; i < q; i++)
      modes->modes[l * q + i] *= solver->scale;
    fill_covariance(solver, q, &level);
    deviations(t, q, level.covariance, solver->model->sigma, modes->sd + l * q);
  }
  return true;
}

static void fill_fitted(const ModelFrame *frame, const MixedModel *model, MixedModes *modes) {
  for (gsize c = 0; c < model->n_fixed; c++)
    if (!model->fixed[c].aliased)
      cblas_daxpy((int)frame->n, model->fixed[c].beta, frame->fixed.values + c * frame->n, 1, modes->fitted, 1);
  for (gsize g = 0; g < frame->n_groups; g++) {
    const ModelGroup *group = &frame->groups[g];
    gsize q = group->effects.n_columns;
    for (gsize i = 0; i < frame->n; i++)
      for (gsize c = 0; c < q; c++)
        modes->fitted[i] += group->effects.values[c * frame->n + i] * modes->groups[g].modes[group->level[i] * q + c];
  }
}

static void lambdas_clear(Lambdas *lambdas, gsize n_groups) {
  for (gsize g = 0; lambdas->t != NULL && g < n_groups; g++)
    g_free(lambdas->t[g]);
  g_free(lambdas->t);
  g_free(lambdas->group_of);
}

static bool fill_lambdas(const MixedSystem *system, const double *theta, Lambdas *lambdas, GError **error) {
  const ModelFrame *frame = system->frame;
  lambdas->t = g_new0(double *, MAX(frame->n_groups, 1));
  if ((lambdas->group_of = memory_items(system->m, sizeof(gsize), error)) == NULL)
    return false;
  for (gsize g = 0; g < frame->n_groups; g++) {
    gsize q = frame->groups[g].effects.n_columns;
    lambdas->t[g] = g_new0(double, q *q);
    for (gsize k = 0; g != system->eliminated && k < q * frame->groups[g].n_levels; k++)
      lambdas->group_of[system->offset[g] + k] = g;
  }
  for (gsize k = 0; k < system->n_parameters; k++) {
    const MixedParameter *parameter = &system->parameters[k];
    gsize q = frame->groups[parameter->group].effects.n_columns;
    lambdas->t[parameter->group][parameter->column * q + parameter->row] = theta[k];
  }
  return true;
}

static bool fill(const Solver *solver, const Lambdas *lambdas, MixedModes *modes, GError **error) {
  const ModelFrame *frame = solver->system->frame;
  for (gsize g = 0; g < frame->n_groups; g++) {
    gsize n = frame->groups[g].n_levels, q = frame->groups[g].effects.n_columns;
    if ((modes->groups[g].modes = memory_doubles(n, q, error)) == NULL ||
        (modes->groups[g].sd = memory_doubles(n, q, error)) == NULL ||
        !(g == solver->system->eliminated ? fill_eliminated(solver, lambdas, &modes->groups[g], error)
                                          : fill_other(solver, g, lambdas->t[g], &modes->groups[g], error)))
      return false;
    for (gsize e = 0; e < n * q; e++) {
      modes->groups[g].modes[e] /= solver->system->units[g].scale[e % q];
      modes->groups[g].sd[e] /= solver->system->units[g].scale[e % q];
    }
  }
  fill_fitted(frame, solver->model, modes);
  return true;
}

bool mixed_modes(const ModelFrame *frame, const MixedModel *model, MixedModes **modes, GError **error) {
  g_autoptr(MixedSystem) system = NULL;
  g_autoptr(MixedModes) made = g_new0(MixedModes, 1);
  MixedValues values;
  made->n_groups = frame->n_groups;
  made->groups = g_new0(MixedGroupModes, MAX(frame->n_groups, 1));
  if ((made->fitted = memory_doubles(frame->n, 1, error)) == NULL || !mixed_system_new(frame, false, &system, error))
    return false;
  g_autofree double *theta = g_memdup2(model->theta, MAX(model->n_theta, 1) * sizeof *theta);
  mixed_system_theta_from_data(system, theta);
  if (!mixed_system_evaluate(system, theta, &values))
    return unsolvable(error);
  g_auto(Solver) solver = {.system = system, .model = model, .scale = sqrt(system->total_ss)};
  Lambdas lambdas = {NULL, NULL};
  bool filled =
      solve(&solver, error) && fill_lambdas(system, theta, &lambdas, error) && fill(&solver, &lambdas, made, error);
  lambdas_clear(&lambdas, frame->n_groups);
  if (!filled)
    return false;
  *modes = g_steal_pointer(&made);
  return true;
}

void mixed_modes_free(MixedModes *modes) {
  if (modes == NULL)
    return;
  for (gsize g = 0; g < modes->n_groups; g++) {
    g_free(modes->groups[g].modes);
    g_free(modes->groups[g].sd);
  }
  g_free(modes->groups);
  g_free(modes->fitted);
  g_free(modes);
}
