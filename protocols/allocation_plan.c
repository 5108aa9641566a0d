#include "protocols/allocation_private.h"
#include "protocols/allocation_runs.h"
#include "stimuli/base/error.h"

#define MAX_CHECKED 1000 /* participants whose images are looked at before the session */

static gsize *permute(guint64 seed, const char *stream, gsize n) {
  gsize *permutation = g_new(gsize, n);
  for (gsize i = 0; i < n; i++)
    permutation[i] = i;
  Random random;
  random_init_stream(&random, seed, stream);
  random_shuffle(&random, permutation, n);
  return permutation;
}

static gsize window_size(const ProtocolBlock *block) { return block->choice == IMAGES_WINDOW ? block->images : 0; }

/* All windows lie behind one another, in the order of the sequence. */
static void plan_window(const Protocol *protocol, gsize index, AllocationPlan *plan) {
  bool before = true;
  gsize stride = 0;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    stride += window_size(&protocol->blocks[i]);
  for (gsize step = 0; step < protocol->n_steps && before; step++) {
    if (protocol->steps[step].kind != STEP_BLOCK)
      continue;
    before = protocol->steps[step].index != index;
    plan->offset += before ? window_size(&protocol->blocks[protocol->steps[step].index]) : 0;
  }
  gsize divisor = allocation_divisor(plan->n, stride);
  plan->stride = stride;
  plan->period = plan->n / divisor;
  plan->shifts = 1;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    if (window_size(&protocol->blocks[i]) % divisor != 0)
      plan->shifts = divisor;
  plan->permutation = permute(protocol->seed, "images", plan->n);
  plan->count = protocol->blocks[index].images;
}

/* Numbers the values of a column in the order of their first rows; group_of[n]. Returns their count, 0 on a fault. */
static gsize number_values(const Protocol *protocol, const char *column, gsize *group_of, GError **error) {
  const Table *stimuli = protocol->set->stimuli;
  int at = table_column(stimuli, column);
  g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize row = 0; at >= 0 && row < table_n_rows(stimuli); row++) {
    if (table_is_missing(stimuli, row, (gsize)at)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "the set %s has no %s for %s", protocol->set->folder, column,
                  protocol_stimulus(protocol, row, "id"));
      return 0;
    }
    char *value = (char *)table_get(stimuli, row, (gsize)at);
    gpointer number = NULL;
    if (!g_hash_table_lookup_extended(numbers, value, NULL, &number)) {
      number = GSIZE_TO_POINTER(g_hash_table_size(numbers));
      g_hash_table_insert(numbers, value, number);
    }
    group_of[row] = GPOINTER_TO_SIZE(number);
  }
  if (at < 0)
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "the set %s has no column %s in stimuli.tsv", protocol->set->folder,
                column);
  return g_hash_table_size(numbers);
}

static bool plan_one_per(const Protocol *protocol, const ProtocolBlock *block, AllocationPlan *plan, GError **error) {
  plan->group_of = g_new0(gsize, plan->n);
  plan->n_groups = number_values(protocol, block->one_per, plan->group_of, error);
  if (plan->n_groups == 0)
    return false;
  g_autofree gsize *sizes = g_new0(gsize, plan->n_groups);
  plan->group_size = plan->n / plan->n_groups;
  plan->members = g_new0(gsize, plan->n_groups * plan->group_size);
  for (gsize row = 0; row < plan->n; row++) {
    gsize group = plan->group_of[row], place = sizes[group]++;
    if (place < plan->group_size)
      plan->members[group * plan->group_size + place] = row;
  }
  for (gsize row = 0; row < plan->n; row++) {
    gsize group = plan->group_of[row];
    if (sizes[group] == sizes[plan->group_of[0]])
      continue;
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "is \"one per %s\", which needs as many images of each, but the set has %zu of %s and %zu of %s",
                block->one_per, sizes[plan->group_of[0]], protocol_stimulus(protocol, 0, block->one_per), sizes[group],
                protocol_stimulus(protocol, row, block->one_per));
    return false;
  }
  g_autofree char *stream = g_strdup_printf("groups %s", block->name);
  plan->permutation = permute(protocol->seed, stream, plan->n_groups);
  plan->count = plan->n_groups;
  return true;
}

static bool plan_balanced(const Protocol *protocol, const ProtocolBlock *block, AllocationPlan *plan, GError **error) {
  if (block->images < 2 || block->images >= plan->n) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "is balanced, which needs 2 to %zu of the %zu images a participant",
                plan->n - 1, plan->n);
    return false;
  }
  g_autofree char *stream = g_strdup_printf("balanced %s", block->name);
  plan->permutation = permute(protocol->seed, stream, plan->n);
  plan->count = block->images;
  return block_design_new(plan->n, block->images, &plan->design, error);
}

/* Whether the images that one participant sees can be put in an order that keeps to the limit. */
static bool check_runs(const Protocol *protocol, gsize index, const AllocationPlan *plan, gsize participant,
                       GError **error) {
  const ProtocolBlock *block = &protocol->blocks[index];
  g_autofree gsize *rows = g_new(gsize, plan->n), *counts = g_new0(gsize, plan->n_types);
  gsize n = allocation_images(protocol, index, participant, rows), type, most, row = 0;
  for (gsize i = 0; i < n; i++)
    counts[plan->type_of[rows[i]]]++;
  if (runs_possible(counts, plan->n_types, block->max_run, &type, &most))
    return true;
  while (plan->type_of[row] != type)
    row++;
  g_set_error(
      error, RIG_ERROR, RIG_ERROR_INPUT,
      "no order has at most %zu in a row: of a participant's %zu images %zu have the %s %s, and at most %zu could",
      block->max_run, n, counts[type], block->run_of, protocol_stimulus(protocol, row, block->run_of), most);
  return false;
}

/* Also draws the first participant's order, as orders may be too rare to be drawn. */
static bool plan_runs(const Protocol *protocol, gsize index, AllocationPlan *plan, GError **error) {
  const ProtocolBlock *block = &protocol->blocks[index];
  plan->type_of = g_new0(gsize, plan->n);
  plan->n_types = number_values(protocol, block->run_of, plan->type_of, error);
  if (plan->n_types == 0)
    return false;
  for (gsize participant = 0; participant < MIN(allocation_cycle(protocol, index), MAX_CHECKED); participant++)
    if (!check_runs(protocol, index, plan, participant, error))
      return false;
  Random random;
  random_init_stream(&random, protocol->seed, "check");
  g_autofree gsize *rows = g_new(gsize, plan->n);
  gsize n = allocation_images(protocol, index, 1, rows);
  return runs_shuffle(&random, rows, n, plan->type_of, plan->n_types, block->max_run, 0, 0, error);
}

bool allocation_plan_images(Protocol *protocol, gsize index, GError **error) {
  ProtocolBlock *block = &protocol->blocks[index];
  AllocationPlan *plan = block->plan = g_new0(AllocationPlan, 1);
  plan->n = table_n_rows(protocol->set->stimuli);
  switch (block->choice) {
  case IMAGES_WINDOW:
    plan_window(protocol, index, plan);
    return true;
  case IMAGES_ONE_PER:
    return plan_one_per(protocol, block, plan, error);
  case IMAGES_BALANCED:
    return plan_balanced(protocol, block, plan, error);
  default:
    plan->count = plan->n;
    return true;
  }
}

bool allocation_plan_order(Protocol *protocol, gsize index, GError **error) {
  ProtocolBlock *block = &protocol->blocks[index];
  g_autofree gsize *rows = g_new(gsize, block->plan->n);
  for (gsize i = 0; i < protocol->n_blocks; i++)
    allocation_plan_follow(protocol, i);
  block->plan->count = allocation_images(protocol, index, 1, rows);
  g_autofree char *stream = g_strdup_printf("latin %s", block->name);
  if (block->order == ORDER_LATIN)
    block->plan->slots = permute(protocol->seed, stream, block->plan->count);
  return block->max_run == 0 || plan_runs(protocol, index, block->plan, error);
}

static bool fault_of_block(const ProtocolBlock *block, GError *fault, GError **error) {
  g_propagate_prefixed_error(error, fault, "[block %s] ", block->name);
  return false;
}

bool allocation_reseed(Protocol *protocol, guint64 seed, GError **error) {
  GError *fault = NULL;
  protocol->seed = seed;
  for (gsize i = 0; i < protocol->n_blocks; i++) {
    g_clear_pointer(&protocol->blocks[i].plan, allocation_plan_free);
    if (!allocation_plan_images(protocol, i, &fault))
      return fault_of_block(&protocol->blocks[i], fault, error);
  }
  for (gsize i = 0; i < protocol->n_blocks; i++)
    if (!allocation_plan_order(protocol, i, &fault))
      return fault_of_block(&protocol->blocks[i], fault, error);
  return true;
}

gsize allocation_count(const Protocol *protocol, gsize block) { return protocol->blocks[block].plan->count; }

void allocation_plan_free(AllocationPlan *plan) {
  if (plan == NULL)
    return;
  g_free(plan->permutation);
  g_free(plan->chosen);
  g_free(plan->members);
  g_free(plan->group_of);
  block_design_free(plan->design);
  g_free(plan->type_of);
  g_free(plan->slots);
  g_free(plan);
}
