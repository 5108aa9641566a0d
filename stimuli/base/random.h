/* The project's one generator: the 32-bit Mersenne Twister MT19937, seeded and drawn from exactly as NumPy's legacy
 * RandomState, so that every stream can be checked in Python. Never a global: pass it.
 *
 * Source: Matsumoto & Nishimura 1998, doi:10.1145/272991.272995; numpy/random/_legacy. */
#ifndef DREAMRIG_BASE_RANDOM_H
#define DREAMRIG_BASE_RANDOM_H

#include <glib.h>
#include <stdbool.h>

#define RANDOM_ALGORITHM "MT19937 (NumPy RandomState)"

typedef struct {
  guint32 state[624];
  int position;
  bool has_normal; /* the polar method makes two; the second waits here */
  double normal;
} Random;

/* As numpy.random.RandomState(seed). */
void random_init(Random *random, guint32 seed);
/* An independent stream named by a seed and a label, e.g. (7, "participant 12"): the first 128 bits of
 * SHA-256("SEED/LABEL") as four big-endian words, as numpy.random.RandomState([w0, w1, w2, w3]). */
void random_init_stream(Random *random, guint64 seed, const char *label);

guint32 random_bits(Random *random);                 /* 32 uniform bits */
guint32 random_below(Random *random, guint32 bound); /* randint(bound): uniform on 0..bound-1, masked rejection */
double random_uniform(Random *random);               /* random_sample(): [0, 1), 53 bits */
double random_normal(Random *random);                /* standard_normal(): legacy polar method */
void random_shuffle(Random *random, gsize *items, gsize n); /* shuffle(): Fisher-Yates from the end */

#endif
