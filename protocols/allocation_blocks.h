/* Incomplete blocks: which k of v images each of b participants sees, so that every image is seen by equally many
 * participants and every pair of images by the same number of them, or as nearly so as a search gets it.
 *
 * A design is a list of base blocks on the residues modulo w: all their shifts are the blocks. It is exact, a balanced
 * incomplete block design, where the base blocks' differences, all together, are every residue but 0 equally often (a
 * difference family; repeated differences are allowed). Either w is v, or w is v - 1 and one more image stays where it
 * is under shifts. The fewest base blocks that arithmetic allows are tried first, by simulated annealing with a
 * generator of its own, so that (v, k) always gives the same design; k above v / 2 takes the complements. Where v is
 * prime and the search finds nothing, the multiples of one block by 1..(v-1)/2 are such a family.
 *
 * Where none is found, w is v and up to 4 base blocks are searched one after another, each so that all differences up
 * to it come as evenly as possible. All v shifts of a base block have every image k times, so that images are exactly
 * balanced after every v participants, and the pairs nearly.
 *
 * Source: Bose 1939, On the construction of balanced incomplete block designs, Annals of Eugenics 9, 353-399,
 * doi:10.1111/j.1469-1809.1939.tb02219.x. */
#ifndef DREAMRIG_ALLOCATION_BLOCKS_H
#define DREAMRIG_ALLOCATION_BLOCKS_H

#include <glib.h>
#include <stdbool.h>

#define BLOCK_DESIGN_MAX_IMAGES 1000

typedef struct BlockDesign BlockDesign;

/* A design of v images, 2 <= k < v a participant. Fails only where v is above BLOCK_DESIGN_MAX_IMAGES. Free with
 * block_design_free. */
bool block_design_new(gsize v, gsize k, BlockDesign **design, GError **error);
void block_design_free(BlockDesign *design);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BlockDesign, block_design_free)

/* The number of participants b after which the blocks come again. */
gsize block_design_participants(const BlockDesign *design);
/* Images are exactly balanced after every so many participants, counted from the first block: b, or v where the pairs
 * are not exact. */
gsize block_design_round(const BlockDesign *design);
/* The fewest and the most of b participants that see both images of a pair. True: the same for all pairs. */
bool block_design_pairs(const BlockDesign *design, gsize *fewest, gsize *most);
/* The images of a block, 0..b-1, marked in images[v]. Only all b together are balanced. */
void block_design_mark(const BlockDesign *design, gsize block, bool *images);
/* The least number of participants of any balanced design: both b k / v and b k (k - 1) / (v (v - 1)) are whole, and b
 * is at least v (Fisher's inequality). 2 <= k < v. */
gsize block_design_bound(gsize v, gsize k);

#endif
