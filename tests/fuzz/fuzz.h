/* What the fuzz targets share. Each fuzz_NAME.c is one libFuzzer program: make fuzz builds them with clang and runs
 * each for FUZZ_SECONDS. A target fails by crashing; a reader that refuses its input is doing its work. */
#ifndef DREAMRIG_TESTS_FUZZ_H
#define DREAMRIG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a file that readers can open by path until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

#endif
