#include <string.h>

#include "protocols/allocation_latin.h"
#include "protocols/allocation_private.h"
#include "protocols/allocation_runs.h"
#include "stimuli/base/error.h"

#define RESTARTS 100 /* of a block whose next pass nothing fits to */
#define REDRAWS 1000 /* of a pass that begins with the image that ended the last one */

/* Every image comes once before any comes again, and none comes twice in succession. */
static void shuffle_passes(Random *random, gsize *rows, gsize count, gsize repeats, gsize *order) {
  for (gsize pass = 0; pass < repeats; pass++) {
    gsize *now = order + pass * count;
    random_shuffle(random, rows, count);
    if (pass > 0 && count > 1 && rows[0] == now[-1]) {
      gsize other = 1 + random_below(random, (guint32)(count - 1)), first = rows[0];
      rows[0] = rows[other];
      rows[other] = first;
    }
    memcpy(now, rows, count * sizeof *now);
  }
}

/* The run that ends a part of the order. */
static gsize run_at_end(const gsize *order, gsize n, const gsize *type_of) {
  gsize run = n > 0;
  while (run < n && type_of[order[n - 1 - run]] == type_of[order[n - 1]])
    run++;
  return run;
}

static bool limited_passes(const ProtocolBlock *block, Random *random, gsize *rows, gsize count, gsize *order,
                           GError **error) {
  const AllocationPlan *plan = block->plan;
  for (gsize pass = 0; pass < block->repeats; pass++) {
    gsize done = pass * count, before = run_at_end(order, done, plan->type_of);
    gsize last = done > 0 ? plan->type_of[order[done - 1]] : 0;
    for (gsize i = 0; i == 0 || (i < REDRAWS && done > 0 && count > 1 && rows[0] == order[done - 1]); i++)
      if (!runs_shuffle(random, rows, count, plan->type_of, plan->n_types, block->max_run, last, before, error))
        return false;
    memcpy(order + done, rows, count * sizeof *order);
  }
  return true;
}

/* From the fourth image on, the next row of the square never begins with the image that ends this one. */
static void latin_passes(const Protocol *protocol, gsize index, gsize participant, const gsize *rows, gsize *order) {
  const ProtocolBlock *block = &protocol->blocks[index];
  gsize count = block->plan->count, n_rows = latin_rows(count);
  gsize row = allocation_turn(participant, allocation_cycle(protocol, index), n_rows);
  for (gsize pass = 0; pass < block->repeats; pass++) {
    gsize *now = order + pass * count;
    latin_row(count, (row + (count > 3 ? pass : 0)) % n_rows, now);
    for (gsize i = 0; i < count; i++)
      now[i] = rows[block->plan->slots[now[i]]];
  }
}

static int compare_rows(const void *a, const void *b) {
  gsize one = *(const gsize *)a, other = *(const gsize *)b;
  return (one > other) - (one < other);
}

bool allocation_order(const Protocol *protocol, gsize index, gsize participant, Random *random, gsize *rows,
                      gsize count, gsize *order, GError **error) {
  const ProtocolBlock *block = &protocol->blocks[index];
  if (block->order == ORDER_LATIN) {
    latin_passes(protocol, index, participant, rows, order);
    return true;
  }
  if (block->order == ORDER_FIXED) {
    qsort(rows, count, sizeof *rows, compare_rows);
    for (gsize pass = 0; pass < block->repeats; pass++)
      memcpy(order + pass * count, rows, count * sizeof *order);
    return true;
  }
  if (block->max_run == 0) {
    shuffle_passes(random, rows, count, block->repeats, order);
    return true;
  }
  g_autoptr(GError) fault = NULL;
  for (int i = 0; i < RESTARTS; i++) {
    g_clear_error(&fault);
    if (limited_passes(block, random, rows, count, order, &fault))
      return true;
    if (block->repeats == 1)
      break;
  }
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "[block %s] max_run: participant number %zu: %s", block->name,
              participant, fault->message);
  return false;
}
