/* Protocols with one thing wrong, and all that is said about it: at least one for every key of the manual. */
#ifndef DREAMRIG_TESTS_FAULTY_KEYS_H
#define DREAMRIG_TESTS_FAULTY_KEYS_H

#include <stddef.h>

typedef struct {
  const char *piece, *by; /* of fixture_text: `piece` is replaced by `by`; NULL: `by` is added at the end */
  const char *wanted;     /* the faults, a line each */
} FaultyKey;

/* Pieces of fixture_text. */
#define HELLO "[page hello]\ntext = Hello\ntext[pl] = Cześć\n"
#define MOOD "[question mood]\ntext = Your mood?\noptions = bad; so so; good\noptions[pl] = zły; taki sobie; dobry\n"
#define AROUSAL "[scale arousal]\nfigure = arousal\nleft = calm\nright = excited\nstart = random\n"
/* The keys of a sound in which nothing is wrong. */
#define TONE "kind = tone\nfrequency_hz = 440\nlevel_dbfs = -20\nduration_ms = 50\n"

/* Each ends with an empty one. */
extern const FaultyKey faulty_keys_study[], faulty_keys_questions[], faulty_keys_blocks[];

#endif
