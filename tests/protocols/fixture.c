#include "tests/protocols/fixture.h"

#include <string.h>

#include "stimuli/base/files.h"
#include "tests/support.h"

char *fixture_write(const char *folder, const char *name, const char *text) {
  GError *error = NULL;
  char *path = g_build_filename(folder, name, NULL);
  files_write(path, text, strlen(text), FILES_PUBLIC, &error);
  g_assert_no_error(error);
  return path;
}

void fixture_set(const char *folder, gsize n) {
  GError *error = NULL;
  g_autofree char *set = g_build_filename(folder, "set", NULL);
  files_make_folder(set, 0755, &error);
  g_assert_no_error(error);
  g_autoptr(GString) table = g_string_new("id\tfile\tlayer\tseed\n");
  for (gsize i = 0; i < n; i++) {
    g_autofree char *file = g_strdup_printf("i%02zu.png", i);
    g_autofree char *content = g_strdup_printf("image %zu", i);
    g_autofree char *path = fixture_write(set, file, content);
    g_string_append_printf(table, "i%02zu\t%s\tl%zu\t%zu\n", i, file, i % 3, i / 3 + 1);
  }
  g_autofree char *path = fixture_write(set, "stimuli.tsv", table->str);
}

char *fixture_text(const char *main_lines) {
  return g_strconcat("[protocol]\nname = trial run\ntask = rating\nseed = 7\nstimuli = set\n"
                     "[sequence]\nsteps = hello; mood; warmup; main\n"
                     "[page hello]\ntext = Hello\ntext[pl] = Cześć\n"
                     "[question mood]\ntext = Your mood?\noptions = bad; so so; good\noptions[pl] = zły; taki sobie; "
                     "dobry\n"
                     "[scale arousal]\nfigure = arousal\nleft = calm\nright = excited\nstart = random\n"
                     "[scale valence]\nfigure = valence\nmin = -50\nmax = 50\nstart = center\n"
                     "[block warmup]\nphase = practice\nimages = 2\nscales = arousal; valence\n"
                     "[block main]\nscales = arousal; valence\n",
                     main_lines, NULL);
}

Protocol *fixture_protocol(const char *folder, gsize n, const char *main_lines) {
  GError *error = NULL;
  Protocol *protocol = NULL;
  fixture_set(folder, n);
  g_autofree char *text = fixture_text(main_lines);
  g_autofree char *path = fixture_write(folder, "test.protocol", text);
  protocol_open(path, NULL, &protocol, &error);
  g_assert_no_error(error);
  return protocol;
}

char **fixture_faults(const char *text) {
  GError *error = NULL;
  char **faults = NULL;
  g_autofree char *folder = support_folder();
  fixture_set(folder, 6);
  g_autofree char *path = fixture_write(folder, "p", text);
  protocol_validate(path, NULL, &faults, &error);
  g_assert_no_error(error);
  g_autofree char *prefix = g_strconcat(folder, "/", NULL);
  for (char **fault = faults; *fault != NULL; fault++) {
    g_assert_true(g_str_has_prefix(*fault, prefix));
    g_auto(GStrv) parts = g_strsplit(*fault, prefix, -1);
    g_free(*fault);
    *fault = g_strjoinv("", parts);
  }
  support_remove(folder);
  return faults;
}

void fixture_check_fault(const char *piece, const char *by, const char *wanted) {
  g_autofree char *good = fixture_text("");
  const char *place = piece != NULL ? strstr(good, piece) : good + strlen(good);
  g_assert_nonnull(place);
  g_autofree char *start = g_strndup(good, (gsize)(place - good));
  g_autofree char *text = g_strconcat(start, by, place + (piece != NULL ? strlen(piece) : 0), NULL);
  g_auto(GStrv) faults = fixture_faults(text);
  g_autofree char *all = g_strjoinv("\n", faults);
  g_assert_cmpstr(all, ==, wanted);
}
