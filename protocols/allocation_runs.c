#include "protocols/allocation_runs.h"

#include <string.h>

#include "protocols/allocation_run_table.h"
#include "stimuli/base/error.h"

#define SHUFFLES 1000 /* before the table of counts is made */
#define DRAWS 10000   /* from it, where items precede */

bool runs_possible(const gsize *counts, gsize n_types, gsize max_run, gsize *type, gsize *most) {
  gsize n = 0;
  for (gsize i = 0; i < n_types; i++)
    n += counts[i];
  for (gsize i = 0; i < n_types; i++) {
    gsize places = n - counts[i] + 1;
    if (counts[i] / max_run + (counts[i] % max_run > 0) > places) {
      *type = i;
      *most = places * max_run;
      return false;
    }
  }
  return true;
}

/* What the order must keep to. */
typedef struct {
  const gsize *type_of;
  gsize max_run, last, before;
} Limit;

static bool keeps(const Limit *limit, const gsize *types, gsize n) {
  gsize run = limit->before, type = limit->last;
  for (gsize i = 0; i < n; i++) {
    run = run > 0 && types[i] == type ? run + 1 : 1;
    type = types[i];
    if (run > limit->max_run)
      return false;
  }
  return true;
}

static void types_in_order(const Limit *limit, const gsize *items, gsize n, gsize *types) {
  for (gsize i = 0; i < n; i++)
    types[i] = limit->type_of[items[i]];
}

/* Shuffles the items and deals them out to the sequence of types. */
static void deal(Random *random, gsize *items, gsize n, const Limit *limit, const gsize *sequence) {
  random_shuffle(random, items, n);
  g_autofree gsize *dealt = g_new(gsize, n);
  g_autofree bool *used = g_new0(bool, n);
  for (gsize place = 0; place < n; place++) {
    gsize i = 0;
    while (used[i] || limit->type_of[items[i]] != sequence[place])
      i++;
    used[i] = true;
    dealt[place] = items[i];
  }
  memcpy(items, dealt, n * sizeof *items);
}

bool runs_shuffle(Random *random, gsize *items, gsize n, const gsize *type_of, gsize n_types, gsize max_run, gsize last,
                  gsize before, GError **error) {
  Limit limit = {type_of, max_run, last, before};
  g_autofree gsize *types = g_new(gsize, n + 1), *counts = g_new0(gsize, n_types);
  for (gsize i = 0; i < n; i++)
    counts[type_of[items[i]]]++;
  gsize type, most;
  if (!runs_possible(counts, n_types, max_run, &type, &most)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "of %zu images %zu are of one type; at most %zu could be, with %zu in a row", n, counts[type], most,
                max_run);
    return false;
  }
  for (int i = 0; i < SHUFFLES; i++) {
    random_shuffle(random, items, n);
    types_in_order(&limit, items, n, types);
    if (keeps(&limit, types, n))
      return true;
  }
  g_autoptr(RunTable) table = NULL;
  if (!run_table_new(counts, n_types, max_run, &table, error))
    return false;
  for (int i = 0; i < DRAWS; i++) {
    run_table_draw(table, random, types);
    if (keeps(&limit, types, n)) {
      deal(random, items, n, &limit, types);
      return true;
    }
  }
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "no order goes on with at most %zu of a type in a row", max_run);
  return false;
}
