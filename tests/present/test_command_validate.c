/* What `dreamrig-present validate` finds before a participant does. */
#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "tests/present/study.h"
#include "tests/support.h"

static void test_validate(void) {
  Study study = study_new();
  char *out = NULL, *err = NULL;
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 0);
  g_assert_nonnull(strstr(out, "is valid"));
  g_free(out);
  g_free(err);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(study.protocol, &text, NULL, NULL));
  g_autofree char *bad = g_strconcat(text, "iti_ms = 3\nfixation = 3\n", NULL);
  g_assert_true(g_file_set_contents(study.protocol, bad, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  g_free(out);
  g_free(err);
  g_autoptr(GString) longer = g_string_new(text);
  for (int i = 0; i < 300; i++)
    g_string_insert(longer, strstr(longer->str, "Please begin.") - longer->str, "Please read on and on and on. ");
  g_assert_true(g_file_set_contents(study.protocol, longer->str, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  g_assert_nonnull(strstr(out, ":14: [page welcome] text: does not fit a screen of 1280 x 800 px"));
  study_assert_one_line(err, "1 fault");
  g_free(out);
  g_free(err);
  g_assert_cmpint(study_run_unseen(&study, NULL, &err), ==, 1);
  study_assert_one_line(err, "[page welcome] text: does not fit a screen");
  g_free(err);
  /* Private use: no font has it. */
  g_autofree char *strange = g_strdup(text);
  memcpy(strstr(strange, "Please begin."), "\xf4\x8f\xbf\xbd", 4);
  g_assert_true(g_file_set_contents(study.protocol, strange, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 0);
  study_assert_one_line(err, "warning: ");
  g_assert_nonnull(strstr(err, ":14: [page welcome] text: no installed font has 1 of its characters"));
  g_free(out);
  g_free(err);
  g_assert_true(g_file_set_contents(study.protocol, bad, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  g_assert_nonnull(strstr(out, ":45: [block timed] iti_ms"));
  g_assert_nonnull(strstr(out, ":46: [block timed] fixation"));
  study_assert_one_line(err, "2 faults");
  g_free(out);
  g_free(err);
  study_clear(&study);
}

static void put_image(const Study *study, const char *name, const void *bytes, gsize size) {
  g_autofree char *path = g_build_filename(study->set, name, NULL);
  g_assert_true(files_write(path, bytes, size, FILES_PUBLIC, NULL));
}

/* One's own photos: a table with id and file is a whole set, and no digest in it stands for the images' being whole. */
static void test_validate_reads_every_image(void) {
  Study study = study_new();
  g_autofree char *photo = support_data("images/rgb.jpg"), *jpeg = NULL, *png = NULL, *out = NULL, *err = NULL;
  g_autofree char *whole = g_build_filename(study.set, "im1.png", NULL);
  g_autofree char *record = g_build_filename(study.set, "stimuli.json", NULL);
  gsize jpeg_size = 0, png_size = 0;
  g_assert_true(g_file_get_contents(photo, &jpeg, &jpeg_size, NULL));
  g_assert_true(g_file_get_contents(whole, &png, &png_size, NULL));
  static const char table[] = "id\tfile\ncat\tcat.jpg\ndog\tim1.png\ncow\tcow.png\nhen\then.jpg\n";
  g_assert_cmpint(g_remove(record), ==, 0);
  put_image(&study, "stimuli.tsv", table, sizeof table - 1);
  put_image(&study, "cat.jpg", jpeg, jpeg_size);
  put_image(&study, "cow.png", png, png_size);
  put_image(&study, "hen.jpg", jpeg, jpeg_size);
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "validate", study.protocol, NULL), ==, 0);
  g_clear_pointer(&out, g_free);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, NULL), ==, 0);
  put_image(&study, "im1.png", "GIF89a\001\000\001\000", 10);
  put_image(&study, "cow.png", png, png_size - 100);
  put_image(&study, "hen.jpg", "no image at all", 15);
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  study_assert_one_line(err, "has 3 faults");
  g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 4); /* three, and what follows the last line's end */
  g_assert_nonnull(strstr(lines[0], "stimuli.tsv:3: file: "));
  g_assert_nonnull(strstr(lines[0], "im1.png: is neither a PNG nor a JPEG"));
  g_assert_nonnull(strstr(lines[1], "stimuli.tsv:4: file: "));
  g_assert_nonnull(strstr(lines[1], "cow.png: cannot read the PNG: it is truncated"));
  g_assert_nonnull(strstr(lines[2], "stimuli.tsv:5: file: "));
  g_assert_nonnull(strstr(lines[2], "hen.jpg: is neither a PNG nor a JPEG"));
  study_clear(&study);
}

/* Three thousand words in one field, the rest being short. */
static void test_the_field_that_is_too_long_is_named(void) {
  static const struct {
    const char *before, *wanted;
  } cases[] = {{"text = How are you?", "[question mood] text: does not fit"},
               {"options = Bad", "[question mood] options: does not fit"},
               {"title = Welcome", "[page welcome] title: does not fit"},
               {"left = unpleasant", "[scale valence] left: does not fit"}};
  Study study = study_new();
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(study.protocol, &text, NULL, NULL));
  g_autoptr(GString) words = g_string_new(NULL);
  for (int i = 0; i < 3000; i++)
    g_string_append(words, " word");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) longer = g_string_new(text);
    const char *place = strstr(text, cases[i].before);
    g_assert_nonnull(place);
    g_string_insert(longer, place - text + (gssize)strlen(cases[i].before), words->str);
    g_assert_true(g_file_set_contents(study.protocol, longer->str, -1, NULL));
    char *out = NULL;
    g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
    g_assert_nonnull(strstr(out, cases[i].wanted));
    g_assert_null(strstr(strstr(out, cases[i].wanted) + strlen(cases[i].wanted), "does not fit"));
    g_free(out);
  }
  study_clear(&study);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/validate/lists every fault", test_validate);
  g_test_add_func("/validate/reads every image", test_validate_reads_every_image);
  g_test_add_func("/validate/names the field that is too long", test_the_field_that_is_too_long_is_named);
  return g_test_run();
}
