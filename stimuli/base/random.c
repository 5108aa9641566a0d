#include "stimuli/base/random.h"

#include <math.h>
#include <string.h>

enum { N = 624, M = 397 };

static void init_genrand(Random *random, guint32 seed) {
  random->state[0] = seed;
  for (guint32 i = 1; i < N; i++) {
    guint32 last = random->state[i - 1];
    random->state[i] = 1812433253u * (last ^ (last >> 30)) + i;
  }
  random->position = N;
  random->has_normal = false;
  random->normal = 0;
}

static void init_by_array(Random *random, const guint32 *key, guint32 length) {
  init_genrand(random, 19650218u);
  guint32 *state = random->state;
  guint32 i = 1, j = 0;
  for (guint32 k = MAX((guint32)N, length); k > 0; k--) {
    state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) * 1664525u)) + key[j] + j;
    if (++i >= N) {
      state[0] = state[N - 1];
      i = 1;
    }
    if (++j >= length)
      j = 0;
  }
  for (guint32 k = N - 1; k > 0; k--) {
    state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) * 1566083941u)) - i;
    if (++i >= N) {
      state[0] = state[N - 1];
      i = 1;
    }
  }
  state[0] = 0x80000000u;
}

void random_init(Random *random, guint32 seed) { init_genrand(random, seed); }

void random_init_stream(Random *random, guint64 seed, const char *label) {
  g_autofree char *name = g_strdup_printf("%" G_GUINT64_FORMAT "/%s", seed, label);
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, (const guchar *)name, (gssize)strlen(name));
  guint8 digest[32];
  gsize size = sizeof digest;
  g_checksum_get_digest(checksum, digest, &size);
  guint32 key[4];
  memcpy(key, digest, sizeof key);
  for (int i = 0; i < 4; i++)
    key[i] = GUINT32_FROM_BE(key[i]);
  init_by_array(random, key, 4);
}

static guint32 twist(guint32 upper, guint32 lower) {
  guint32 mixed = (upper & 0x80000000u) | (lower & 0x7fffffffu);
  return (mixed >> 1) ^ ((lower & 1u) ? 0x9908b0dfu : 0u);
}

static void next_state(Random *random) {
  guint32 *state = random->state;
  for (int i = 0; i < N; i++)
    state[i] = state[(i + M) % N] ^ twist(state[i], state[(i + 1) % N]);
  random->position = 0;
}

guint32 random_bits(Random *random) {
  if (random->position >= N)
    next_state(random);
  guint32 bits = random->state[random->position++];
  bits ^= bits >> 11;
  bits ^= (bits << 7) & 0x9d2c5680u;
  bits ^= (bits << 15) & 0xefc60000u;
  return bits ^ (bits >> 18);
}

/* Uniform on 0..last. */
static guint32 draw_up_to(Random *random, guint32 last) {
  if (last == 0)
    return 0; /* NumPy draws nothing here */
  guint32 mask = G_MAXUINT32 >> __builtin_clz(last);
  guint32 drawn;
  do
    drawn = random_bits(random) & mask;
  while (drawn > last);
  return drawn;
}

guint32 random_below(Random *random, guint32 bound) {
  g_assert(bound > 0);
  return draw_up_to(random, bound - 1);
}

double random_uniform(Random *random) {
  guint32 high = random_bits(random) >> 5, low = random_bits(random) >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

double random_normal(Random *random) {
  if (random->has_normal) {
    random->has_normal = false;
    return random->normal;
  }
  double x, y, square;
  do {
    x = 2.0 * random_uniform(random) - 1.0;
    y = 2.0 * random_uniform(random) - 1.0;
    square = x * x + y * y;
  } while (square >= 1.0 || square == 0.0);
  double scale = sqrt(-2.0 * log(square) / square);
  random->normal = scale * x;
  random->has_normal = true;
  return scale * y;
}

void random_shuffle(Random *random, gsize *items, gsize n) {
  g_assert(n <= G_MAXUINT32);
  for (gsize i = n; i-- > 1;) {
    gsize j = draw_up_to(random, (guint32)i);
    gsize item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}
