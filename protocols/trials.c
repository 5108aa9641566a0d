#include "protocols/trials.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/random.h"

static gsize greatest_common_divisor(gsize a, gsize b) {
  while (b != 0) {
    gsize rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* The digits that end the label; at most nine count, more would not fit an order of participants anyway. */
static gsize participant_number(guint64 seed, const char *label) {
  gsize length = strlen(label), first = length;
  while (first > 0 && g_ascii_isdigit(label[first - 1]) && length - first < 9)
    first--;
  if (first < length)
    return (gsize)g_ascii_strtoull(label + first, NULL, 10);
  Random random;
  g_autofree char *stream = g_strdup_printf("number %s", label);
  random_init_stream(&random, seed, stream);
  return random_below(&random, 1000000000);
}

/* What all blocks of one participant share. */
typedef struct {
  const Protocol *protocol;
  const char *label;
  gsize n;            /* stimuli of the set */
  gsize *permutation; /* of its rows, the same for every participant */
  gsize start;        /* of this participant's windows in the permutation */
  gsize turn;         /* of the scales: the cycle plus the place in it */
} Rotation;

static void rotation_init(Rotation *rotation, const Protocol *protocol, const char *label, gsize participant) {
  gsize n = table_n_rows(protocol->set->stimuli), stride = 0;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    stride += protocol->blocks[i].images;
  gsize divisor = greatest_common_divisor(n, stride), period = n / divisor, shifts = 1;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    if (protocol->blocks[i].images % divisor != 0)
      shifts = divisor;
  gsize cycle = period * shifts;
  *rotation = (Rotation){.protocol = protocol, .label = label, .n = n, .permutation = g_new(gsize, n)};
  for (gsize i = 0; i < n; i++)
    rotation->permutation[i] = i;
  Random random;
  random_init_stream(&random, protocol->seed, "images");
  random_shuffle(&random, rotation->permutation, n);
  rotation->start = (participant % period * (stride % n) + participant / period % shifts) % n;
  rotation->turn = participant % cycle + participant / cycle;
}

/* Where a block's window lies behind the participant's start. */
static gsize block_offset(const Protocol *protocol, gsize block) {
  gsize offset = 0;
  for (gsize step = 0; step < protocol->n_steps; step++) {
    if (protocol->steps[step].kind != STEP_BLOCK)
      continue;
    if (protocol->steps[step].index == block)
      break;
    offset += protocol->blocks[protocol->steps[step].index].images;
  }
  return offset;
}

static void mark_window(const Rotation *rotation, gsize block, bool *marked) {
  gsize first = rotation->start + block_offset(rotation->protocol, block);
  for (gsize i = 0; i < rotation->protocol->blocks[block].images; i++)
    marked[rotation->permutation[(first + i) % rotation->n]] = true;
}

/* The rows that a block shows, in the set's order; returns their count. */
static gsize choose_images(const Rotation *rotation, gsize index, gsize *rows) {
  const ProtocolBlock *block = &rotation->protocol->blocks[index];
  g_autofree bool *marked = g_new0(bool, rotation->n);
  if (block->images > 0)
    mark_window(rotation, index, marked);
  else
    for (gsize i = 0; i < block->n_excluded; i++)
      mark_window(rotation, block->excluded[i], marked);
  gsize count = 0;
  for (gsize row = 0; row < rotation->n; row++)
    if (marked[row] == (block->images > 0))
      rows[count++] = row;
  return count;
}

static void arrange_scales(const Rotation *rotation, const ProtocolBlock *block, Random *random, Trial *trial) {
  gsize shift = 0;
  if (block->arrangement == SCALES_BY_PARTICIPANT)
    shift = rotation->turn % block->n_scales;
  if (block->arrangement == SCALES_BY_TRIAL)
    shift = random_below(random, (guint32)block->n_scales);
  for (gsize i = 0; i < block->n_scales; i++) {
    gsize index = block->scales[(i + shift) % block->n_scales];
    const ProtocolScale *scale = &rotation->protocol->scales[index];
    trial->scales[i] = index;
    trial->start[i] = scale->start == START_RANDOM
                          ? scale->min + (scale->max - scale->min) * random_below(random, 101) / 100
                          : scale->start_value;
  }
}

static void add_block(const Rotation *rotation, gsize step, GArray *trials) {
  gsize index = rotation->protocol->steps[step].index;
  const ProtocolBlock *block = &rotation->protocol->blocks[index];
  g_autofree gsize *rows = g_new(gsize, rotation->n);
  gsize count = choose_images(rotation, index, rows), number = 0, last = rotation->n;
  Random random;
  g_autofree char *stream = g_strdup_printf("order %s %s", rotation->label, block->name);
  random_init_stream(&random, rotation->protocol->seed, stream);
  for (gsize pass = 0; pass < block->repeats; pass++) {
    if (block->order == ORDER_RANDOM)
      random_shuffle(&random, rows, count);
    if (block->order == ORDER_RANDOM && count > 1 && rows[0] == last) {
      gsize other = 1 + random_below(&random, (guint32)(count - 1));
      rows[0] = rows[other];
      rows[other] = last;
    }
    for (gsize i = 0; i < count; i++) {
      number++;
      Trial trial = {.step = step, .block = index, .number = number, .stimulus = rows[i]};
      arrange_scales(rotation, block, &random, &trial);
      g_array_append_val(trials, trial);
    }
    last = rows[count - 1];
  }
}

bool trial_list_new(const Protocol *protocol, const char *participant, TrialList **list, GError **error) {
  if (!protocol_check_label("participant", participant, error))
    return false;
  TrialList *made = g_new0(TrialList, 1);
  made->participant = participant_number(protocol->seed, participant);
  Rotation rotation;
  rotation_init(&rotation, protocol, participant, made->participant);
  GArray *trials = g_array_new(FALSE, FALSE, sizeof(Trial));
  for (gsize step = 0; step < protocol->n_steps; step++)
    if (protocol->steps[step].kind == STEP_BLOCK)
      add_block(&rotation, step, trials);
  made->trials = g_array_steal(trials, &made->n_trials);
  g_array_unref(trials);
  g_free(rotation.permutation);
  *list = made;
  return true;
}

void trial_list_free(TrialList *list) {
  if (list == NULL)
    return;
  g_free(list->trials);
  g_free(list);
}

const Trial *trial_list_step(const TrialList *list, gsize step, gsize *n_trials) {
  gsize first = 0;
  while (first < list->n_trials && list->trials[first].step != step)
    first++;
  *n_trials = 0;
  while (first + *n_trials < list->n_trials && list->trials[first + *n_trials].step == step)
    (*n_trials)++;
  return *n_trials > 0 ? &list->trials[first] : NULL;
}

gsize trial_list_count(const Protocol *protocol, gsize index) {
  const ProtocolBlock *block = &protocol->blocks[index];
  gsize images = block->images;
  if (images == 0) {
    images = table_n_rows(protocol->set->stimuli);
    for (gsize i = 0; i < block->n_excluded; i++)
      images -= protocol->blocks[block->excluded[i]].images;
  }
  return images * block->repeats;
}
