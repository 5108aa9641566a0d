#include "protocols/allocation_even.h"
#include "protocols/allocation_private.h"

#define MAX_CELLS ((gsize)8000000)       /* participants of a round by images */
#define MAX_CELLS_AGAIN ((gsize)1000000) /* where a longer round is tried */
#define MAX_TIMES 12

bool allocation_follows(const Protocol *protocol, gsize index) {
  const ProtocolBlock *block = &protocol->blocks[index];
  bool follows = false;
  for (gsize i = 0; block->choice == IMAGES_WINDOW && i < block->n_excluded; i++)
    follows |= protocol->blocks[block->excluded[i]].choice != IMAGES_WINDOW ||
               allocation_follows(protocol, block->excluded[i]);
  return follows;
}

static void mark_excluded(const Protocol *protocol, gsize index, gsize participant, bool *marked) {
  const ProtocolBlock *block = &protocol->blocks[index];
  for (gsize i = 0; i < block->n_excluded; i++)
    allocation_mark(protocol, block->excluded[i], participant, marked);
}

/* Number 1 begins a round, since labels are counted from there. */
static gsize place_in_round(gsize participant, gsize round) { return (participant % round + round - 1) % round; }

/* The least common multiple, at most ALLOCATION_MANY: what is chosen for a shorter round could be excluded in the next.
 */
static gsize common_round(gsize a, gsize b) {
  gsize factor = b / allocation_divisor(a, b);
  return a > ALLOCATION_MANY / factor ? ALLOCATION_MANY : a * factor;
}

/* Chooses for a round; returns by how much the images' counts differ. round by images rows of the set into *chosen. */
static gsize choose(const Protocol *protocol, gsize index, gsize round, guint32 **chosen) {
  const AllocationPlan *plan = protocol->blocks[index].plan;
  gsize n = plan->n, count = protocol->blocks[index].images, least = G_MAXSIZE, most = 0;
  g_autofree guint8 *cells = g_new(guint8, round * n);
  g_autofree bool *excluded = g_new(bool, n);
  for (gsize p = 0; p < round; p++) {
    for (gsize i = 0; i < n; i++)
      excluded[i] = false;
    mark_excluded(protocol, index, p + 1, excluded);
    for (gsize i = 0; i < n; i++)
      cells[p * n + i] = excluded[i] ? EVEN_FORBIDDEN : EVEN_FREE;
  }
  even_choose(cells, round, n, count, plan->permutation);
  *chosen = g_new(guint32, round * count);
  g_autofree gsize *counts = g_new0(gsize, n);
  for (gsize i = 0, found = 0; i < round * n; i++)
    if (cells[i] == EVEN_CHOSEN) {
      (*chosen)[found++] = (guint32)(i % n);
      counts[i % n]++;
    }
  for (gsize i = 0; i < n; i++) {
    least = MIN(least, counts[i]);
    most = MAX(most, counts[i]);
  }
  return most - least;
}

/* Where what is excluded makes an exact choice impossible, a longer round comes nearer to fractions of images. */
static void choose_round(const Protocol *protocol, gsize index, AllocationPlan *plan) {
  gsize round = plan->round, least = choose(protocol, index, round, &plan->chosen), of = 1;
  for (gsize times = 2; least > 0 && times <= MAX_TIMES && times * round <= MAX_CELLS_AGAIN / plan->n; times++) {
    g_autofree guint32 *chosen = NULL;
    gsize found = choose(protocol, index, times * round, &chosen);
    if (found * of >= least * times)
      continue;
    g_free(plan->chosen);
    plan->chosen = g_steal_pointer(&chosen);
    plan->round = times * round;
    least = found;
    of = times;
  }
}

void allocation_plan_follow(Protocol *protocol, gsize index) {
  ProtocolBlock *block = &protocol->blocks[index];
  AllocationPlan *plan = block->plan;
  if (plan->round > 0 || !allocation_follows(protocol, index))
    return;
  gsize n = plan->n, cycle = 1, rules = protocol->rules;
  protocol->rules = ALLOCATION_RULES; /* earlier ones have no such plan */
  for (gsize i = 0; i < block->n_excluded; i++) {
    allocation_plan_follow(protocol, block->excluded[i]);
    cycle = common_round(cycle, allocation_cycle(protocol, block->excluded[i]));
  }
  /* The first multiple of the cycle after which the images come to the same whole number. */
  plan->round = common_round(cycle, n / allocation_divisor(n, block->images));
  if (plan->round <= MAX_CELLS / n) {
    choose_round(protocol, index, plan);
  } else {
    g_autofree bool *excluded = g_new0(bool, n);
    gsize left = 0;
    mark_excluded(protocol, index, 1, excluded);
    for (gsize i = 0; i < n; i++)
      left += !excluded[i];
    plan->cycle = cycle;
    gsize windows = left / allocation_divisor(left, block->images);
    plan->round = cycle > ALLOCATION_MANY / windows ? cycle : cycle * windows;
  }
  protocol->rules = rules;
}

/* Where there are too many choices for the above: a window of the images that are left, so that the windows of one
 * choice of the excluded blocks cover what it leaves equally often. */
static void mark_left(const Protocol *protocol, gsize index, gsize participant, bool *marked) {
  const ProtocolBlock *block = &protocol->blocks[index];
  const AllocationPlan *plan = block->plan;
  gsize n = plan->n, n_left = 0, place = place_in_round(participant, plan->round);
  g_autofree bool *excluded = g_new0(bool, n);
  g_autofree gsize *left = g_new(gsize, n);
  mark_excluded(protocol, index, participant, excluded);
  for (gsize i = 0; i < n; i++)
    if (!excluded[plan->permutation[i]])
      left[n_left++] = plan->permutation[i];
  gsize step = allocation_divisor(n_left, block->images);
  gsize first = place % plan->cycle % n_left * block->images + place / plan->cycle % n_left * step;
  for (gsize i = 0; i < block->images; i++)
    marked[left[(first + i) % n_left]] = true;
}

void allocation_mark_following(const Protocol *protocol, gsize index, gsize participant, bool *marked) {
  const AllocationPlan *plan = protocol->blocks[index].plan;
  gsize count = protocol->blocks[index].images;
  if (plan->chosen == NULL) {
    mark_left(protocol, index, participant, marked);
    return;
  }
  const guint32 *chosen = plan->chosen + place_in_round(participant, plan->round) * count;
  for (gsize i = 0; i < count; i++)
    marked[chosen[i]] = true;
}
