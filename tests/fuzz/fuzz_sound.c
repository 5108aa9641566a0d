/* Sound files: libsndfile's readers, and what we make of them. */
#include "stimuli/sound.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Sound) sound = NULL;
  if (!sound_read(fuzz_file(data, size), &sound, NULL))
    return 0;
  sound_set_level(sound, -20, NULL);
  sound_ramp(sound, 5);
  g_assert(sound_level_dbfs(sound) <= 100);
  return 0;
}
