#include "synth/dream/recipe.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/keyfile.h"
#include "stimuli/base/number.h"
#include "synth/dream/octaves.h"
#include "synth/net/import.h"

Recipe *recipe_new(void) {
  Recipe *recipe = g_new0(Recipe, 1);
  recipe->layers = g_new0(char *, 1);
  recipe->seeds = 1;
  recipe->ascent = ascent_settings_default();
  return recipe;
}

void recipe_free(Recipe *recipe) {
  if (!recipe)
    return;
  g_free(recipe->network);
  g_free(recipe->network_sha256);
  g_strfreev(recipe->layers);
  g_free(recipe->start);
  g_free(recipe->start_sha256);
  g_free(recipe->start_kept);
  g_free(recipe);
}

bool recipe_parse_size(const char *text, int *width, int *height, GError **error) {
  g_auto(GStrv) parts = g_strsplit(text, "x", 2);
  gint64 sides[2];
  for (int i = 0; i < 2; i++)
    if (g_strv_length(parts) != 2 || !number_parse_int(parts[i], &sides[i]) || sides[i] < 1 ||
        sides[i] > IMAGE_MAX_SIDE) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                  "'%s' is no size: expected WIDTHxHEIGHT in pixels, each 1 to %d, as in 640x480", text,
                  IMAGE_MAX_SIDE);
      return false;
    }
  *width = (int)sides[0];
  *height = (int)sides[1];
  return true;
}

/* The regular file of this name in the recipe's folder, or NULL. */
static char *find_beside(const char *recipe_path, const char *file) {
  g_autofree char *folder = g_path_get_dirname(recipe_path);
  char *beside = g_build_filename(folder, file, NULL);
  if (!g_file_test(beside, G_FILE_TEST_IS_REGULAR))
    g_clear_pointer(&beside, g_free);
  return beside;
}

/* A path in a recipe is meant from the recipe's folder. */
static char *resolve(const char *recipe_path, char *file) {
  char *beside = file && !g_path_is_absolute(file) ? find_beside(recipe_path, file) : NULL;
  if (!beside)
    return file;
  g_free(file);
  return beside;
}

static char *read_digest(KeyFile *file, const char *group, const char *key) {
  char *digest = keyfile_string(file, group, key, NULL);
  if (digest && (strlen(digest) != 64 || strspn(digest, "0123456789abcdef") != 64))
    keyfile_fault(file, group, key, "expected a SHA-256 of 64 lower-case hexadecimal digits");
  return digest;
}

/* "noise" with a digest is a file of that name, for noise has none. */
static void read_start(KeyFile *file, const char *path, Recipe *recipe) {
  g_autofree char *start = keyfile_string(file, "stimuli", "start", NULL);
  recipe->start_sha256 = read_digest(file, "stimuli", "start_sha256");
  const bool says_noise = g_strcmp0(start, RECIPE_NOISE) == 0;
  if (recipe->start_sha256 && !start) {
    keyfile_fault(file, "stimuli", "start_sha256", "there is no start= that this could be the digest of");
  } else if (start && (!says_noise || recipe->start_sha256)) {
    recipe->start = resolve(path, g_steal_pointer(&start));
    recipe->start_kept = find_beside(path, RECIPE_KEPT_START);
  } else if (says_noise) {
    g_autofree char *namesake = find_beside(path, RECIPE_NOISE);
    if (namesake)
      keyfile_fault(file, "stimuli", "start", "%s is there too: write ./noise for the file, or rename it", namesake);
  }
}

static void read_stimuli(KeyFile *file, const char *path, Recipe *recipe) {
  g_strfreev(recipe->layers);
  recipe->layers = keyfile_list(file, "stimuli", "layers");
  recipe->seeds = (int)keyfile_int(file, "stimuli", "seeds", recipe->seeds, 1, RECIPE_MAX_SEEDS);
  g_autofree char *size = keyfile_string(file, "stimuli", "size", NULL);
  g_autoptr(GError) fault = NULL;
  if (size && !recipe_parse_size(size, &recipe->width, &recipe->height, &fault))
    keyfile_fault(file, "stimuli", "size", "%s", fault->message);
  read_start(file, path, recipe);
}

static void read_ascent(KeyFile *file, AscentSettings *ascent) {
  ascent->iterations = (int)keyfile_int(file, "ascent", "iterations", ascent->iterations, 0, ASCENT_MAX_ITERATIONS);
  ascent->step = keyfile_double(file, "ascent", "step", ascent->step, ASCENT_MIN_STEP, ASCENT_MAX_STEP);
  ascent->octaves = (int)keyfile_int(file, "ascent", "octaves", ascent->octaves, 1, OCTAVES_MAX);
  ascent->octave_scale =
      keyfile_double(file, "ascent", "octave_scale", ascent->octave_scale, ASCENT_MIN_SCALE, ASCENT_MAX_SCALE);
  ascent->tile = (int)keyfile_int(file, "ascent", "tile", ascent->tile, 1, IMAGE_MAX_SIDE);
}

bool recipe_read(const char *path, Recipe **recipe, GError **error) {
  g_autoptr(KeyFile) file = NULL;
  if (!keyfile_open(path, &file, error))
    return false;
  g_autoptr(Recipe) read = recipe_new();
  keyfile_know_group(file, "network");
  keyfile_know_group(file, "stimuli");
  keyfile_know_group(file, "ascent");
  read->network = keyfile_string(file, "network", "file", NULL);
  if (read->network && !net_is_bundled(read->network))
    read->network = resolve(path, read->network);
  read->network_sha256 = read_digest(file, "network", "sha256");
  read_stimuli(file, path, read);
  read_ascent(file, &read->ascent);
  if (!keyfile_finish(file, error))
    return false;
  *recipe = g_steal_pointer(&read);
  return true;
}

void recipe_format_double(double value, char text[static 40]) {
  for (int digits = 1; digits <= 17; digits++) {
    char format[8];
    double back;
    g_snprintf(format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd(text, 40, format, value);
    if (number_parse_double(text, &back) && back == value)
      return;
  }
}

/* As g_key_file_set_string and _string_list would: escapes that the reader takes back. */
static void append_escaped(GString *text, const char *value, bool in_list) {
  for (const char *c = value; *c; c++)
    if (*c == '\\')
      g_string_append(text, "\\\\");
    else if (*c == ';' && in_list)
      g_string_append(text, "\\;");
    else if (*c == ' ' && c == value)
      g_string_append(text, "\\s");
    else
      g_string_append_c(text, *c);
}

static void append_string(GString *text, const char *key, const char *value) {
  if (!value)
    return;
  g_string_append_printf(text, "%s=", key);
  append_escaped(text, value, false);
  g_string_append_c(text, '\n');
}

static void append_double(GString *text, const char *key, double value) {
  char number[40];
  recipe_format_double(value, number);
  append_string(text, key, number);
}

char *recipe_format(const Recipe *recipe) {
  GString *text = g_string_new("[network]\n");
  append_string(text, "file", recipe->network);
  append_string(text, "sha256", recipe->network_sha256);
  g_string_append(text, "\n[stimuli]\nlayers=");
  for (char **layer = recipe->layers; *layer; layer++) {
    append_escaped(text, *layer, true);
    g_string_append_c(text, ';');
  }
  g_string_append_printf(text, "\nseeds=%d\n", recipe->seeds);
  if (recipe->width)
    g_string_append_printf(text, "size=%dx%d\n", recipe->width, recipe->height);
  append_string(text, "start", recipe->start ? recipe->start : RECIPE_NOISE);
  append_string(text, "start_sha256", recipe->start_sha256);
  g_string_append_printf(text, "\n[ascent]\niterations=%d\n", recipe->ascent.iterations);
  append_double(text, "step", recipe->ascent.step);
  g_string_append_printf(text, "octaves=%d\n", recipe->ascent.octaves);
  append_double(text, "octave_scale", recipe->ascent.octave_scale);
  g_string_append_printf(text, "tile=%d\n", recipe->ascent.tile);
  return g_string_free(text, FALSE);
}

static char *differ(const char *what, const char *a, const char *b) {
  return g_strcmp0(a, b) == 0 ? NULL : g_strdup_printf("%s is %s there and %s here", what, a ? a : "-", b ? b : "-");
}

static char *differ_int(const char *what, int a, int b) {
  g_autofree char *text_a = g_strdup_printf("%d", a), *text_b = g_strdup_printf("%d", b);
  return differ(what, text_a, text_b);
}

static char *differ_double(const char *what, double a, double b) {
  char text_a[40], text_b[40];
  recipe_format_double(a, text_a);
  recipe_format_double(b, text_b);
  return differ(what, text_a, text_b);
}

static char *differ_file(const char *what, const char *a, const char *digest_a, const char *b, const char *digest_b) {
  if (g_strcmp0(digest_a, digest_b) == 0)
    return digest_a ? NULL : differ(what, a, b);
  return g_strdup_printf("%s is %s (SHA-256 %.12s...) there and %s (%.12s...) here", what, a ? a : "noise",
                         digest_a ? digest_a : "none", b ? b : "noise", digest_b ? digest_b : "none");
}

static char *differ_layers(char **a, char **b) {
  for (gsize i = 0; a[i] || b[i]; i++)
    if (g_strcmp0(a[i], b[i]) != 0)
      return g_strdup_printf("layer %" G_GSIZE_FORMAT " of the list is %s there and %s here", i + 1,
                             a[i] ? a[i] : "missing", b[i] ? b[i] : "missing");
  return NULL;
}

char *recipe_difference(const Recipe *a, const Recipe *b) {
  g_autofree char *size_a = g_strdup_printf("%dx%d", a->width, a->height);
  g_autofree char *size_b = g_strdup_printf("%dx%d", b->width, b->height);
  const AscentSettings *x = &a->ascent, *y = &b->ascent;
  char *found = differ_file("the network", a->network, a->network_sha256, b->network, b->network_sha256);
  found = found ? found : differ_layers(a->layers, b->layers);
  found = found ? found : differ_int("the number of seeds", a->seeds, b->seeds);
  found = found ? found : differ("the size", size_a, size_b);
  found = found ? found : differ_file("the start image", a->start, a->start_sha256, b->start, b->start_sha256);
  found = found ? found : differ_int("iterations", x->iterations, y->iterations);
  found = found ? found : differ_double("step", x->step, y->step);
  found = found ? found : differ_int("octaves", x->octaves, y->octaves);
  found = found ? found : differ_double("octave scale", x->octave_scale, y->octave_scale);
  return found ? found : differ_int("tile", x->tile, y->tile);
}
