/* Which layers of a network the user means: names, patterns, or all. */
#ifndef DREAMRIG_DREAM_LAYERS_H
#define DREAMRIG_DREAM_LAYERS_H

#include "synth/net/graph.h"

/* The nodes that `wanted` (NULL-terminated) names, each once: a name gives its layer; a pattern with * and ? gives the
 * layers it matches, in the network's order; "all" gives every layer; "!pattern" takes away from those before it. Fails
 * on a name that is no layer (naming the nearest), on a pattern without a match, and where none is left. Free *nodes
 * with g_free. */
bool layers_select(const NetGraph *graph, const char *const *wanted, int **nodes, gsize *n_nodes, GError **error);

#endif
