/* Which layers of a network the user means: names, patterns, or all. */
#ifndef DREAMRIG_DREAM_LAYERS_H
#define DREAMRIG_DREAM_LAYERS_H

#include "synth/net/graph.h"

/* The nodes that `wanted` (NULL-terminated) names, each once: a name gives its layer; a pattern with * and ? gives the
 * layers it matches, in the network's order; "all" gives every layer; "!pattern" takes away from those before it. Fails
 * on a name that is no layer (naming the nearest), on a pattern without a match, and where none is left. Free *nodes
 * with g_free. */
bool layers_select(const NetGraph *graph, const char *const *wanted, int **nodes, gsize *n_nodes, GError **error);

/* As layers_select among any names: the indices of the wanted ones. `owner` and `where` ("the set has only mixed4a")
 * are for messages. Free *picked with g_free. */
bool layers_pick(const char *owner, const char *where, const char *const *names, gsize n_names,
                 const char *const *wanted, gsize **picked, gsize *n_picked, GError **error);
/* The items of a comma-separated list, without blanks around them and without empty ones; NULL-terminated. */
char **layers_parse(const char *list);

/* Whether an item of a list may stand for several layers. */
bool layers_is_pattern(const char *item);

#endif
