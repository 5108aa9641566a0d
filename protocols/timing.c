#include "protocols/timing.h"

#include <math.h>

static double draw(const DurationRange *range, Random *random) {
  return range->min + (double)random_below(random, (guint32)floor(range->max - range->min) + 1);
}

TrialTiming trial_timing(const Protocol *protocol, gsize participant, const Trial *trial) {
  const ProtocolBlock *block = &protocol->blocks[trial->block];
  g_autofree char *stream = g_strdup_printf("timing %zu %s %zu", participant, block->name, trial->number);
  Random random;
  random_init_stream(&random, protocol->seed, stream);
  double fixation_ms = draw(&block->fixation_ms, &random);
  return (TrialTiming){fixation_ms, draw(&block->iti_ms, &random)};
}

double question_start(const Protocol *protocol, gsize participant, const ProtocolQuestion *question) {
  g_autofree char *stream = g_strdup_printf("start %zu %s", participant, question->name);
  Random random;
  random_init_stream(&random, protocol->seed, stream);
  return scale_start(&question->scale, &random);
}

gsize check_place(const Protocol *protocol, gsize participant, gsize index, gsize check, gsize n_trials) {
  const ProtocolBlock *block = &protocol->blocks[index];
  gsize from = check * n_trials / block->n_checks, to = (check + 1) * n_trials / block->n_checks;
  g_autofree char *stream = g_strdup_printf("check %zu %s %zu", participant, block->name, check);
  Random random;
  random_init_stream(&random, protocol->seed, stream);
  return MIN(from + 1 + (to > from ? random_below(&random, (guint32)(to - from)) : 0), n_trials);
}
