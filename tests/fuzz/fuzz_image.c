#include "stimuli/image.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Image) image = NULL;
  g_autoptr(GError) error = NULL;
  image_decode("fuzz", data, size, &image, &error);
  return 0;
}
