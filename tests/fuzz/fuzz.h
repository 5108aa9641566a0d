/* What the fuzz targets share. Each fuzz_NAME.c is one libFuzzer program: make fuzz builds them with clang and runs
 * each for FUZZ_SECONDS on what seeds.sh gives it. A target fails by crashing, by leaking, by hanging and by a warning
 * of GLib's; a reader that refuses its input is doing its work.
 *
 * An input of several files has them one after another, with the character FUZZ_SEPARATOR between them. */
#ifndef DREAMRIG_TESTS_FUZZ_H
#define DREAMRIG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_SEPARATOR 0x1e /* ASCII's record separator, which no text has */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
  const uint8_t *data;
  size_t size;
} FuzzPart;

/* The input as a file that readers can open by path until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);
/* Cuts the input at separators, the last part taking what is left; parts that are not there are empty. */
void fuzz_split(const uint8_t *data, size_t size, FuzzPart *parts, size_t n_parts);
/* A folder in memory, removed at the end. */
const char *fuzz_folder(void);
/* Writes a file of that folder, over the one before, with the folders that it lies in. */
void fuzz_write(const char *relative, const void *data, size_t size);
/* Removes what lies in that folder under this name, and all in it. */
void fuzz_remove(const char *relative);

#endif
