#include "analysis/ratings/import_map.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/keyfile.h"
#include "stimuli/base/table.h"

#define SCALE_PREFIX "scale "
#define MAX_HEADER_ROWS 100

static const char *const separators[] = {"auto", "tab", "comma", "semicolon", NULL};
static const char separator_characters[] = {'\0', '\t', ',', ';'};
static const char *const decimals[] = {"point", "comma", NULL};
static const char *const layouts[] = {"trials", "scales", "wide", NULL};
static const char *const repeats[] = {"error", "keep", "first", NULL};
static const char *const unknown[] = {"error", "skip", NULL};
static const char *const time_units[] = {"s", "ms", NULL};

void import_map_free(ImportMap *map) {
  if (map == NULL)
    return;
  char *const texts[] = {map->path,  map->encoding,     map->keep_column,  map->participant,
                         map->image, map->session,      map->trial,        map->response_time,
                         map->layer, map->scale_column, map->value_column, map->simulated};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  for (gsize i = 0; i < map->n_scales; i++) {
    g_free(map->scales[i].name);
    g_free(map->scales[i].column);
    g_free(map->scales[i].touched);
    g_free(map->scales[i].label);
  }
  g_strfreev(map->missing);
  g_strfreev(map->keep_values);
  g_strfreev(map->attention);
  g_strfreev(map->attention_pass);
  if (map->images != NULL)
    g_hash_table_destroy(map->images);
  g_free(map);
}

static void read_file_group(KeyFile *file, ImportMap *map) {
  keyfile_know_group(file, "file");
  map->file.separator = separator_characters[keyfile_choice(file, "file", "separator", separators, 0)];
  map->encoding = keyfile_string(file, "file", "encoding", NULL);
  map->file.encoding = map->encoding;
  map->file.header_row = (gsize)keyfile_int(file, "file", "header_row", 1, 1, MAX_HEADER_ROWS);
  map->file.rows_after = (gsize)keyfile_int(file, "file", "rows_after_header", 0, 0, MAX_HEADER_ROWS);
  map->decimal_comma = keyfile_choice(file, "file", "decimal", decimals, 0) == 1;
  map->missing = keyfile_list(file, "file", "missing");
  map->layout = (ImportLayout)keyfile_choice(file, "file", "layout", layouts, IMPORT_TRIALS);
  map->keep_column = keyfile_string(file, "file", "keep_column", NULL);
  map->keep_values = keyfile_list(file, "file", "keep_values");
  if ((map->keep_column != NULL) != (*map->keep_values != NULL))
    keyfile_fault(file, "file", map->keep_column != NULL ? "keep_column" : "keep_values",
                  "keep_column and keep_values go together");
}

static void check_pattern(KeyFile *file, const ImportMap *map, const char *group, const char *key, const char *column) {
  const char *place = column != NULL ? strstr(column, IMPORT_IMAGE) : NULL;
  bool wide = map->layout == IMPORT_WIDE;
  if (wide && column != NULL && (place == NULL || strstr(place + 1, IMPORT_IMAGE) != NULL))
    keyfile_fault(file, group, key, "needs %s once: the layout is wide", IMPORT_IMAGE);
  else if (!wide && place != NULL)
    keyfile_fault(file, group, key, "%s is for the wide layout only", IMPORT_IMAGE);
}

static void read_columns_group(KeyFile *file, ImportMap *map) {
  static const char group[] = "columns";
  keyfile_know_group(file, group);
  bool wide = map->layout == IMPORT_WIDE, by_scale = map->layout == IMPORT_SCALES;
  map->participant = keyfile_string(file, group, "participant", "participant");
  map->session = keyfile_string(file, group, "session", NULL);
  map->simulated = keyfile_string(file, group, "simulated", NULL);
  map->response_time = keyfile_string(file, group, "response_time", NULL);
  check_pattern(file, map, group, "response_time", map->response_time);
  map->time_unit = keyfile_choice(file, group, "response_time_unit", time_units, 0) == 1 ? 0.001 : 1;
  map->attention = keyfile_list(file, group, "attention");
  map->attention_pass = keyfile_list(file, group, "attention_pass");
  if (g_strv_length(map->attention) != g_strv_length(map->attention_pass))
    keyfile_fault(file, group, "attention_pass", "needs as many answers as attention has columns");
  if (!wide) {
    map->image = keyfile_string(file, group, "image", NULL);
    map->trial = keyfile_string(file, group, "trial", NULL);
    map->layer = keyfile_string(file, group, "layer", NULL);
  }
  if (by_scale) {
    map->scale_column = keyfile_string(file, group, "scale", "scale");
    map->value_column = keyfile_string(file, group, "value", "value");
  }
}

static void read_scale(KeyFile *file, ImportMap *map, const char *group) {
  if (map->n_scales == RATINGS_MAX_SCALES) {
    keyfile_fault(file, group, NULL, "there are more than %d scales", RATINGS_MAX_SCALES);
    return;
  }
  ImportScale *scale = &map->scales[map->n_scales++];
  scale->name = g_strstrip(g_strdup(group + strlen(SCALE_PREFIX)));
  if (*scale->name == '\0')
    keyfile_fault(file, group, NULL, "the scale has no name");
  if (map->layout == IMPORT_SCALES) {
    scale->label = keyfile_string(file, group, "label", scale->name);
  } else {
    g_autofree char *pattern = g_strdup_printf("%s_" IMPORT_IMAGE, scale->name);
    scale->column = keyfile_string(file, group, "column", map->layout == IMPORT_WIDE ? pattern : scale->name);
    check_pattern(file, map, group, "column", scale->column);
  }
  if (map->layout == IMPORT_TRIALS)
    scale->touched = keyfile_string(file, group, "touched", NULL);
  scale->low = keyfile_double(file, group, "low", RATINGS_LOW, -1e9, 1e9);
  scale->high = keyfile_double(file, group, "high", RATINGS_HIGH, -1e9, 1e9);
  if (!(scale->low < scale->high))
    keyfile_fault(file, group, "high", "must be more than low");
}

/* Names of images: a table with the columns name and stim_id, its path taken from the map's folder. */
static bool read_images(ImportMap *map, const char *relative, GError **error) {
  g_autofree char *folder = g_path_get_dirname(map->path);
  g_autofree char *path = g_path_is_absolute(relative) ? g_strdup(relative) : g_build_filename(folder, relative, NULL);
  g_autoptr(Table) table = NULL;
  gsize name, id;
  if (!table_read(path, &table, error) || !table_require_column(table, "name", &name, error) ||
      !table_require_column(table, "stim_id", &id, error))
    return false;
  map->images = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (gsize row = 0; row < table_n_rows(table); row++)
    if (!g_hash_table_insert(map->images, g_strdup(table_get(table, row, name)), g_strdup(table_get(table, row, id)))) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: name: '%s' is there twice", path, row + 2,
                  table_get(table, row, name));
      return false;
    }
  return true;
}

static void add_default_scales(ImportMap *map) {
  static const char *const names[] = {"arousal", "valence"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    ImportScale *scale = &map->scales[map->n_scales++];
    *scale = (ImportScale){.name = g_strdup(names[i]), .low = RATINGS_LOW, .high = RATINGS_HIGH};
    if (map->layout == IMPORT_SCALES)
      scale->label = g_strdup(names[i]);
    else
      scale->column = map->layout == IMPORT_WIDE ? g_strdup_printf("%s_" IMPORT_IMAGE, names[i]) : g_strdup(names[i]);
  }
}

static void read_keys(KeyFile *file, ImportMap *map, char **images) {
  read_file_group(file, map);
  read_columns_group(file, map);
  keyfile_know_group(file, "images");
  *images = keyfile_string(file, "images", "names", NULL);
  map->skip_unknown = keyfile_choice(file, "images", "unknown", unknown, 0) == 1;
  map->repeats = (ImportRepeats)keyfile_choice(file, "images", "repeats", repeats, IMPORT_REPEATS_ERROR);
  const char *const *groups = keyfile_groups(file);
  for (gsize i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix(groups[i], SCALE_PREFIX)) {
      keyfile_know_group(file, groups[i]);
      read_scale(file, map, groups[i]);
    }
  if (map->n_scales == 0)
    add_default_scales(map);
}

bool import_map_read(const char *path, ImportMap **map, GError **error) {
  g_autoptr(KeyFile) file = NULL;
  g_autoptr(ImportMap) read = g_new0(ImportMap, 1);
  read->path = g_strdup(path != NULL ? path : "the default map");
  if (!(path != NULL ? keyfile_open(path, &file, error) : keyfile_parse(read->path, "", 0, &file, error)))
    return false;
  g_autofree char *images = NULL;
  read_keys(file, read, &images);
  if (!keyfile_finish(file, error) || (images != NULL && !read_images(read, images, error)))
    return false;
  *map = g_steal_pointer(&read);
  return true;
}
