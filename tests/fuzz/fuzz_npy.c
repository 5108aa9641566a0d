#include "stimuli/image.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Image) image = NULL;
  image_read_npy(fuzz_file(data, size), &image, NULL);
  return 0;
}
