/* A recipe, also written and read again. */
#include "synth/dream/recipe.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Recipe) recipe = NULL;
  if (!recipe_read(fuzz_file(data, size), &recipe, NULL))
    return 0;
  g_free(recipe_format(recipe));
  g_assert_null(recipe_difference(recipe, recipe));
  return 0;
}
