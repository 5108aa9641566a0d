#include "protocols/allocation.h"

#include <string.h>

#include "protocols/allocation_latin.h"
#include "protocols/allocation_private.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

#define MAX_NUMBER 1000000000
#define ALL_DIGITS 3 /* the first rules by which all digits of a label count */

gsize allocation_divisor(gsize a, gsize b) {
  while (b != 0) {
    gsize rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

gsize allocation_multiple(gsize a, gsize b) {
  g_assert(a > 0 && b > 0);
  gsize factor = b / allocation_divisor(a, b);
  return a > ALLOCATION_MANY / factor ? a : a * factor;
}

/* The digits that end a label; "" for none. */
static const char *last_digits(const char *label, gsize most) {
  gsize length = strlen(label), first = length;
  while (first > 0 && g_ascii_isdigit(label[first - 1]) && length - first < most)
    first--;
  return label + first;
}

bool allocation_check_label(const Protocol *protocol, const char *label, GError **error) {
  const char *digits = last_digits(label, G_MAXSIZE);
  gint64 number;
  if (protocol->rules < ALL_DIGITS || *digits == '\0' || number_parse_int(digits, &number))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "participant %s: the number %s that ends the label is above %" G_GINT64_FORMAT
              ", the last place of a design; take a shorter one",
              label, digits, G_MAXINT64);
  return false;
}

gsize allocation_number(guint64 seed, gsize rules, const char *label, bool *said) {
  const char *digits = last_digits(label, rules < ALL_DIGITS ? 9 : G_MAXSIZE);
  *said = *digits != '\0';
  if (*said)
    return (gsize)MIN(g_ascii_strtoull(digits, NULL, 10), (guint64)G_MAXINT64);
  Random random;
  g_autofree char *stream = g_strdup_printf("number %s", label);
  random_init_stream(&random, seed, stream);
  return random_below(&random, MAX_NUMBER);
}

static bool keeps_even(const Protocol *protocol, const AllocationPlan *plan) {
  return protocol->rules >= 3 && plan->round > 0;
}

/* Excluded windows do not lie in it; before rules 3 it went on past the images of other excluded blocks. */
static void mark_window(const Protocol *protocol, gsize index, gsize participant, bool *marked) {
  const ProtocolBlock *block = &protocol->blocks[index];
  const AllocationPlan *plan = block->plan;
  gsize n = plan->n, shift = participant / plan->period % plan->shifts;
  gsize first = participant % plan->period * (plan->stride % n) + shift + plan->offset;
  g_autofree bool *excluded = g_new0(bool, n);
  for (gsize i = 0; i < block->n_excluded; i++)
    allocation_mark(protocol, block->excluded[i], participant, excluded);
  for (gsize i = 0, found = 0; i < n && found < block->images; i++) {
    gsize row = plan->permutation[(first + i) % n];
    if (excluded[row])
      continue;
    marked[row] = true;
    found++;
  }
}

static gsize image_of_group(const AllocationPlan *plan, gsize group, gsize participant) {
  return plan->members[group * plan->group_size + (participant + plan->permutation[group]) % plan->group_size];
}

/* Number 1 begins a round, since labels are counted from there. */
static void mark_balanced(const AllocationPlan *plan, gsize participant, bool *marked) {
  g_autofree bool *images = g_new(bool, plan->n);
  gsize b = block_design_participants(plan->design);
  block_design_mark(plan->design, (participant % b + b - 1) % b, images);
  for (gsize i = 0; i < plan->n; i++)
    if (images[i])
      marked[plan->permutation[i]] = true;
}

void allocation_mark(const Protocol *protocol, gsize index, gsize participant, bool *marked) {
  const AllocationPlan *plan = protocol->blocks[index].plan;
  switch (protocol->blocks[index].choice) {
  case IMAGES_WINDOW:
    if (keeps_even(protocol, plan))
      allocation_mark_following(protocol, index, participant, marked);
    else
      mark_window(protocol, index, participant, marked);
    break;
  case IMAGES_ONE_PER:
    for (gsize group = 0; group < plan->n_groups; group++)
      marked[image_of_group(plan, group, participant)] = true;
    break;
  case IMAGES_BALANCED:
    mark_balanced(plan, participant, marked);
    break;
  default:
    break; /* nothing can be excluded from all */
  }
}

gsize allocation_images(const Protocol *protocol, gsize index, gsize participant, gsize *rows) {
  const ProtocolBlock *block = &protocol->blocks[index];
  const AllocationPlan *plan = block->plan;
  gsize count = 0;
  if (block->choice == IMAGES_ONE_PER) {
    for (gsize group = 0; group < plan->n_groups; group++)
      rows[count++] = image_of_group(plan, group, participant);
    return count;
  }
  g_autofree bool *marked = g_new0(bool, plan->n);
  bool all = block->choice == IMAGES_ALL;
  if (!all)
    allocation_mark(protocol, index, participant, marked);
  for (gsize i = 0; all && i < block->n_excluded; i++)
    allocation_mark(protocol, block->excluded[i], participant, marked);
  for (gsize row = 0; row < plan->n; row++)
    if (marked[row] != all)
      rows[count++] = row;
  return count;
}

gsize allocation_cycle(const Protocol *protocol, gsize index) {
  const ProtocolBlock *block = &protocol->blocks[index];
  gsize cycle = 1;
  switch (block->choice) {
  case IMAGES_WINDOW:
    return keeps_even(protocol, block->plan) ? block->plan->round : block->plan->period * block->plan->shifts;
  case IMAGES_ONE_PER:
    return block->plan->group_size;
  case IMAGES_BALANCED:
    return block_design_participants(block->plan->design);
  default:
    for (gsize i = 0; i < block->n_excluded; i++)
      cycle = allocation_multiple(cycle, allocation_cycle(protocol, block->excluded[i]));
    return cycle;
  }
}

bool allocation_pairs(const Protocol *protocol, gsize block, gsize *fewest, gsize *most, gsize *round) {
  const BlockDesign *design = protocol->blocks[block].plan->design;
  *round = block_design_round(design);
  return block_design_pairs(design, fewest, most);
}

gsize allocation_place_cycle(const Protocol *protocol, gsize index) {
  gsize cycle = allocation_cycle(protocol, index);
  gsize rows = protocol->blocks[index].order == ORDER_LATIN ? latin_rows(protocol->blocks[index].plan->count) : 1;
  return cycle > ALLOCATION_MANY / rows ? cycle : cycle * rows;
}

gsize allocation_turn(gsize participant, gsize cycle, gsize n) {
  gsize divisor = allocation_divisor(cycle, n), multiple = allocation_multiple(cycle, n);
  return (participant + (participant + multiple * divisor - 1) / multiple % divisor) % n; /* number 1 begins a round */
}

/* --- Conditions: the arrangement of scales and the polarity, crossed with images and places --- */

/* participant - 1 plus multiples of its quotients by cycles, each dividing the next: modulo n the condition. */
typedef struct {
  gint64 place;
  gint64 sum;
  gsize n;
  gsize *cycles, *times; /* (n_cycles) whose quotients have been added, so many times */
  gsize n_cycles;
  gsize crossed; /* all that has been crossed comes round after it */
  gsize whole;   /* and has then met every condition after this */
} Crossing;

/* Rounded down also for number 0, which comes before 1. */
static gint64 quotient(gint64 place, gsize cycle) { return place < 0 ? -1 : place / (gint64)cycle; }

/* Makes the sum cross what comes round after `cycle`. A step of one multiple of it and of the cycles before changes the
 * sum by the same amount wherever it begins, as all earlier cycles divide it; where that has no divisor in common with
 * n, n steps meet all conditions. What follows begins anew after all these n steps, so that no n steps are torn. */
static void cross(Crossing *crossing, gsize cycle) {
  if (crossing->crossed % cycle == 0)
    return;
  gsize next = allocation_multiple(crossing->whole, cycle), change = next, times = 0;
  for (gsize i = 0; i < crossing->n_cycles; i++)
    change += next / crossing->cycles[i] * crossing->times[i];
  while (allocation_divisor((change + times) % crossing->n, crossing->n) != 1)
    times++;
  crossing->crossed = next;
  crossing->whole = next > ALLOCATION_MANY / crossing->n ? next : next * crossing->n;
  if (times == 0)
    return;
  crossing->cycles[crossing->n_cycles] = next;
  crossing->times[crossing->n_cycles++] = times;
  crossing->sum += (gint64)times * (quotient(crossing->place, next) % (gint64)crossing->n); /* a place may be large */
}

/* Below twice *arrangements: the half is the polarity, the rest the arrangement of the scales. Blocks that are no
 * practice come first, and images before places. */
static gsize condition(const Protocol *protocol, gsize participant, gsize *arrangements) {
  *arrangements = 1;
  for (gsize block = 0; block < protocol->n_blocks; block++)
    *arrangements = allocation_multiple(*arrangements, MAX(protocol->blocks[block].n_scales, 1));
  g_autofree gsize *cycles = g_new(gsize, 2 * protocol->n_blocks), *times = g_new(gsize, 2 * protocol->n_blocks);
  Crossing crossing = {.place = (gint64)participant - 1,
                       .n = 2 * *arrangements,
                       .cycles = cycles,
                       .times = times,
                       .crossed = 1,
                       .whole = 1};
  crossing.sum = crossing.place;
  for (int practice = 0; practice <= 1; practice++)
    for (gsize block = 0; block < protocol->n_blocks; block++)
      if (protocol->blocks[block].practice == (practice == 1))
        cross(&crossing, allocation_cycle(protocol, block));
  for (gsize block = 0; block < protocol->n_blocks; block++)
    cross(&crossing, allocation_place_cycle(protocol, block));
  gint64 n = (gint64)crossing.n;
  return (gsize)((crossing.sum % n + n) % n);
}

gsize allocation_scale_turn(const Protocol *protocol, gsize participant, gsize n) {
  gsize cycle = 1, arrangements;
  if (protocol->rules >= 2)
    return condition(protocol, participant, &arrangements) % n;
  for (gsize block = 0; block < protocol->n_blocks; block++)
    cycle = allocation_multiple(cycle, allocation_place_cycle(protocol, block));
  return allocation_turn(participant, cycle, n);
}

bool allocation_mirrors(const Protocol *protocol, gsize participant) {
  if (protocol->rules < 2)
    return participant % 2 == 1;
  gsize arrangements;
  gsize now = condition(protocol, participant, &arrangements);
  return now / arrangements % 2 == 0;
}

char *allocation_order_label(const Protocol *protocol, const char *label) {
  gsize length = strlen(label), first = length;
  while (first > 0 && g_ascii_isdigit(label[first - 1]))
    first--;
  gsize number = first;
  while (number + 1 < length && label[number] == '0')
    number++;
  if (protocol->rules < 2 || number == first)
    return g_strdup(label);
  return g_strdup_printf("%.*s%s", (int)first, label, label + number);
}

bool allocation_rotates(const Protocol *protocol) {
  bool rotates = false;
  for (gsize block = 0; block < protocol->n_blocks; block++)
    rotates |= allocation_place_cycle(protocol, block) > 1;
  return rotates;
}

const gsize *allocation_groups(const Protocol *protocol, gsize block, gsize *n_groups) {
  const AllocationPlan *plan = protocol->blocks[block].plan;
  *n_groups = plan->n_groups;
  return plan->group_of;
}

const gsize *allocation_types(const Protocol *protocol, gsize block, gsize *n_types) {
  const AllocationPlan *plan = protocol->blocks[block].plan;
  *n_types = plan->n_types;
  return plan->type_of;
}
