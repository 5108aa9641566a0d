/* Random orders in which no more than so many items of one type follow one another.
 *
 * What is drawn is uniform over all such orders. Whole shuffles are tried first and the first one that keeps to the
 * limit is taken (rejection: uniform by construction). Where such orders are too rare for that, the sequence of types
 * is drawn from a table that counts them (allocation_run_table.h), and items of one type are in random order among
 * themselves. */
#ifndef DREAMRIG_ALLOCATION_RUNS_H
#define DREAMRIG_ALLOCATION_RUNS_H

#include <glib.h>
#include <stdbool.h>

#include "stimuli/base/random.h"

/* Whether any order of counts[n_types] items has no more than max_run >= 1 of a type in succession: each type's items
 * must fit into the places that the others leave. Where not, *type is the type that is too frequent and *most how many
 * of it would fit. */
bool runs_possible(const gsize *counts, gsize n_types, gsize max_run, gsize *type, gsize *most);

/* Puts items[n] in a random order; type_of[item] is an item's type, below n_types. Where `before` items of type `last`
 * precede, they count as the start of the first run (before = 0: none do). Fails where no order is possible, where the
 * table above cannot be made, or where none of many draws fits to what precedes. */
bool runs_shuffle(Random *random, gsize *items, gsize n, const gsize *type_of, gsize n_types, gsize max_run, gsize last,
                  gsize before, GError **error);

#endif
