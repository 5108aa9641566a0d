#include "protocols/allocation_run_table.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"

#define MAX_STEPS 4e8 /* of filling the table */

/* What is known after some of the types: by runs, then by gaps between two runs of a type, which must still be filled.
 */
typedef struct {
  gsize max_runs, max_gaps;
  long double *counts; /* (max_runs + 1) by (max_gaps + 1), scaled by a factor of the stage's */
} Stage;

struct RunTable {
  gsize n_types, n, max_run;
  gsize *types;          /* the frequent ones first, so that few gaps stay open; without those of no item */
  gsize *counts;         /* in that order */
  Stage *stages;         /* n_types + 1 */
  long double *binomial; /* (n + 2) by (n + 2) */
  long double **cuts;    /* of each type: (count + 1) by (count + 1), the ways to cut so many items into so many runs */
  double log_scale;
};

static long double at(const Stage *stage, gsize runs, gsize gaps) {
  return runs <= stage->max_runs && gaps <= stage->max_gaps ? stage->counts[runs * (stage->max_gaps + 1) + gaps] : 0;
}

static long double choose(const RunTable *table, gsize n, gsize k) {
  return k <= n ? table->binomial[n * (table->n + 2) + k] : 0;
}

static void fill_binomials(RunTable *table) {
  gsize side = table->n + 2;
  for (gsize n = 0; n < side; n++)
    for (gsize k = 0; k <= n; k++)
      table->binomial[n * side + k] =
          k == 0 || k == n ? 1 : table->binomial[(n - 1) * side + k - 1] + table->binomial[(n - 1) * side + k];
}

/* cuts[items][runs]: compositions with parts 1..max_run. */
static long double *make_cuts(gsize count, gsize max_run) {
  gsize side = count + 1;
  long double *cuts = g_new0(long double, side *side);
  cuts[0] = 1;
  for (gsize items = 1; items <= count; items++)
    for (gsize runs = 1; runs <= items; runs++)
      for (gsize part = 1; part <= MIN(items, max_run); part++)
        cuts[items * side + runs] += cuts[(items - part) * side + runs - 1];
  return cuts;
}

/* The ways to put `runs` runs in, in `groups` groups of neighbours, of which `filled` go into open gaps: how the items
 * are cut, how the runs are grouped, and where the groups go. */
static long double ways_to_group(const RunTable *table, gsize type, gsize runs, gsize groups) {
  gsize count = table->counts[type];
  return table->cuts[type][count * (count + 1) + runs] * choose(table, runs - 1, groups - 1);
}

static long double ways_to_place(const RunTable *table, gsize runs, gsize gaps, gsize groups, gsize filled) {
  return choose(table, gaps, filled) * choose(table, runs + 1 - gaps, groups - filled);
}

/* The stage after `type` from the one before it. placed[open][groups] collects, for one number of runs, what the
 * groups' places leave open. */
static void make_stage(const RunTable *table, gsize type, long double *placed) {
  const Stage *before = &table->stages[type];
  Stage *after = &table->stages[type + 1];
  gsize count = table->counts[type], fewest = (count + table->max_run - 1) / table->max_run, side = count + 1;
  for (gsize runs = 0; runs <= before->max_runs; runs++) {
    memset(placed, 0, (before->max_gaps + 1) * side * sizeof *placed);
    for (gsize gaps = 0; gaps <= before->max_gaps; gaps++) {
      long double so_far = at(before, runs, gaps);
      for (gsize filled = 0; so_far > 0 && filled <= MIN(gaps, count); filled++)
        for (gsize groups = MAX(filled, 1); groups <= MIN(count, filled + runs + 1 - gaps); groups++)
          placed[(gaps - filled) * side + groups] += so_far * ways_to_place(table, runs, gaps, groups, filled);
    }
    for (gsize open = 0; open <= before->max_gaps; open++)
      for (gsize groups = 1; groups <= count; groups++) {
        long double so_far = placed[open * side + groups];
        for (gsize more = MAX(groups, fewest); so_far > 0 && more <= count; more++)
          if (open + more - groups <= after->max_gaps)
            after->counts[(runs + more) * (after->max_gaps + 1) + open + more - groups] +=
                so_far * ways_to_group(table, type, more, groups);
      }
  }
}

/* Divides a stage by its largest count: only ratios within a stage matter, and the range of numbers is finite. */
static void scale_stage(RunTable *table, Stage *stage) {
  long double largest = 0;
  gsize n = (stage->max_runs + 1) * (stage->max_gaps + 1);
  for (gsize i = 0; i < n; i++)
    largest = fmaxl(largest, stage->counts[i]);
  for (gsize i = 0; i < n; i++)
    stage->counts[i] /= largest;
  /* cppcheck-suppress invalidFunctionArg ; some sequence is possible, so that a count is positive */
  table->log_scale += (double)logl(largest);
}

static void sort_types(RunTable *table, const gsize *counts, gsize n_types) {
  for (gsize type = 0; type < n_types; type++) {
    if (counts[type] == 0)
      continue;
    gsize place = table->n_types++;
    for (; place > 0 && counts[type] > table->counts[place - 1]; place--) {
      table->counts[place] = table->counts[place - 1];
      table->types[place] = table->types[place - 1];
    }
    table->counts[place] = counts[type];
    table->types[place] = type;
    table->n += counts[type];
  }
}

/* The extent of every stage; returns about how many steps filling them all takes. */
static double plan_stages(RunTable *table) {
  gsize placed = 0;
  double steps = 0;
  for (gsize type = 0; type <= table->n_types; type++) {
    Stage *stage = &table->stages[type];
    stage->max_runs = placed;
    stage->max_gaps = MIN(placed, table->n - placed);
    if (type < table->n_types) {
      double count = (double)table->counts[type], fewest = ceil(count / (double)table->max_run);
      steps += (double)(stage->max_runs + 1) * (double)(stage->max_gaps + 1) * count *
               (fmin(count, (double)stage->max_gaps) + count - fewest + 1);
      placed += table->counts[type];
    }
  }
  return steps + (double)table->n * (double)table->n;
}

bool run_table_new(const gsize *counts, gsize n_types, gsize max_run, RunTable **table, GError **error) {
  g_assert(max_run >= 1);
  g_autoptr(RunTable) made = g_new0(RunTable, 1);
  made->types = g_new0(gsize, n_types + 1);
  made->counts = g_new0(gsize, n_types + 1);
  made->max_run = max_run;
  sort_types(made, counts, n_types);
  made->stages = g_new0(Stage, made->n_types + 1);
  made->cuts = g_new0(long double *, made->n_types + 1);
  if (plan_stages(made) > MAX_STEPS) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "orders of %zu items with at most %zu of a type in a row are too rare to be met by shuffling and too "
                "many to be counted; allow longer runs",
                made->n, max_run);
    return false;
  }
  made->binomial = g_new0(long double, (made->n + 2) * (made->n + 2));
  fill_binomials(made);
  gsize widest = 0;
  for (gsize i = 0; i <= made->n_types; i++) {
    made->stages[i].counts = g_new0(long double, (made->stages[i].max_runs + 1) * (made->stages[i].max_gaps + 1));
    widest = MAX(widest, made->stages[i].max_gaps + 1);
  }
  g_autofree long double *placed = g_new(long double, widest *(made->n_types > 0 ? made->counts[0] + 1 : 1));
  made->stages[0].counts[0] = 1;
  for (gsize i = 0; i < made->n_types; i++) {
    made->cuts[i] = make_cuts(made->counts[i], max_run);
    make_stage(made, i, placed);
    scale_stage(made, &made->stages[i + 1]);
  }
  *table = g_steal_pointer(&made);
  return true;
}

void run_table_free(RunTable *table) {
  if (table == NULL)
    return;
  for (gsize i = 0; table->cuts != NULL && i < table->n_types; i++) {
    g_free(table->cuts[i]);
    g_free(table->stages[i].counts);
  }
  if (table->stages != NULL)
    g_free(table->stages[table->n_types].counts);
  g_free(table->stages);
  g_free(table->cuts);
  g_free(table->binomial);
  g_free(table->types);
  g_free(table->counts);
  g_free(table);
}

double run_table_log_count(const RunTable *table) {
  const Stage *last = &table->stages[table->n_types];
  long double sum = 0;
  for (gsize runs = 0; runs <= last->max_runs; runs++)
    sum += at(last, runs, 0);
  return (double)logl(sum) + table->log_scale;
}

static long double uniform(Random *random, long double below) {
  guint64 bits = (guint64)random_bits(random) << 32;
  bits |= random_bits(random);
  return (long double)bits / 18446744073709551616.0L * below;
}

/* One type's step on the walk back: how many runs there were before it, with how many open gaps, and how it went in. */
typedef struct {
  gsize runs, gaps;           /* before */
  gsize more, groups, filled; /* its runs, their groups, the groups in open gaps */
} Step;

/* All steps of `type` that lead to (runs, gaps): finds the one at which the running sum passes `target`, and returns
 * the sum. A target of infinity sums them all. */
static long double walk_steps(const RunTable *table, gsize type, gsize runs, gsize gaps, long double target,
                              Step *step) {
  const Stage *before = &table->stages[type];
  gsize count = table->counts[type];
  long double sum = 0;
  for (gsize more = 1; more <= MIN(count, runs); more++)
    for (gsize groups = more > gaps ? more - gaps : 1; groups <= more; groups++) {
      long double grouped = ways_to_group(table, type, more, groups);
      gsize open = gaps + groups - more;
      for (gsize filled = 0; grouped > 0 && filled <= groups && open + filled <= before->max_gaps; filled++) {
        gsize was = runs - more;
        if (open + filled > was + 1)
          break;
        long double ways =
            at(before, was, open + filled) * grouped * ways_to_place(table, was, open + filled, groups, filled);
        if (ways > 0)
          *step = (Step){was, open + filled, more, groups, filled};
        sum += ways;
        if (sum > target)
          return sum;
      }
    }
  return sum;
}

static Step draw_step(const RunTable *table, Random *random, gsize type, gsize runs, gsize gaps) {
  Step step = {0};
  long double all = walk_steps(table, type, runs, gaps, HUGE_VALL, &step);
  walk_steps(table, type, runs, gaps, uniform(random, all), &step);
  return step;
}

/* A run of the sequence in the making. */
typedef struct {
  gsize type, length;
  bool open; /* a later type must come between it and the next one */
} Run;

/* Chooses k of n places; chosen[n]. */
static void choose_places(Random *random, gsize n, gsize k, bool *chosen) {
  for (gsize i = 0; i < n; i++) {
    chosen[i] = k > 0 && random_below(random, (guint32)(n - i)) < k;
    k -= chosen[i];
  }
}

/* Cuts a type's items into runs, each composition with the same probability. */
static void draw_lengths(const RunTable *table, Random *random, gsize type, gsize n_runs, gsize *lengths) {
  gsize items = table->counts[type], side = items + 1;
  const long double *cuts = table->cuts[type];
  for (gsize run = 0; run < n_runs; run++) {
    gsize left = n_runs - run - 1, length = 1;
    long double target = uniform(random, cuts[items * side + n_runs - run]), sum = cuts[(items - 1) * side + left];
    for (gsize next = 2; next <= MIN(items, table->max_run) && sum <= target; next++)
      if (cuts[(items - next) * side + left] > 0) {
        sum += cuts[(items - next) * side + left];
        length = next;
      }
    lengths[run] = length;
    items -= length;
  }
}

/* Puts a type's runs among those that are there. Gap i lies before run i. */
static void place_runs(const RunTable *table, Random *random, gsize type, const Step *step, GArray *runs) {
  gsize n = runs->len;
  g_autofree bool *in_open = g_new0(bool, n + 1), *in_free = g_new0(bool, n + 2);
  g_autofree bool *ends_group = g_new0(bool, step->more + 1);
  g_autofree gsize *lengths = g_new0(gsize, step->more + 1);
  draw_lengths(table, random, type, step->more, lengths);
  choose_places(random, step->gaps, step->filled, in_open);
  choose_places(random, n + 1 - step->gaps, step->groups - step->filled, in_free);
  choose_places(random, step->more - 1, step->groups - 1, ends_group);
  ends_group[step->more - 1] = true;
  g_autoptr(GArray) made = g_array_sized_new(FALSE, FALSE, sizeof(Run), (guint)(n + step->more));
  gsize open = 0, free = 0, next = 0;
  for (gsize gap = 0; gap <= n; gap++) {
    bool is_open = gap > 0 && g_array_index(runs, Run, gap - 1).open;
    bool here = is_open ? in_open[open++] : in_free[free++];
    if (here && is_open)
      g_array_index(made, Run, made->len - 1).open = false;
    for (bool more = here; more; next++) {
      Run run = {table->types[type], lengths[next], !ends_group[next]};
      more = run.open;
      g_array_append_val(made, run);
    }
    if (gap < n)
      g_array_append_val(made, g_array_index(runs, Run, gap));
  }
  g_array_set_size(runs, 0);
  g_array_append_vals(runs, made->data, made->len);
}

void run_table_draw(const RunTable *table, Random *random, gsize *sequence) {
  const Stage *last = &table->stages[table->n_types];
  long double all = 0, sum = 0;
  for (gsize runs = 0; runs <= last->max_runs; runs++)
    all += at(last, runs, 0);
  long double target = uniform(random, all);
  gsize runs = 0, gaps = 0;
  for (gsize i = 0; i <= last->max_runs && sum <= target; i++)
    if (at(last, i, 0) > 0) {
      sum += at(last, i, 0);
      runs = i;
    }
  g_autofree Step *steps = g_new0(Step, table->n_types + 1);
  for (gsize type = table->n_types; type > 0; type--) {
    steps[type - 1] = draw_step(table, random, type - 1, runs, gaps);
    runs = steps[type - 1].runs;
    gaps = steps[type - 1].gaps;
  }
  g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(Run));
  for (gsize type = 0; type < table->n_types; type++)
    place_runs(table, random, type, &steps[type], made);
  gsize place = 0;
  for (guint i = 0; i < made->len; i++)
    for (gsize j = 0; j < g_array_index(made, Run, i).length; j++)
      sequence[place++] = g_array_index(made, Run, i).type;
}
