#include "protocols/trials.h"

#include <math.h>

#include "protocols/allocation.h"

/* What all blocks of one participant share. */
typedef struct {
  const Protocol *protocol;
  const char *label;
  gsize participant;
} Person;

double scale_start(const ProtocolScale *scale, Random *random) {
  return scale->start == START_RANDOM ? scale->min + (scale->max - scale->min) * random_below(random, 101) / 100
                                      : scale->start_value;
}

static void arrange_scales(const Person *person, const ProtocolBlock *block, Random *random, Trial *trial) {
  gsize shift = 0;
  if (block->arrangement == SCALES_BY_PARTICIPANT)
    shift = allocation_scale_turn(person->protocol, person->participant, block->n_scales);
  if (block->arrangement == SCALES_BY_TRIAL)
    shift = random_below(random, (guint32)block->n_scales);
  for (gsize i = 0; i < block->n_scales; i++) {
    gsize index = block->scales[(i + shift) % block->n_scales];
    const ProtocolScale *scale = &person->protocol->scales[index];
    trial->scales[i] = index;
    trial->start[i] = scale_start(scale, random);
  }
}

static bool add_block(const Person *person, gsize step, GArray *trials, GError **error) {
  const Protocol *protocol = person->protocol;
  gsize index = protocol->steps[step].index;
  const ProtocolBlock *block = &protocol->blocks[index];
  g_autofree gsize *rows = g_new(gsize, table_n_rows(protocol->set->stimuli));
  gsize count = allocation_images(protocol, index, person->participant, rows);
  g_autofree gsize *order = g_new(gsize, count * block->repeats);
  Random random;
  g_autofree char *label = allocation_order_label(protocol, person->label);
  g_autofree char *stream = g_strdup_printf("order %s %s", label, block->name);
  random_init_stream(&random, protocol->seed, stream);
  if (!allocation_order(protocol, index, person->participant, &random, rows, count, order, error))
    return false;
  for (gsize i = 0; i < count * block->repeats; i++) {
    Trial trial = {.step = step, .block = index, .number = i + 1, .stimulus = order[i]};
    arrange_scales(person, block, &random, &trial);
    g_array_append_val(trials, trial);
  }
  return true;
}

bool trial_list_new(const Protocol *protocol, const char *participant, TrialList **list, GError **error) {
  bool said;
  gsize number = allocation_number(protocol->seed, protocol->rules, participant, &said);
  return trial_list_new_at(protocol, participant, number, list, error);
}

bool trial_list_new_at(const Protocol *protocol, const char *participant, gsize number, TrialList **list,
                       GError **error) {
  if (!protocol_check_label("participant", participant, error))
    return false;
  Person person = {.protocol = protocol, .label = participant, .participant = number};
  g_autoptr(GArray) trials = g_array_new(FALSE, FALSE, sizeof(Trial));
  for (gsize step = 0; step < protocol->n_steps; step++)
    if (protocol->steps[step].kind == STEP_BLOCK && !add_block(&person, step, trials, error))
      return false;
  TrialList *made = g_new0(TrialList, 1);
  made->participant = person.participant;
  made->trials = g_array_steal(trials, &made->n_trials);
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

double trial_list_progress(const Protocol *protocol, const TrialList *list, gsize step, gsize number) {
  gsize done = number - 1, all = 0;
  for (gsize i = 0; i < protocol->n_steps; i++) {
    gsize size = 1;
    if (protocol->steps[i].kind == STEP_BLOCK)
      trial_list_step(list, i, &size);
    done += i < step ? size : 0;
    all += size;
  }
  return all > 0 ? (double)done / (double)all : 1;
}

gsize trial_list_count(const Protocol *protocol, gsize index) {
  return allocation_count(protocol, index) * protocol->blocks[index].repeats;
}
