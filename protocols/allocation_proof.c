#include "protocols/allocation_proof.h"

#include <string.h>

#include "protocols/allocation.h"
#include "protocols/allocation_blocks.h"
#include "stimuli/base/error.h"

#define MAX_CELLS ((gsize)100000000) /* of one block's counts */
#define MAX_PAIRS ((gsize)3000)      /* images whose pairs are counted */
#define MAX_STEPS ((gsize)50000000)  /* of participants until a design comes round, by images and trials */

/* Images or groups of them, counted over the trials of one block. */
typedef struct {
  gsize n, n_places;
  guint32 *places;  /* n by n_places */
  guint32 *follows; /* n by n: [unit][the one before]; NULL where there are too many */
} Units;

typedef struct {
  Units images, groups; /* groups.n is 0 where there are none */
  guint32 *seen;        /* participants, of each image */
  guint32 *together;    /* participants, of each pair of images; NULL where there are too many */
  guint32 *on_top;      /* trials, n images by PROTOCOL_MAX_SCALES */
  guint32 *mirrored;    /* trials, 2 by n images: with the low end at the left, at the right */
  gsize longest_run;    /* of one type, where the block limits runs */
} BlockCounts;

struct AllocationProof {
  const Protocol *protocol;
  gsize n; /* participants */
  BlockCounts *blocks;
};

static bool units_init(Units *units, gsize n, gsize n_places) {
  *units = (Units){.n = n, .n_places = n_places};
  if (n > MAX_CELLS / MAX(n_places, 1))
    return false;
  units->places = g_try_new0(guint32, n * n_places + 1);
  if (n > MAX_PAIRS)
    return units->places != NULL;
  units->follows = g_try_new0(guint32, n * n + 1);
  return units->places != NULL && units->follows != NULL;
}

bool allocation_proof_new(const Protocol *protocol, AllocationProof **proof, GError **error) {
  g_autoptr(AllocationProof) made = g_new0(AllocationProof, 1);
  made->protocol = protocol;
  made->blocks = g_new0(BlockCounts, protocol->n_blocks + 1);
  gsize n = table_n_rows(protocol->set->stimuli);
  for (gsize i = 0; i < protocol->n_blocks; i++) {
    BlockCounts *block = &made->blocks[i];
    gsize n_places = trial_list_count(protocol, i), n_groups;
    allocation_groups(protocol, i, &n_groups);
    block->seen = g_try_new0(guint32, n);
    block->on_top = g_try_new0(guint32, n * PROTOCOL_MAX_SCALES);
    block->mirrored = g_try_new0(guint32, 2 * n);
    block->together = n <= MAX_PAIRS ? g_try_new0(guint32, n * n) : NULL;
    if (!units_init(&block->images, n, n_places) || !units_init(&block->groups, n_groups, n_places) ||
        block->seen == NULL || block->on_top == NULL || block->mirrored == NULL ||
        (n <= MAX_PAIRS && block->together == NULL)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "[block %s]: %zu images at %zu places are too many to count",
                  protocol->blocks[i].name, n, n_places);
      return false;
    }
  }
  *proof = g_steal_pointer(&made);
  return true;
}

void allocation_proof_free(AllocationProof *proof) {
  if (proof == NULL)
    return;
  for (gsize i = 0; i < proof->protocol->n_blocks; i++) {
    BlockCounts *block = &proof->blocks[i];
    g_free(block->images.places);
    g_free(block->images.follows);
    g_free(block->groups.places);
    g_free(block->groups.follows);
    g_free(block->seen);
    g_free(block->together);
    g_free(block->on_top);
    g_free(block->mirrored);
  }
  g_free(proof->blocks);
  g_free(proof);
}

static void count_unit(Units *units, gsize place, gsize unit, gsize before) {
  units->places[unit * units->n_places + place]++;
  if (place > 0 && units->follows != NULL)
    units->follows[unit * units->n + before]++;
}

static void count_step(AllocationProof *proof, const Trial *trials, gsize n_trials, bool mirrors) {
  const Protocol *protocol = proof->protocol;
  gsize index = trials[0].block, n = table_n_rows(protocol->set->stimuli), n_groups, n_types, run = 0, n_seen = 0;
  const gsize *groups = allocation_groups(protocol, index, &n_groups);
  const gsize *types = allocation_types(protocol, index, &n_types);
  BlockCounts *block = &proof->blocks[index];
  g_autofree bool *marked = g_new0(bool, n);
  g_autofree gsize *seen = g_new(gsize, n_trials);
  for (gsize i = 0; i < n_trials; i++) {
    gsize image = trials[i].stimulus, before = i > 0 ? trials[i - 1].stimulus : 0;
    count_unit(&block->images, i, image, before);
    if (groups != NULL)
      count_unit(&block->groups, i, groups[image], groups[before]);
    run = types != NULL && i > 0 && types[image] == types[before] ? run + 1 : 1;
    block->longest_run = MAX(block->longest_run, run);
    block->mirrored[(mirrors ? n : 0) + image]++;
    block->on_top[image * PROTOCOL_MAX_SCALES + trials[i].scales[0]]++;
    if (!marked[image])
      seen[n_seen++] = image;
    marked[image] = true;
  }
  for (gsize i = 0; i < n_seen; i++) {
    block->seen[seen[i]]++;
    for (gsize j = 0; block->together != NULL && j < i; j++)
      block->together[MAX(seen[i], seen[j]) * n + MIN(seen[i], seen[j])]++;
  }
}

void allocation_proof_add(AllocationProof *proof, const TrialList *list) {
  bool mirrors = allocation_mirrors(proof->protocol, list->participant);
  proof->n++;
  for (gsize step = 0; step < proof->protocol->n_steps; step++) {
    gsize n_trials;
    const Trial *trials = trial_list_step(list, step, &n_trials);
    if (n_trials > 0)
      count_step(proof, trials, n_trials, mirrors);
  }
}

/* The smallest and the largest of some counts, and whether they are the same. */
typedef struct {
  gsize min, max;
} Extent;

static void widen(Extent *extent, gsize count) {
  extent->min = MIN(extent->min, count);
  extent->max = MAX(extent->max, count);
}

static Extent extent_of(const guint32 *counts, gsize n) {
  Extent extent = {G_MAXSIZE, 0};
  for (gsize i = 0; i < n; i++)
    widen(&extent, counts[i]);
  return extent;
}

/* Of an n by n matrix; below the diagonal only, or all but the diagonal. */
static Extent extent_of_pairs(const guint32 *counts, gsize n, bool below) {
  Extent extent = {G_MAXSIZE, 0};
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < (below ? i : n); j++)
      if (i != j)
        widen(&extent, counts[i * n + j]);
  return extent;
}

/* "WHAT: exact; each ... 30 TIMEs" or "WHAT: not exact; each ... 29 to 31 TIMEs". */
static void append_extent(GString *text, const char *what, const char *sentence, Extent extent, const char *time) {
  if (extent.min == extent.max)
    g_string_append_printf(text, "  %s: exact; %s %zu %s%s", what, sentence, extent.min, time,
                           extent.min == 1 ? "" : "s");
  else
    g_string_append_printf(text, "  %s: not exact; %s %zu to %zu %ss", what, sentence, extent.min, extent.max, time);
}

/* How far the counts of places lie from even ones. A participant's places are a permutation, so that by chance the sum
 * of squares over expectations is (n - 1)^2, the degrees of freedom, times n / (n - 1). */
static void append_chance(GString *text, const Units *units, gsize n_participants) {
  double expected = (double)n_participants / (double)units->n, sum = 0, n = (double)units->n;
  for (gsize i = 0; i < units->n * units->n_places; i++) {
    double distance = units->places[i] - expected;
    sum += distance * distance / expected;
  }
  g_string_append_printf(text, "; chi-squared %.1f, by chance %.0f", sum * (n - 1) / n, (n - 1) * (n - 1));
}

static void append_units(GString *text, const AllocationProof *proof, gsize index, const Units *units,
                         const char *name) {
  const ProtocolBlock *block = &proof->protocol->blocks[index];
  g_autofree char *places = g_strdup_printf("%s x place", name), *pairs = g_strdup_printf("%s x next", name);
  g_autofree char *at_each = g_strdup_printf("each %s comes at each of %zu places", name, units->n_places);
  g_autofree char *follows = g_strdup_printf("each %s directly follows each other one", name);
  append_extent(text, places, at_each, extent_of(units->places, units->n * units->n_places), "time");
  bool everyone_sees_all = units->n * block->repeats == units->n_places;
  if (block->order == ORDER_RANDOM && block->max_run == 0 && block->repeats == 1 && everyone_sees_all && units->n > 1)
    append_chance(text, units, proof->n);
  g_string_append(text, block->order == ORDER_RANDOM ? " (random orders: even in the long run)\n" : "\n");
  if (units->follows == NULL)
    g_string_append_printf(text, "  %s: not counted for more than %zu\n", pairs, MAX_PAIRS);
  else if (units->n > 1) {
    append_extent(text, pairs, follows, extent_of_pairs(units->follows, units->n, false), "time");
    g_string_append_c(text, '\n');
  }
}

static void append_choice(GString *text, const AllocationProof *proof, gsize index) {
  static const char *const orders[] = {"in random order", "in the set's order", "in Latin squares (Williams)"};
  const ProtocolBlock *block = &proof->protocol->blocks[index];
  g_string_append_printf(text, "[block %s] %zu of %zu images a participant", block->name,
                         allocation_count(proof->protocol, index), proof->blocks[index].images.n);
  if (block->choice == IMAGES_ONE_PER)
    g_string_append_printf(text, ", one per %s", block->one_per);
  if (block->choice == IMAGES_BALANCED)
    g_string_append(text, ", in incomplete blocks");
  if (block->repeats > 1)
    g_string_append_printf(text, ", %zu times each", block->repeats);
  g_string_append_printf(text, ", %s", orders[block->order]);
  if (block->max_run > 0)
    g_string_append_printf(text, " with at most %zu of one %s in a row", block->max_run, block->run_of);
  g_string_append_c(text, '\n');
}

/* Over participants 1 to n_participants: how many see each image, or how often each comes at each place of a Latin
 * order. False where that would take too long. */
static bool count_round(const Protocol *protocol, gsize index, gsize n_participants, bool places, Extent *extent) {
  gsize n = table_n_rows(protocol->set->stimuli), n_trials = trial_list_count(protocol, index);
  gsize side = places ? n_trials : 1;
  if (n_participants > MAX_STEPS / (n + n_trials) || n > MAX_CELLS / side)
    return false;
  g_autofree guint32 *counts = g_try_new0(guint32, n * side);
  g_autofree gsize *rows = g_new(gsize, n), *order = g_new(gsize, n_trials);
  if (counts == NULL)
    return false;
  for (gsize p = 1; p <= n_participants; p++) {
    gsize count = allocation_images(protocol, index, p, rows);
    Random none; /* is drawn from for random orders only */
    random_init_stream(&none, 0, "");
    if (!places)
      for (gsize i = 0; i < count; i++)
        counts[rows[i]]++;
    else if (!allocation_order(protocol, index, p, &none, rows, count, order, NULL))
      return false;
    for (gsize i = 0; places && i < n_trials; i++)
      counts[order[i] * side + i]++;
  }
  *extent = extent_of(counts, n * side);
  return true;
}

/* What was counted over one round, after which the design comes again. */
static void append_round(GString *text, const Protocol *protocol, gsize index, gsize n_participants, bool places) {
  const char *what = places ? "places" : "images";
  const char *each = places ? "each image comes at each place" : "each image is seen by";
  Extent extent;
  if (!count_round(protocol, index, n_participants, places, &extent))
    g_string_append_printf(text, "  balance of %s: not counted; the design comes round after %zu participants\n", what,
                           n_participants);
  else if (extent.min == extent.max)
    g_string_append_printf(text, "  balance of %s: exact over any %zu consecutive participants; %s %zu%s\n", what,
                           n_participants, each, extent.min,
                           !places           ? ""
                           : extent.min == 1 ? " time"
                                             : " times");
  else
    g_string_append_printf(text,
                           "  balance of %s: not exact; over participants 1 to %zu, after which the design "
                           "comes round, %s %zu to %zu%s\n",
                           what, n_participants, each, extent.min, extent.max, places ? " times" : "");
}

/* What a balanced block's pairs come to, and what an exact design would take. */
static void append_pairs(GString *text, const Protocol *protocol, gsize index, gsize n_images) {
  gsize fewest, most, round, participants = allocation_cycle(protocol, index);
  if (allocation_pairs(protocol, index, &fewest, &most, &round)) {
    g_string_append_printf(text,
                           "  balance of pairs: exact over any %zu consecutive participants (a balanced "
                           "incomplete block design)\n",
                           participants);
    return;
  }
  Extent extent;
  if (count_round(protocol, index, round, false, &extent) && extent.min == extent.max)
    g_string_append_printf(text, "  balance of images: exact also over participants 1 to %zu, and each further %zu\n",
                           round, round);
  g_string_append_printf(text,
                         "  balance of pairs: NOT exact; over any %zu consecutive participants each pair is seen by "
                         "%zu to %zu\n"
                         "    (no design with exact pairs was found; any would need %zu participants or more)\n",
                         participants, fewest, most, block_design_bound(n_images, allocation_count(protocol, index)));
}

static void append_cycle(GString *text, const AllocationProof *proof, gsize index) {
  gsize images = allocation_cycle(proof->protocol, index), places = allocation_place_cycle(proof->protocol, index);
  const ProtocolBlock *block = &proof->protocol->blocks[index];
  if (images > 1)
    append_round(text, proof->protocol, index, images, false);
  if (block->choice == IMAGES_BALANCED)
    append_pairs(text, proof->protocol, index, proof->blocks[index].images.n);
  if (places > images)
    append_round(text, proof->protocol, index, places, true);
}

static void append_scales(GString *text, const AllocationProof *proof, gsize index) {
  const ProtocolBlock *block = &proof->protocol->blocks[index];
  const BlockCounts *counts = &proof->blocks[index];
  for (gsize i = 0; block->n_scales > 1 && i < block->n_scales; i++) {
    Extent extent = {G_MAXSIZE, 0};
    for (gsize image = 0; image < counts->images.n; image++)
      widen(&extent, counts->on_top[image * PROTOCOL_MAX_SCALES + block->scales[i]]);
    g_autofree char *what = g_strdup_printf("image x %s on top", proof->protocol->scales[block->scales[i]].name);
    append_extent(text, what, "each image", extent, "time");
    g_string_append_c(text, '\n');
  }
}

/* All scales whose polarity goes by participant turn together. */
static void append_polarity(GString *text, const AllocationProof *proof, gsize index) {
  static const char *const sides[] = {"left", "right"};
  const ProtocolBlock *block = &proof->protocol->blocks[index];
  const BlockCounts *counts = &proof->blocks[index];
  bool turns = false;
  for (gsize i = 0; i < block->n_scales; i++)
    turns |= proof->protocol->scales[block->scales[i]].polarity == POLARITY_BY_PARTICIPANT;
  for (gsize side = 0; turns && side < 2; side++) {
    g_autofree char *what = g_strdup_printf("image x low end at the %s", sides[side]);
    append_extent(text, what, "each image", extent_of(counts->mirrored + side * counts->images.n, counts->images.n),
                  "time");
    g_string_append_c(text, '\n');
  }
}

static void append_block(GString *text, const AllocationProof *proof, gsize index) {
  const ProtocolBlock *block = &proof->protocol->blocks[index];
  const BlockCounts *counts = &proof->blocks[index];
  gsize n = counts->images.n;
  append_choice(text, proof, index);
  append_cycle(text, proof, index);
  append_extent(text, "image x participants", "each image is seen by", extent_of(counts->seen, n), "participant");
  g_string_append_c(text, '\n');
  if (counts->together != NULL && n > 1) {
    append_extent(text, "pair x participants", "each pair of images is seen by",
                  extent_of_pairs(counts->together, n, true), "participant");
    g_string_append_c(text, '\n');
  }
  if (counts->groups.n > 0)
    append_units(text, proof, index, &counts->groups, block->one_per);
  append_units(text, proof, index, &counts->images, "image");
  if (block->max_run > 0)
    g_string_append_printf(text, "  runs: the longest of one %s is %zu; at most %zu are wanted\n", block->run_of,
                           counts->longest_run, block->max_run);
  append_scales(text, proof, index);
  append_polarity(text, proof, index);
}

char *allocation_proof_text(const AllocationProof *proof) {
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%zu participants, seed %" G_GUINT64_FORMAT "\n", proof->n, proof->protocol->seed);
  for (gsize step = 0; step < proof->protocol->n_steps; step++)
    if (proof->protocol->steps[step].kind == STEP_BLOCK)
      append_block(text, proof, proof->protocol->steps[step].index);
  return g_string_free(text, FALSE);
}
