#include "protocols/allocation_blocks.h"

#include <string.h>

#include "protocols/allocation_private.h"
#include "stimuli/base/error.h"
#include "stimuli/base/random.h"

#define MOVES 2000000 /* of one search, divided by the block size, which each move's cost is proportional to */
#define ROUNDS 3
#define MAX_TRIES 4
#define MAX_CELLS 20000 /* residues of all base blocks */
#define NEARLY_BASE 4

/* The points are the residues and, where modulus is v - 1, one more that shifting leaves where it is. */
struct BlockDesign {
  gsize v, k;      /* k <= v / 2: of the complement where that is the smaller one */
  bool complement; /* the blocks are what the base blocks leave out */
  gsize modulus;   /* v or v - 1 */
  gsize n_base;
  gsize n_fixed;      /* base blocks with the fixed point, which come first and have one residue less */
  gsize *base;        /* n_base blocks of k residues */
  bool exact;         /* every pair in as many blocks; else only nearly */
  gsize fewest, most; /* blocks that a pair of images is in */
};

gsize block_design_bound(gsize v, gsize k) {
  gsize of_images = v / allocation_divisor(v, k), pairs = v * (v - 1);
  gsize of_pairs = pairs / allocation_divisor(pairs, k * (k - 1));
  gsize step = of_images / allocation_divisor(of_images, of_pairs) * of_pairs;
  return (v + step - 1) / step * step;
}

/* A family in the making: how often each difference comes, and how far that is from what is wanted. */
typedef struct {
  gsize modulus, size, n_base, n_fixed; /* the first n_fixed blocks have the fixed point instead of a last residue */
  int wanted;                           /* of each difference */
  gsize *base;                          /* n_base by size */
  bool *member;                         /* n_base by modulus */
  int *differences;
  gint64 cost; /* sum of squared distances from `wanted` over the differences 1..modulus-1 */
} Family;

static gsize n_residues(const Family *family, gsize block) { return family->size - (block < family->n_fixed); }

static void count_difference(Family *family, gsize difference, int by) {
  int before = family->differences[difference] - family->wanted, after = before + by;
  family->differences[difference] += by;
  family->cost += (gint64)after * after - (gint64)before * before;
}

/* Adds (by 1) or takes away (by -1) a residue's differences from the others of its block. */
static void count_residue(Family *family, gsize block, gsize place, gsize n, int by) {
  const gsize *residues = family->base + block * family->size;
  for (gsize i = 0; i < n; i++) {
    if (i == place)
      continue;
    gsize difference = residues[place] > residues[i] ? residues[place] - residues[i] : residues[i] - residues[place];
    count_difference(family, difference, by);
    count_difference(family, family->modulus - difference, by);
  }
}

static void replace(Family *family, gsize block, gsize place, gsize residue) {
  gsize *at = &family->base[block * family->size + place], n = n_residues(family, block);
  count_residue(family, block, place, n, -1);
  family->member[block * family->modulus + *at] = false;
  *at = residue;
  family->member[block * family->modulus + residue] = true;
  count_residue(family, block, place, n, 1);
}

/* Fills a block, whose members are cleared, with the first residues. */
static void place_block(Family *family, gsize block, const gsize *residues) {
  for (gsize i = 0; i < n_residues(family, block); i++) {
    family->base[block * family->size + i] = residues[i];
    family->member[block * family->modulus + residues[i]] = true;
    count_residue(family, block, i, i, 1);
  }
}

static void start(Family *family, Random *random) {
  gsize modulus = family->modulus;
  g_autofree gsize *residues = g_new(gsize, modulus);
  memset(family->member, 0, family->n_base * modulus * sizeof *family->member);
  memset(family->differences, 0, modulus * sizeof *family->differences);
  family->cost = (gint64)(modulus - 1) * family->wanted * family->wanted;
  for (gsize block = 0; block < family->n_base; block++) {
    for (gsize i = 0; i < modulus; i++)
      residues[i] = i;
    random_shuffle(random, residues, modulus);
    place_block(family, block, residues);
  }
}

/* Whether a rise of the cost is accepted: with probability 2^-(rise / step), rise / step rounded up. Whole numbers
 * only, so that every machine finds the same design. */
static bool accept(Random *random, gint64 rise, gint64 step) {
  gint64 halvings = (rise + step - 1) / step;
  return halvings <= 0 || (halvings < 32 && random_bits(random) >> (32 - halvings) == 0);
}

/* One move of the annealing: another residue in a block, taken back where it is not accepted. */
static void step_of(Family *family, Random *random, gsize block, gint64 step) {
  gsize place = random_below(random, (guint32)n_residues(family, block));
  gsize residue = random_below(random, (guint32)family->modulus), old = family->base[block * family->size + place];
  if (family->member[block * family->modulus + residue])
    return;
  gint64 before = family->cost;
  replace(family, block, place, residue);
  if (!accept(random, family->cost - before, step))
    replace(family, block, place, old);
}

/* Simulated annealing: the step falls from 4 to 1, and the search starts anew ROUNDS times. */
static bool search(Family *family) {
  Random random;
  g_autofree char *stream = g_strdup_printf("blocks %zu %zu %zu", family->modulus, family->size, family->n_base);
  random_init_stream(&random, 0, stream);
  gsize moves = MAX(MOVES / family->size, 1000);
  for (int round = 0; round < ROUNDS; round++) {
    start(family, &random);
    for (gsize move = 0; move < moves && family->cost > 0; move++)
      step_of(family, &random, random_below(&random, (guint32)family->n_base), 4 - (gint64)(4 * move / moves));
    if (family->cost == 0)
      return true;
  }
  return false;
}

/* Finds the base blocks of a design whose other fields are filled in. */
static bool find_family(BlockDesign *design) {
  gsize modulus = design->modulus, k = design->k;
  g_assert(modulus > 1);
  Family family = {.modulus = modulus, .size = k, .n_base = design->n_base, .n_fixed = design->n_fixed};
  gsize differences = (design->n_base - design->n_fixed) * k * (k - 1) + design->n_fixed * (k - 1) * (k - 2);
  family.wanted = (int)(differences / (modulus - 1));
  family.base = g_new0(gsize, design->n_base * k);
  family.member = g_new0(bool, design->n_base *modulus);
  family.differences = g_new0(int, modulus + 1);
  if (search(&family))
    design->base = g_steal_pointer(&family.base);
  g_free(family.base);
  g_free(family.member);
  g_free(family.differences);
  return design->base != NULL;
}

static bool is_prime(gsize n) {
  for (gsize i = 2; i * i <= n; i++)
    if (n % i == 0)
      return false;
  return n > 1;
}

/* The fewest base blocks on the residues modulo v for which each difference's count is whole, and even for v / 2, which
 * is its own opposite. */
static gsize fewest_cyclic(gsize v, gsize k) {
  gsize n = (v - 1) / allocation_divisor(v - 1, k * (k - 1));
  return v % 2 == 0 && n * k * (k - 1) / (v - 1) % 2 == 1 ? 2 * n : n;
}

/* With a fixed point, n k / v of the n base blocks have it; its pairs are then as many as the others'. */
static gsize fewest_fixed(gsize v, gsize k) {
  gsize n = v / allocation_divisor(v, k);
  return v % 2 == 1 && n * k / v * (k - 1) % 2 == 1 ? 2 * n : n;
}

/* Multiplying a block by every residue up to sign takes each of its differences to all of them. */
static void take_multiples(BlockDesign *design) {
  design->modulus = design->v;
  design->n_fixed = 0;
  design->n_base = (design->v - 1) / 2;
  design->base = g_new(gsize, design->n_base * design->k);
  for (gsize block = 0; block < design->n_base; block++)
    for (gsize i = 0; i < design->k; i++)
      design->base[block * design->k + i] = (block + 1) * i % design->v;
}

/* Adds base blocks one after another, each with what lies before it as even as the search gets it, so that what is
 * balanced is so after every v participants. */
static void search_nearly(Family *family, Random *random) {
  gsize n_all = family->n_base, per_block = family->size * (family->size - 1), v = family->modulus;
  gsize n_differences = MAX(v, 2) - 1;
  g_autofree gsize *best = g_new0(gsize, family->size), *residues = g_new(gsize, v);
  g_autofree int *before = g_new0(int, v);
  gsize moves = MAX(MOVES / family->size, 1000);
  for (gsize block = 0; block < n_all; block++) {
    gsize total = (block + 1) * per_block;
    gint64 least = G_MAXINT64;
    family->wanted = (int)(total / n_differences);
    memcpy(before, family->differences, v * sizeof *before);
    gint64 possible = (gint64)(total % n_differences); /* so many differences come once more than the others */
    for (int round = 0; round < ROUNDS && least > possible; round++) {
      memcpy(family->differences, before, v * sizeof *before);
      memset(family->member + block * v, 0, v * sizeof *family->member);
      family->cost = 0;
      for (gsize d = 1; d < v; d++) {
        gint64 distance = before[d] - family->wanted;
        family->cost += distance * distance;
      }
      for (gsize i = 0; i < v; i++)
        residues[i] = i;
      random_shuffle(random, residues, v);
      place_block(family, block, residues);
      for (gsize move = 0; move < moves && least > possible; move++) {
        if (family->cost < least) {
          least = family->cost;
          memcpy(best, family->base + block * family->size, family->size * sizeof *best);
        }
        step_of(family, random, block, 4 - (gint64)(4 * move / moves));
      }
    }
    memcpy(family->differences, before, v * sizeof *before);
    memset(family->member + block * v, 0, v * sizeof *family->member);
    place_block(family, block, best);
  }
}

/* Where no design is exact in pairs: as many base blocks as would do, NEARLY_BASE at most. */
static void find_nearly(BlockDesign *design) {
  gsize v = design->v, k = design->k;
  design->modulus = v;
  design->n_fixed = 0;
  design->n_base = MIN(fewest_cyclic(v, k), NEARLY_BASE);
  Random random;
  g_autofree char *stream = g_strdup_printf("nearly %zu %zu", v, k);
  random_init_stream(&random, 0, stream);
  Family family = {.modulus = v, .size = k, .n_base = design->n_base};
  family.base = g_new0(gsize, design->n_base * k);
  family.member = g_new0(bool, design->n_base *v);
  family.differences = g_new0(int, v + 1);
  search_nearly(&family, &random);
  design->base = family.base;
  g_free(family.member);
  g_free(family.differences);
}

/* How many blocks the pairs are in, from the differences of the base blocks. */
static void count_pairs(BlockDesign *design) {
  gsize v = design->v, k = design->k, b = design->n_base * design->modulus;
  gsize other = design->complement ? b - 2 * (b * k / v) : 0; /* what the complements have besides */
  if (design->exact) {
    design->fewest = design->most = other + b * k / v * (k - 1) / (v - 1);
    return;
  }
  g_autofree gsize *counts = g_new0(gsize, v);
  for (gsize block = 0; block < design->n_base; block++)
    for (gsize i = 0; i < k; i++)
      for (gsize j = 0; j < k; j++)
        if (i != j)
          counts[(design->base[block * k + i] + v - design->base[block * k + j]) % v]++;
  design->fewest = G_MAXSIZE;
  for (gsize d = 1; d < v; d++) {
    design->fewest = MIN(design->fewest, other + counts[d]);
    design->most = MAX(design->most, other + counts[d]);
  }
}

/* Tries both kinds of design, that of fewer participants first. */
static void find_design(BlockDesign *design) {
  gsize v = design->v, k = design->k, cyclic = fewest_cyclic(v, k), fixed = fewest_fixed(v, k);
  gsize n_cyclic = cyclic, n_fixed = fixed;
  for (int tries = 0; tries < MAX_TRIES && design->base == NULL; tries++) {
    bool with_fixed = n_fixed * (v - 1) < n_cyclic * v;
    design->modulus = with_fixed ? v - 1 : v;
    design->n_base = with_fixed ? n_fixed : n_cyclic;
    design->n_fixed = with_fixed ? n_fixed * k / v : 0;
    if (design->n_base * k > MAX_CELLS)
      break;
    find_family(design);
    n_cyclic += with_fixed ? 0 : cyclic;
    n_fixed += with_fixed ? fixed : 0;
  }
  if (design->base == NULL && v % 2 == 1 && is_prime(v))
    take_multiples(design);
}

bool block_design_new(gsize v, gsize k, BlockDesign **design, GError **error) {
  g_assert(k >= 2 && k < v);
  if (v > BLOCK_DESIGN_MAX_IMAGES) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "is balanced, which is possible for %d images at most, not for %zu",
                BLOCK_DESIGN_MAX_IMAGES, v);
    return false;
  }
  BlockDesign *made = g_new0(BlockDesign, 1);
  made->v = v;
  made->complement = k > v / 2;
  made->k = made->complement ? v - k : k;
  if (made->k == 1) { /* all but one image: the one rotates */
    made->modulus = v;
    made->n_base = 1;
    made->base = g_new0(gsize, 1);
  } else {
    find_design(made);
  }
  made->exact = made->base != NULL;
  if (!made->exact)
    find_nearly(made);
  count_pairs(made);
  *design = made;
  return true;
}

void block_design_free(BlockDesign *design) {
  if (design == NULL)
    return;
  g_free(design->base);
  g_free(design);
}

gsize block_design_participants(const BlockDesign *design) { return design->n_base * design->modulus; }

gsize block_design_round(const BlockDesign *design) {
  return design->exact ? block_design_participants(design) : design->modulus;
}

bool block_design_pairs(const BlockDesign *design, gsize *fewest, gsize *most) {
  *fewest = design->fewest;
  *most = design->most;
  return design->exact;
}

void block_design_mark(const BlockDesign *design, gsize block, bool *images) {
  gsize shift = block % design->modulus, index = block / design->modulus % design->n_base;
  const gsize *base = design->base + index * design->k;
  bool fixed = index < design->n_fixed;
  for (gsize i = 0; i < design->v; i++)
    images[i] = design->complement;
  for (gsize i = 0; i < design->k - fixed; i++)
    images[(base[i] + shift) % design->modulus] = !design->complement;
  if (fixed)
    images[design->v - 1] = !design->complement;
}
