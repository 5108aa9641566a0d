/* Even choices where some are forbidden: each participant of a round gets as many images as every other, none of those
 * that are forbidden to them, and over the round each image is chosen equally often, or as evenly as the forbidden ones
 * allow.
 *
 * Participant after participant gets the images that were chosen least often so far, so that the first few are even as
 * well. Then chains of exchanges, a participant giving up one image for another, lead from images that are chosen too
 * often to such as are chosen at least twice less. Where no chain is left, no other choice has a smaller sum of squares
 * of the images' counts (nor of any other convex function of them). Where fractions of images would make all counts
 * the same whole number, they are therefore that number: the corners of the polytope of such choices are whole. So it
 * is wherever every participant is forbidden as many images and every image to as many participants.
 *
 * Source: Harvey, Ladner, Lovasz & Tamir 2006, Semi-matchings for bipartite graphs and load balancing, Journal of
 * Algorithms 59, 53-78, doi:10.1016/j.jalgor.2005.01.003 (cost-reducing paths; here a participant has several images
 * rather than one). */
#ifndef DREAMRIG_ALLOCATION_EVEN_H
#define DREAMRIG_ALLOCATION_EVEN_H

#include <glib.h>

typedef enum { EVEN_FREE, EVEN_FORBIDDEN, EVEN_CHOSEN } EvenCell;

/* cells: n_participants by n, EVEN_FREE or EVEN_FORBIDDEN, of which `count` in each row become EVEN_CHOSEN; at least so
 * many of each row must be free. order[n]: a permutation of the images, in which those that have been chosen equally
 * often are taken. */
void even_choose(guint8 *cells, gsize n_participants, gsize n, gsize count, const gsize *order);

#endif
