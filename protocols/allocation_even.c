#include "protocols/allocation_even.h"

#include <stdbool.h>
#include <string.h>

#define NOBODY G_MAXSIZE

typedef struct {
  guint8 *cells;
  gsize n_participants, n;
  gsize *chosen; /* how often, of each image */
  bool *settled; /* images that no chain makes more even */
  /* Of one search. */
  gsize *queue;  /* images that chains have reached */
  gsize *giver;  /* of each image: the participant that would take it; NOBODY at a chain's start */
  gsize *given;  /* of each image: what that participant would give up */
  bool *reached; /* images */
  bool *asked;   /* participants */
  gsize n_reached;
} Search;

/* The images that were chosen least often, and of these the first of the order. */
static void choose_least(Search *search, gsize participant, gsize count, const gsize *order) {
  guint8 *row = search->cells + participant * search->n;
  gsize level = G_MAXSIZE, most = 0, found = 0;
  for (gsize i = 0; i < search->n; i++) {
    level = MIN(level, search->chosen[i]);
    most = MAX(most, search->chosen[i]);
  }
  for (; found < count && level <= most; level++)
    for (gsize i = 0; i < search->n && found < count; i++) {
      gsize image = order[i];
      if (row[image] != EVEN_FREE || search->chosen[image] != level)
        continue;
      row[image] = EVEN_CHOSEN;
      found++;
    }
  g_assert(found == count);
  for (gsize i = 0; i < search->n; i++)
    search->chosen[i] += row[i] == EVEN_CHOSEN;
}

static void reach(Search *search, gsize image, gsize giver, gsize given) {
  search->reached[image] = true;
  search->giver[image] = giver;
  search->given[image] = given;
  search->queue[search->n_reached++] = image;
}

/* What a participant who has the image could take instead of it; an image that ends the chain, or NOBODY. */
static gsize ask(Search *search, gsize participant, gsize image, gsize most) {
  const guint8 *row = search->cells + participant * search->n;
  search->asked[participant] = true;
  for (gsize other = 0; other < search->n; other++)
    if (row[other] == EVEN_FREE && !search->reached[other] && !search->settled[other]) {
      reach(search, other, participant, image);
      if (search->chosen[other] + 2 <= most)
        return other;
    }
  return NOBODY;
}

/* An image at the end of a chain from one that was chosen `most` times, itself chosen at least twice less; NOBODY where
 * there is none: all that was reached can't be made more even. The last participants are asked first, so that the first
 * ones stay even. */
static gsize find_chain(Search *search, gsize most) {
  search->n_reached = 0;
  memset(search->asked, 0, search->n_participants * sizeof *search->asked);
  memset(search->reached, 0, search->n * sizeof *search->reached);
  for (gsize i = 0; i < search->n; i++)
    if (!search->settled[i] && search->chosen[i] == most)
      reach(search, i, NOBODY, NOBODY);
  gsize end = NOBODY;
  for (gsize next = 0; next < search->n_reached && end == NOBODY; next++) {
    gsize image = search->queue[next];
    for (gsize p = search->n_participants; p-- > 0 && end == NOBODY;)
      if (!search->asked[p] && search->cells[p * search->n + image] == EVEN_CHOSEN)
        end = ask(search, p, image, most);
  }
  return end;
}

static void exchange(Search *search, gsize image) {
  search->chosen[image]++;
  for (; search->giver[image] != NOBODY; image = search->given[image]) {
    guint8 *row = search->cells + search->giver[image] * search->n;
    row[image] = EVEN_CHOSEN;
    row[search->given[image]] = EVEN_FREE;
  }
  search->chosen[image]--;
}

/* Whether images are left that could be more even, and how often those that were chosen most. */
static bool most_chosen(const Search *search, gsize *most) {
  gsize n_left = 0;
  *most = 0;
  for (gsize i = 0; i < search->n; i++) {
    n_left += !search->settled[i];
    *most = search->settled[i] ? *most : MAX(*most, search->chosen[i]);
  }
  return n_left > 1;
}

void even_choose(guint8 *cells, gsize n_participants, gsize n, gsize count, const gsize *order) {
  g_autofree gsize *chosen = g_new0(gsize, n), *queue = g_new(gsize, n), *giver = g_new(gsize, n),
                   *given = g_new(gsize, n);
  g_autofree bool *settled = g_new0(bool, n), *reached = g_new(bool, n), *asked = g_new(bool, n_participants);
  Search search = {cells, n_participants, n, chosen, settled, queue, giver, given, reached, asked, 0};
  for (gsize p = 0; p < n_participants; p++)
    choose_least(&search, p, count, order);
  gsize most;
  while (most_chosen(&search, &most)) {
    gsize end = find_chain(&search, most);
    for (gsize i = 0; end == NOBODY && i < search.n_reached; i++)
      settled[queue[i]] = true;
    if (end != NOBODY)
      exchange(&search, end);
  }
}
