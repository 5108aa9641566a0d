#include "analysis/ratings/import_private.h"

#include <string.h>

#include "stimuli/base/command.h"

#define AMBIGUOUS G_MAXSIZE

/* How exactly a name is that of an image; better ways go first. */
enum { BY_ID, BY_FILE, BY_BASE, BY_STEM, N_WAYS };

struct ImportImages {
  GHashTable *ways[N_WAYS]; /* name -> row + 1, or AMBIGUOUS */
  GHashTable *names;        /* of the map; may be NULL */
  GPtrArray *ids;
};

char *import_stem(const char *name) {
  char *base = g_path_get_basename(name), *dot = strrchr(base, '.');
  if (dot != NULL && dot != base)
    *dot = '\0';
  return base;
}

static void add(GHashTable *way, char *name, gsize row) {
  gpointer held = g_hash_table_lookup(way, name);
  gsize value = held == NULL || GPOINTER_TO_SIZE(held) == row + 1 ? row + 1 : AMBIGUOUS;
  g_hash_table_replace(way, name, GSIZE_TO_POINTER(value));
}

ImportImages *import_images_new(const StimulusSet *set, GHashTable *names) {
  ImportImages *images = g_new0(ImportImages, 1);
  for (int way = 0; way < N_WAYS; way++)
    images->ways[way] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  images->names = names;
  images->ids = g_ptr_array_new();
  gsize id = (gsize)table_column(set->stimuli, "id"), file = (gsize)table_column(set->stimuli, "file");
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++) {
    const char *path = table_get(set->stimuli, row, file);
    g_ptr_array_add(images->ids, (char *)table_get(set->stimuli, row, id));
    add(images->ways[BY_ID], g_strdup(table_get(set->stimuli, row, id)), row);
    add(images->ways[BY_FILE], g_strdup(path), row);
    add(images->ways[BY_BASE], g_path_get_basename(path), row);
    add(images->ways[BY_STEM], import_stem(path), row);
  }
  return images;
}

void import_images_free(ImportImages *images) {
  if (images == NULL)
    return;
  for (int way = 0; way < N_WAYS; way++)
    g_hash_table_destroy(images->ways[way]);
  g_ptr_array_free(images->ids, TRUE);
  g_free(images);
}

/* The data may have the file's path on another machine, with either slash. */
static char *base_name(const char *name) {
  const char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
  const char *last = slash == NULL || (back != NULL && back > slash) ? back : slash;
  return g_strdup(last != NULL ? last + 1 : name);
}

bool import_images_find(const ImportImages *images, const char *name, gsize *row, bool *ambiguous, char **what) {
  const char *known = images->names != NULL ? g_hash_table_lookup(images->names, name) : NULL;
  const char *wanted = known != NULL ? known : name;
  g_autofree char *base = base_name(wanted), *stem = import_stem(base);
  const char *const keys[N_WAYS] = {wanted, wanted, base, stem};
  for (int way = 0; way < N_WAYS; way++) {
    gsize found = GPOINTER_TO_SIZE(g_hash_table_lookup(images->ways[way], keys[way]));
    if (found == 0)
      continue;
    *ambiguous = found == AMBIGUOUS;
    *row = found - 1;
    if (*ambiguous)
      *what = g_strdup_printf("'%s' could be more than one image of the set", wanted);
    return !*ambiguous;
  }
  *ambiguous = false;
  const char *near = command_nearest(stem, (const char *const *)images->ids->pdata, images->ids->len);
  *what = g_strdup_printf("'%s' is not in the stimulus set%s%s%s", wanted, near != NULL ? "; did you mean '" : "",
                          near != NULL ? near : "", near != NULL ? "'?" : "");
  return false;
}
