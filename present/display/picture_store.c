#include "present/display/picture_store.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

typedef struct {
  gsize row;
  int box_width, box_height;
  bool loaded;
  Picture *picture; /* NULL once loaded: failed */
  GError *error;
  guint64 used; /* when it was last asked for */
} Entry;

struct PictureStore {
  const StimulusSet *set;
  char *const *sha256;
  gsize budget;
  bool exact;
  GThreadPool *loader;
  GMutex mutex; /* guards all below, and the entries' fields other than row and box */
  GCond loaded;
  GPtrArray *entries; /* Entry */
  guint64 uses, begun, finished;
  Entry *held; /* what picture_store_get returned last */
};

static void entry_free(gpointer data) {
  Entry *entry = data;
  picture_free(entry->picture);
  g_clear_error(&entry->error);
  g_free(entry);
}

static gsize entry_bytes(const Entry *entry) {
  return entry->picture == NULL ? 0 : (gsize)entry->picture->width * (gsize)entry->picture->height * sizeof(guint32);
}

/* The bytes that are decoded are those whose digest is taken. */
static Picture *load(const PictureStore *store, const Entry *entry, GError **error) {
  g_autofree char *path = stimulus_set_path(store->set, entry->row), *data = NULL;
  gsize size = 0;
  if (!files_read(path, IMAGE_MAX_FILE_BYTES, &data, &size, error))
    return NULL;
  g_autofree char *digest = files_sha256_data(data, size);
  if (strcmp(digest, store->sha256[entry->row]) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: the file has changed since the session began (SHA-256 %s, not %s)", path, digest,
                store->sha256[entry->row]);
    return NULL;
  }
  g_autoptr(Image) image = NULL;
  Picture *picture = NULL;
  return image_decode(path, data, size, &image, error) &&
                 picture_new_fitted(image, entry->box_width, entry->box_height, store->exact, &picture, error)
             ? picture
             : NULL;
}

static void load_in_thread(gpointer data, gpointer context) {
  Entry *entry = data;
  PictureStore *store = context;
  GError *error = NULL;
  Picture *picture = load(store, entry, &error);
  g_mutex_lock(&store->mutex);
  entry->picture = picture;
  entry->error = error;
  entry->loaded = true;
  store->finished++;
  g_cond_broadcast(&store->loaded);
  g_mutex_unlock(&store->mutex);
}

bool picture_store_new(const StimulusSet *set, char *const *sha256, gsize budget_bytes, bool exact, PictureStore **out,
                       GError **error) {
  g_autofree PictureStore *store = g_new0(PictureStore, 1);
  GError *fault = NULL;
  /* Its thread begins now and stays: a session that cannot have one is told so before its first trial, and one that is
   * under way does not need another. */
  store->loader = g_thread_pool_new(load_in_thread, store, 1, TRUE, &fault);
  if (fault != NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "no thread for reading images: %s", fault->message);
    g_error_free(fault);
    if (store->loader != NULL)
      g_thread_pool_free(store->loader, TRUE, FALSE);
    return false;
  }
  store->set = set;
  store->sha256 = sha256;
  store->budget = budget_bytes;
  store->exact = exact;
  store->entries = g_ptr_array_new_with_free_func(entry_free);
  g_mutex_init(&store->mutex);
  g_cond_init(&store->loaded);
  *out = g_steal_pointer(&store);
  return true;
}

void picture_store_free(PictureStore *store) {
  if (store == NULL)
    return;
  g_thread_pool_free(store->loader, FALSE, TRUE);
  g_ptr_array_free(store->entries, TRUE);
  g_mutex_clear(&store->mutex);
  g_cond_clear(&store->loaded);
  g_free(store);
}

bool picture_store_check(const StimulusSet *set, const gsize *rows, gsize n_rows, GError **error) {
  for (gsize i = 0; i < n_rows; i++) {
    g_autofree char *path = stimulus_set_path(set, rows[i]);
    g_autoptr(Image) image = NULL;
    if (!image_read(path, &image, error))
      return false;
  }
  return true;
}

/* Drops the least recently used pictures until the budget is kept; never the held one or one that is loading. */
static void shrink(PictureStore *store) {
  for (;;) {
    gsize bytes = 0;
    guint oldest = G_MAXUINT;
    for (guint i = 0; i < store->entries->len; i++) {
      const Entry *entry = store->entries->pdata[i];
      bytes += entry_bytes(entry);
      if (entry->loaded && entry != store->held &&
          (oldest == G_MAXUINT || entry->used < ((Entry *)store->entries->pdata[oldest])->used))
        oldest = i;
    }
    if (bytes <= store->budget || oldest == G_MAXUINT)
      return;
    g_ptr_array_remove_index_fast(store->entries, oldest);
  }
}

/* The entry, which it begins to load where there is none. The mutex is held. */
static Entry *request(PictureStore *store, gsize row, int box_width, int box_height) {
  for (guint i = 0; i < store->entries->len; i++) {
    Entry *entry = store->entries->pdata[i];
    if (entry->row == row && entry->box_width == box_width && entry->box_height == box_height) {
      entry->used = ++store->uses;
      return entry;
    }
  }
  Entry *entry = g_new0(Entry, 1);
  *entry = (Entry){.row = row, .box_width = box_width, .box_height = box_height, .used = ++store->uses};
  g_ptr_array_add(store->entries, entry);
  store->begun++;
  g_thread_pool_push(store->loader, entry, NULL);
  return entry;
}

void picture_store_reads(PictureStore *store, guint64 *begun, guint64 *finished) {
  g_mutex_lock(&store->mutex);
  *begun = store->begun;
  *finished = store->finished;
  g_mutex_unlock(&store->mutex);
}

void picture_store_prefetch(PictureStore *store, gsize row, int box_width, int box_height) {
  g_mutex_lock(&store->mutex);
  request(store, row, box_width, box_height);
  g_mutex_unlock(&store->mutex);
}

bool picture_store_get(PictureStore *store, gsize row, int box_width, int box_height, const Picture **picture,
                       GError **error) {
  g_mutex_lock(&store->mutex);
  Entry *entry = request(store, row, box_width, box_height);
  store->held = entry;
  while (!entry->loaded)
    g_cond_wait(&store->loaded, &store->mutex);
  shrink(store);
  *picture = entry->picture;
  if (entry->picture == NULL)
    g_propagate_error(error, g_error_copy(entry->error));
  bool good = entry->picture != NULL;
  g_mutex_unlock(&store->mutex);
  return good;
}
