#include "analysis/features/clutter_job.h"

#include "analysis/features/clutter_feature_congestion.h"
#include "analysis/features/clutter_subband_entropy.h"
#include "analysis/plot/palette.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#include <string.h>

#define SAVE_INTERVAL_US (15 * G_USEC_PER_SEC)
#define COLOURS 256

/* The columns of CLUTTER_MAPS_TABLE. */
enum { IMAGE_NAME, DIGEST, MODE, MAP, FILE_NAME, WIDTH, HEIGHT, MEAN, MAXIMUM, N_COLUMNS };
static const char *const map_columns[N_COLUMNS] = {"image", "image_sha256", "mode", "map", "file",
                                                   "width", "height",       "mean", "max"};

static const char *mode_name(ClutterMode mode) { return mode == CLUTTER_MODE_PORT ? "port" : "rosenholtz"; }

typedef struct {
  char *digest;
  bool done;
  int width, height;
  double mean[CONGESTION_MAPS], max[CONGESTION_MAPS];
} Drawn;

typedef struct {
  const ClutterJob *job;
  const char *folder;
  char *table_path;
  Table *earlier; /* of a run before; NULL: none */
  gsize *items;   /* indices of the images to draw */
  Drawn *drawn;   /* (n), of all images */
  GMutex lock;    /* guards done and saved_us */
  gint64 saved_us;
} MapsRun;

static char *map_file(const ClutterJob *job, gsize image, int map) {
  char *name =
      g_strdup_printf("%s_%s_%s.png", job->names[image], mode_name(job->mode), congestion_map_name((CongestionMap)map));
  return g_strdelimit(name, "/\\", '_');
}

static bool write_map(const Plane *map, double max, const char *path, GError **error) {
  float colours[COLOURS][3];
  for (int i = 0; i < COLOURS; i++) {
    PaletteColour colour = palette_sequential(i / (COLOURS - 1.0));
    guint64 rgb = g_ascii_strtoull(colour.css + 1, NULL, 16);
    for (int c = 0; c < 3; c++)
      colours[i][c] = (float)((rgb >> (16 - 8 * c)) & 255);
  }
  g_autoptr(Image) image = image_new(map->width, map->height, error);
  if (image == NULL)
    return false;
  for (gsize i = 0; i < plane_size(map); i++) {
    int level = max > 0 ? (int)(map->data[i] / max * (COLOURS - 1) + 0.5) : 0;
    memcpy(image->pixels + 3 * i, colours[CLAMP(level, 0, COLOURS - 1)], sizeof colours[0]);
  }
  return image_write_png(image, path, error);
}

static double plane_max(const Plane *plane) {
  double max = 0;
  for (gsize i = 0; i < plane_size(plane); i++)
    max = MAX(max, plane->data[i]);
  return max;
}

static void add_rows(Table *table, const ClutterJob *job, gsize image, const Drawn *drawn) {
  for (int map = 0; map < CONGESTION_MAPS; map++) {
    gsize row = table_add_row(table);
    g_autofree char *file = map_file(job, image, map);
    table_set(table, row, IMAGE_NAME, job->names[image]);
    table_set(table, row, DIGEST, drawn->digest);
    table_set(table, row, MODE, mode_name(job->mode));
    table_set(table, row, MAP, congestion_map_name((CongestionMap)map));
    table_set(table, row, FILE_NAME, file);
    table_set_int(table, row, WIDTH, drawn->width);
    table_set_int(table, row, HEIGHT, drawn->height);
    table_set_double(table, row, MEAN, drawn->mean[map]);
    table_set_double(table, row, MAXIMUM, drawn->max[map]);
  }
}

/* The images of this job in its order, then those that the table had besides. */
static bool save(const MapsRun *run, GError **error) {
  const ClutterJob *job = run->job;
  g_autoptr(Table) table = table_new(map_columns, N_COLUMNS);
  g_autoptr(GHashTable) own = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize i = 0; i < job->n; i++) {
    g_hash_table_add(own, (gpointer)job->names[i]);
    if (run->drawn[i].done)
      add_rows(table, job, i, &run->drawn[i]);
  }
  for (gsize row = 0; run->earlier != NULL && row < table_n_rows(run->earlier); row++) {
    if (strcmp(table_get(run->earlier, row, MODE), mode_name(job->mode)) == 0 &&
        g_hash_table_contains(own, table_get(run->earlier, row, IMAGE_NAME)))
      continue;
    gsize to = table_add_row(table);
    for (gsize column = 0; column < N_COLUMNS; column++)
      table_set(table, to, column, table_get(run->earlier, row, column));
  }
  return table_write(table, run->table_path, FILES_PUBLIC, error);
}

static bool draw(gpointer context, gsize item, gsize worker, GError **error) {
  (void)worker;
  MapsRun *run = context;
  const ClutterJob *job = run->job;
  gsize i = run->items[item];
  Drawn *drawn = &run->drawn[i];
  g_autoptr(Image) image = NULL;
  g_autoptr(Planes) maps = NULL;
  FeatureCongestion congestion;
  if (!image_read(job->paths[i], &image, error))
    return false;
  if (!clutter_feature_congestion(image, job->mode, &congestion, &maps, error)) {
    g_prefix_error(error, "%s: ", job->paths[i]);
    return false;
  }
  for (int map = 0; map < CONGESTION_MAPS; map++) {
    g_autofree char *file = map_file(job, i, map), *path = g_build_filename(run->folder, file, NULL);
    drawn->mean[map] = plane_mean(&maps->planes[map]);
    drawn->max[map] = plane_max(&maps->planes[map]);
    if (!write_map(&maps->planes[map], drawn->max[map], path, error))
      return false;
  }
  drawn->width = image->width;
  drawn->height = image->height;
  g_mutex_lock(&run->lock);
  drawn->done = true;
  gint64 now_us = g_get_monotonic_time();
  bool saved = true;
  if (now_us - run->saved_us > SAVE_INTERVAL_US) {
    saved = save(run, error);
    run->saved_us = now_us;
  }
  g_mutex_unlock(&run->lock);
  return saved;
}

/* Takes over a row of the earlier table; whether all of it can be read and its file is there. */
static bool take_row(const MapsRun *run, gsize row, int map, Drawn *drawn) {
  const Table *earlier = run->earlier;
  double width, height;
  if (!table_get_double(earlier, row, WIDTH, &width, NULL) || !table_get_double(earlier, row, HEIGHT, &height, NULL) ||
      !table_get_double(earlier, row, MEAN, &drawn->mean[map], NULL) ||
      !table_get_double(earlier, row, MAXIMUM, &drawn->max[map], NULL) || !(width >= 1 && width <= IMAGE_MAX_SIDE) ||
      !(height >= 1 && height <= IMAGE_MAX_SIDE))
    return false;
  drawn->width = (int)width;
  drawn->height = (int)height;
  g_autofree char *path = g_build_filename(run->folder, table_get(earlier, row, FILE_NAME), NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static bool find_earlier(MapsRun *run, GError **error) {
  const ClutterJob *job = run->job;
  g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (g_file_test(run->table_path, G_FILE_TEST_EXISTS)) {
    if (!table_read(run->table_path, &run->earlier, error))
      return false;
    for (gsize column = 0; column < N_COLUMNS; column++)
      if (table_column(run->earlier, map_columns[column]) != (int)column) {
        g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: is no table of clutter maps: column %zu is not %s",
                    run->table_path, column + 1, map_columns[column]);
        return false;
      }
    for (gsize row = 0; row < table_n_rows(run->earlier); row++)
      g_hash_table_insert(rows,
                          g_strjoin("\t", table_get(run->earlier, row, FILE_NAME), table_get(run->earlier, row, DIGEST),
                                    table_get(run->earlier, row, IMAGE_NAME), NULL),
                          GSIZE_TO_POINTER(row + 1));
  }
  for (gsize i = 0; i < job->n; i++) {
    Drawn *drawn = &run->drawn[i];
    if (!files_sha256(job->paths[i], &drawn->digest, error))
      return false;
    drawn->done = true;
    for (int map = 0; map < CONGESTION_MAPS && drawn->done; map++) {
      g_autofree char *file = map_file(job, i, map);
      g_autofree char *key = g_strjoin("\t", file, drawn->digest, job->names[i], NULL);
      gsize row = GPOINTER_TO_SIZE(g_hash_table_lookup(rows, key));
      drawn->done = row > 0 && take_row(run, row - 1, map, drawn);
    }
  }
  return true;
}

static bool check_names(const ClutterJob *job, GError **error) {
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < job->n; i++)
    if (!g_hash_table_add(names, map_file(job, i, 0))) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: another image has the name '%s' as well", job->paths[i],
                  job->names[i]);
      return false;
    }
  return true;
}

bool clutter_job_maps(const ClutterJob *job, const char *folder, gsize *n_drawn, GError **error) {
  if (!check_names(job, error) || !files_make_folder(folder, 0755, error))
    return false;
  g_autofree char *table_path = g_build_filename(folder, CLUTTER_MAPS_TABLE, NULL);
  g_autofree gsize *items = g_new0(gsize, job->n);
  g_autofree Drawn *drawn = g_new0(Drawn, job->n);
  MapsRun run = {.job = job,
                 .folder = folder,
                 .table_path = table_path,
                 .items = items,
                 .drawn = drawn,
                 .saved_us = g_get_monotonic_time()};
  g_mutex_init(&run.lock);
  gsize n_items = 0;
  bool done = find_earlier(&run, error);
  if (done) {
    for (gsize i = 0; i < job->n; i++)
      if (!drawn[i].done)
        items[n_items++] = i;
    BatchOptions batch = {.label = "clutter maps", .n_workers = job->n_workers};
    done = batch_run(&batch, n_items, draw, &run, error);
    /* Also after a failure: what was drawn is kept. The first failure is the one to tell. */
    done = save(&run, done ? error : NULL) && done;
  }
  *n_drawn = n_items;
  for (gsize i = 0; i < job->n; i++)
    g_free(drawn[i].digest);
  table_free(run.earlier);
  g_mutex_clear(&run.lock);
  return done;
}

typedef struct {
  const ClutterJob *job;
  SubbandEntropies *entropies; /* (n) */
} BandsRun;

static bool split(gpointer context, gsize item, gsize worker, GError **error) {
  (void)worker;
  BandsRun *run = context;
  g_autoptr(Image) image = NULL;
  double entropy;
  if (!image_read(run->job->paths[item], &image, error))
    return false;
  if (clutter_subband_entropy(image, run->job->mode, &entropy, &run->entropies[item], error))
    return true;
  g_prefix_error(error, "%s: ", run->job->paths[item]);
  return false;
}

bool clutter_job_bands(const ClutterJob *job, Table **table, GError **error) {
  static const char *const columns[] = {"image", "mode", "channel", "level", "orientation_deg", "band", "entropy"};
  static const char *const channels[] = {"L", "a", "b"};
  g_autofree SubbandEntropies *entropies = g_new0(SubbandEntropies, job->n);
  BandsRun run = {job, entropies};
  BatchOptions batch = {.label = "subbands", .n_workers = job->n_workers};
  if (!batch_run(&batch, job->n, split, &run, error))
    return false;
  Table *made = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < job->n; i++)
    for (gsize channel = 0; channel < G_N_ELEMENTS(channels); channel++)
      for (gsize band = 0; band < entropies[i].n_bands; band++) {
        gsize row = table_add_row(made);
        bool oriented = band < STEERABLE_BANDS - 1;
        table_set(made, row, 0, job->names[i]);
        table_set(made, row, 1, mode_name(job->mode));
        table_set(made, row, 2, channels[channel]);
        if (oriented) {
          table_set_int(made, row, 3, (gint64)(band / STEERABLE_ORIENTATIONS) + 1);
          table_set_int(made, row, 4, (gint64)(band % STEERABLE_ORIENTATIONS) * (180 / STEERABLE_ORIENTATIONS));
        }
        table_set(made, row, 5, oriented ? "oriented" : band == STEERABLE_BANDS - 1 ? "lowpass" : "highpass");
        table_set_double(made, row, 6, entropies[i].of[channel][band]);
      }
  *table = made;
  return true;
}
