/* The names of files that a user wants written. */
#ifndef DREAMRIG_DREAM_OUTPUT_NAME_H
#define DREAMRIG_DREAM_OUTPUT_NAME_H

#include <stdbool.h>

/* Whether the name ends in the suffix (".png"), in small or capital letters. */
bool output_has_suffix(const char *name, const char *suffix);

#endif
