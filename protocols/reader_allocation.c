#include <string.h>

#include "protocols/allocation.h"
#include "protocols/reader.h"
#include "stimuli/base/number.h"

#define MAX_TRIALS 100000
#define ONE_PER "one per "

static void read_choice(KeyFile *keys, const char *group, ProtocolBlock *block) {
  static const char *const designs[] = {"rotating", "balanced", NULL};
  g_autofree char *text = keyfile_string(keys, group, "images", "all");
  bool balanced = keyfile_choice(keys, group, "design", designs, 0) == 1;
  gint64 count = 0;
  if (number_parse_int(text, &count) && count >= 1 && count <= MAX_TRIALS) {
    block->choice = balanced ? IMAGES_BALANCED : IMAGES_WINDOW;
    block->images = (gsize)count;
  } else if (g_str_has_prefix(text, ONE_PER)) {
    block->choice = IMAGES_ONE_PER;
    block->one_per = g_strstrip(g_strdup(text + strlen(ONE_PER)));
  } else if (strcmp(text, "all") != 0) {
    keyfile_fault(keys, group, "images", "is \"%s\"; \"all\", a number from 1 on or \"one per COLUMN\" is needed",
                  text);
  }
  if (block->choice != IMAGES_WINDOW && block->choice != IMAGES_BALANCED && keyfile_has(keys, group, "design"))
    keyfile_fault(keys, group, "design", "needs images = COUNT: how many images each participant sees");
}

void reader_images(KeyFile *keys, const char *group, ProtocolBlock *block) {
  static const char *const orders[] = {"random", "fixed", "latin", NULL};
  read_choice(keys, group, block);
  block->order = (BlockOrder)keyfile_choice(keys, group, "order", orders, ORDER_RANDOM);
  bool limited = keyfile_has(keys, group, "max_run");
  block->max_run = limited ? (gsize)keyfile_int(keys, group, "max_run", 1, 1, MAX_TRIALS) : 0;
  block->run_of = keyfile_string(keys, group, "run_of", NULL);
  if (limited && block->run_of == NULL)
    keyfile_fault(keys, group, "run_of", "is missing; a column of stimuli.tsv is needed, for example layer_type");
  else if (!limited && block->run_of != NULL)
    keyfile_fault(keys, group, "max_run", "is missing; how many images in a row may agree in %s", block->run_of);
  if (limited && block->order != ORDER_RANDOM)
    keyfile_fault(keys, group, "max_run", "needs order = random: the other orders are what they are");
  if (block->run_of == NULL)
    block->max_run = 0;
}

static bool is_plain_window(const ProtocolBlock *block) {
  return block->choice == IMAGES_WINDOW && block->n_excluded == 0;
}

/* What can be excluded from what, so that every participant sees as many images. */
static void check_excluded(KeyFile *keys, const Protocol *protocol, const ProtocolBlock *block, const char *group) {
  bool first = block->choice == IMAGES_ONE_PER || block->choice == IMAGES_BALANCED;
  gsize n = table_n_rows(protocol->set->stimuli), wanted = 0, excluded = 0, plain = 0;
  bool bounded = true;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    wanted += protocol->blocks[i].choice == IMAGES_WINDOW ? protocol->blocks[i].images : 0;
  for (gsize i = 0; i < block->n_excluded; i++) {
    const ProtocolBlock *other = &protocol->blocks[block->excluded[i]];
    bounded &= other->choice != IMAGES_ALL;
    plain += is_plain_window(other);
    excluded += allocation_count(protocol, block->excluded[i]);
    if (other->choice != IMAGES_WINDOW)
      wanted += allocation_count(protocol, block->excluded[i]);
  }
  if (first)
    keyfile_fault(keys, group, "exclude",
                  "cannot be used here: this block chooses its images first. Exclude it from the "
                  "other block instead");
  else if (!bounded || (block->choice == IMAGES_ALL && excluded == n))
    keyfile_fault(keys, group, "exclude", "leaves no image for this block");
  else if (wanted > n)
    keyfile_fault(keys, group, "exclude", "the blocks want %zu images together, but the set %s has %zu", wanted,
                  protocol->set->folder, n);
  else if (block->choice == IMAGES_ALL && block->n_excluded > 1 && plain < block->n_excluded)
    keyfile_fault(keys, group, "exclude",
                  "can hold several blocks only where all have images = COUNT and exclude none");
}

static bool plan_images(KeyFile *keys, Protocol *protocol) {
  gsize n = table_n_rows(protocol->set->stimuli);
  bool good = true;
  for (gsize i = 0; i < protocol->n_blocks; i++) {
    ProtocolBlock *block = &protocol->blocks[i];
    g_autofree char *group = reader_group("block", block->name);
    g_autoptr(GError) error = NULL;
    bool fits = block->images <= n;
    if (!fits)
      keyfile_fault(keys, group, "images", "%zu images are wanted, but the set %s has %zu", block->images,
                    protocol->set->folder, n);
    else if (!allocation_plan_images(protocol, i, &error))
      keyfile_fault(keys, group, block->choice == IMAGES_BALANCED ? "design" : "images", "%s", error->message);
    good &= fits && error == NULL;
  }
  return good;
}

void reader_allocation(KeyFile *keys, Protocol *protocol) {
  if (!plan_images(keys, protocol))
    return;
  for (gsize i = 0; i < protocol->n_blocks; i++) {
    g_autofree char *group = reader_group("block", protocol->blocks[i].name);
    if (protocol->blocks[i].n_excluded > 0)
      check_excluded(keys, protocol, &protocol->blocks[i], group);
  }
  gsize n_faults, n_trials = 0;
  keyfile_faults(keys, &n_faults);
  for (gsize i = 0; i < protocol->n_blocks && n_faults == 0; i++) {
    g_autofree char *group = reader_group("block", protocol->blocks[i].name);
    g_autoptr(GError) error = NULL;
    const char *column = protocol->blocks[i].run_of;
    if (column != NULL && table_column(protocol->set->stimuli, column) < 0)
      keyfile_fault(keys, group, "run_of", "the set %s has no column %s in stimuli.tsv", protocol->set->folder, column);
    else if (!allocation_plan_order(protocol, i, &error))
      keyfile_fault(keys, group, "max_run", "%s", error->message);
    n_trials += protocol->blocks[i].repeats * allocation_count(protocol, i);
  }
  if (n_trials > MAX_TRIALS)
    keyfile_fault(keys, NULL, NULL, "makes %zu trials; at most %d are possible", n_trials, MAX_TRIALS);
}
