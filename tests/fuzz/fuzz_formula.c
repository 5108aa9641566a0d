/* A model's formula, and the frame that it makes of a table: FORMULA, TABLE (a small one where there is none). */
#include <string.h>

#include "analysis/stats/model_frame.h"
#include "tests/fuzz/fuzz.h"

static const char TABLE[] = "arousal\tcfc\ttype\tparticipant\tlayer\timage\n"
                            "3.5\t0.25\tconv\tp1\tl1\ti1\n"
                            "41\t1.5\tpool\tp1\tl1\ti2\n"
                            "77\t-2\tconv\tp2\tl2\ti3\n"
                            "n/a\t4\tconcat\tp2\tl2\ti4\n"
                            "12\tn/a\tpool\tp3\tl1\ti1\n"
                            "93.25\t8\tconv\tp3\tl2\ti3\n";

static void use(const Formula *formula) {
  g_autoptr(GArray) droppable = formula_droppable(formula);
  for (guint i = 0; i < droppable->len; i++)
    formula_free(formula_without_fixed(formula, g_array_index(droppable, gsize, i)));
  for (gsize i = 0; i < formula->n_random; i++)
    formula_free(formula_without_random(formula, i));
  for (guint i = 0; i < formula->fixed.terms->len; i++)
    g_free(formula_term_name(formula, g_array_index(formula->fixed.terms, guint64, i)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FuzzPart parts[2];
  fuzz_split(data, size, parts, G_N_ELEMENTS(parts));
  if (parts[1].size == 0)
    parts[1] = (FuzzPart){(const uint8_t *)TABLE, strlen(TABLE)};
  g_autofree char *text = g_strndup((const char *)parts[0].data, parts[0].size);
  g_autoptr(Formula) formula = NULL;
  g_autoptr(Table) table = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  if (!g_utf8_validate(text, -1, NULL) || !formula_parse(text, &formula, NULL))
    return 0;
  use(formula);
  if (table_read(fuzz_file(parts[1].data, parts[1].size), &table, NULL))
    model_frame_new(formula, table, &frame, NULL);
  return 0;
}
