#include "synth/dream/sheet.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "synth/dream/layers.h"
#include "synth/dream/sheet_text.h"

#define MARGIN_PX 20
#define GAP_PX 14
#define TITLE_PX 18
#define LINE_PX 15
#define LABEL_GAP_PX 4
#define LABEL_TEXT_PX 11
#define ASPECT 1.6 /* wanted width to height of the grid, in cells */

typedef struct {
  int columns, rows;
  int cell_w, cell_h; /* of the thumbnails */
  int label_h;
  int title_h;
} Layout;

/* The cell's text, or NULL where the column or the value is missing. */
static const char *cell(const StimulusSet *set, gsize row, const char *column) {
  const int at = table_column(set->stimuli, column);
  return at >= 0 && !table_is_missing(set->stimuli, row, (gsize)at) ? table_get(set->stimuli, row, (gsize)at) : NULL;
}

static const char *row_name(const StimulusSet *set, gsize row) {
  const char *layer = cell(set, row, "layer");
  return layer ? layer : cell(set, row, "id");
}

/* The names of the set's layers that are wanted; NULL with error set. They belong to the set. */
static GHashTable *wanted_names(const StimulusSet *set, const char *const *layers, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++)
    if (g_hash_table_add(seen, (gpointer)row_name(set, row)))
      g_ptr_array_add(names, (gpointer)row_name(set, row));
  g_autofree gsize *picked = NULL;
  gsize n_picked;
  if (!layers_pick(set->folder, "its " MANIFEST_TABLE " lists what it has", (const char *const *)names->pdata,
                   names->len, layers, &picked, &n_picked, error))
    return NULL;
  GHashTable *wanted = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize i = 0; i < n_picked; i++)
    g_hash_table_add(wanted, names->pdata[picked[i]]);
  return wanted;
}

static GArray *select_rows(const StimulusSet *set, const char *const *layers, GError **error) {
  if (table_n_rows(set->stimuli) == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: the set has no finished stimulus yet", set->folder);
    return NULL;
  }
  g_autoptr(GHashTable) wanted = layers ? wanted_names(set, layers, error) : NULL;
  if (layers && !wanted)
    return NULL;
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(gsize));
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++)
    if (!wanted || g_hash_table_contains(wanted, row_name(set, row)))
      g_array_append_val(rows, row);
  return rows;
}

static bool has_several_seeds(const StimulusSet *set, const GArray *rows) {
  const char *first = cell(set, g_array_index(rows, gsize, 0), "seed");
  for (guint i = 1; i < rows->len; i++)
    if (g_strcmp0(first, cell(set, g_array_index(rows, gsize, i), "seed")) != 0)
      return true;
  return false;
}

/* The number of rows at the start that share a layer, so that a layer's seeds can stay in one line. */
static int layer_run(const StimulusSet *set, const GArray *rows) {
  guint run = 1;
  const char *first = row_name(set, g_array_index(rows, gsize, 0));
  while (run < rows->len && strcmp(first, row_name(set, g_array_index(rows, gsize, run))) == 0)
    run++;
  return (int)run;
}

/* A multiple of the layers' seeds near the wanted shape; among the near ones, the one that leaves the fewest empty
 * cells. */
static int choose_columns(int n, int run) {
  const double target = sqrt(n * ASPECT);
  int best = 0, best_empty = G_MAXINT;
  for (int columns = run; columns <= n; columns += run) {
    if (columns < target * 0.75 || columns > target * 1.35)
      continue;
    const int empty = (columns - n % columns) % columns;
    if (empty < best_empty || (empty == best_empty && fabs(columns - target) < fabs(best - target))) {
      best = columns;
      best_empty = empty;
    }
  }
  return best ? best : run >= target ? run : MIN(n, (int)ceil(target));
}

static void fit(int width, int height, int box_w, int box_h, int *to_w, int *to_h) {
  const double scale = MIN(1.0, MIN((double)box_w / width, (double)box_h / height));
  *to_w = MAX(1, (int)lround(width * scale));
  *to_h = MAX(1, (int)lround(height * scale));
}

static bool read_stimulus(const StimulusSet *set, gsize row, Image **image, GError **error) {
  g_autofree char *path = stimulus_set_path(set, row);
  return image_read(path, image, error);
}

static const char *record_text(const StimulusSet *set, const char *object, const char *member) {
  JsonNode *node = json_object_get_member(set->record, object);
  if (!node || !JSON_NODE_HOLDS_OBJECT(node))
    return NULL;
  return json_text(json_node_get_object(node), member, NULL);
}

static void draw_title(const StimulusSet *set, Image *sheet) {
  const char *network = record_text(set, "network", "name"), *note = record_text(set, "network", "note");
  const bool note_says_it = note && g_str_has_prefix(note, network);
  g_autofree char *title = g_strconcat(note_says_it ? "" : network, note && !note_says_it ? ": " : "", note, NULL);
  const SheetTextStyle style = {.size_px = 13, .bold = false, .grey = 96, .align = SHEET_TEXT_LEFT};
  sheet_text(sheet, MARGIN_PX, MARGIN_PX - 6, sheet->width - 2 * MARGIN_PX, TITLE_PX, &style, title);
}

static bool draw_cell(const StimulusSet *set, gsize row, const Layout *layout, int x, int y, Image *sheet,
                      GError **error) {
  g_autoptr(Image) whole = NULL;
  if (!read_stimulus(set, row, &whole, error))
    return false;
  int width, height;
  fit(whole->width, whole->height, layout->cell_w, layout->cell_h, &width, &height);
  g_autoptr(Image) thumb = image_new(width, height, error);
  if (!thumb)
    return false;
  if (width == whole->width && height == whole->height)
    memcpy(thumb->pixels, whole->pixels, (gsize)width * (gsize)height * 3 * sizeof(float));
  else
    image_resize_area(whole, thumb);
  const int left = x + (layout->cell_w - width) / 2, top = y + (layout->cell_h - height) / 2;
  for (int j = 0; j < height; j++)
    memcpy(sheet->pixels + ((gsize)(top + j) * (gsize)sheet->width + (gsize)left) * 3,
           thumb->pixels + (gsize)j * (gsize)width * 3, (gsize)width * 3 * sizeof(float));
  const SheetTextStyle name = {.size_px = LABEL_TEXT_PX, .grey = 32, .align = SHEET_TEXT_CENTRE};
  const int label_y = y + layout->cell_h + LABEL_GAP_PX;
  sheet_text(sheet, x, label_y, layout->cell_w, LINE_PX, &name, row_name(set, row));
  const char *seed = cell(set, row, "seed");
  if (layout->label_h > LABEL_GAP_PX + LINE_PX && seed) {
    const SheetTextStyle small = {.size_px = LABEL_TEXT_PX - 1, .grey = 128, .align = SHEET_TEXT_CENTRE};
    g_autofree char *text = g_strconcat("seed ", seed, NULL);
    sheet_text(sheet, x, label_y + LINE_PX, layout->cell_w, LINE_PX, &small, text);
  }
  return true;
}

static bool make_layout(const StimulusSet *set, const SheetOptions *options, const GArray *rows, Layout *layout,
                        GError **error) {
  g_autoptr(Image) first = NULL;
  if (!read_stimulus(set, g_array_index(rows, gsize, 0), &first, error))
    return false;
  fit(first->width, first->height, options->thumb_px, options->thumb_px, &layout->cell_w, &layout->cell_h);
  const int n = (int)rows->len;
  layout->columns = options->columns > 0 ? MIN(options->columns, n) : choose_columns(n, layer_run(set, rows));
  layout->rows = (n + layout->columns - 1) / layout->columns;
  layout->label_h = LABEL_GAP_PX + LINE_PX * (has_several_seeds(set, rows) ? 2 : 1);
  layout->title_h = record_text(set, "network", "name") ? TITLE_PX : 0;
  return true;
}

bool sheet_draw(const StimulusSet *set, const SheetOptions *options, Image **sheet, GError **error) {
  g_assert(options->thumb_px >= SHEET_MIN_THUMB && options->thumb_px <= SHEET_MAX_THUMB);
  g_autoptr(GArray) rows = select_rows(set, options->layers, error);
  Layout layout;
  if (!rows || !make_layout(set, options, rows, &layout, error))
    return false;
  const int step_x = layout.cell_w + GAP_PX, step_y = layout.cell_h + layout.label_h + GAP_PX;
  const gint64 width = 2 * MARGIN_PX - GAP_PX + (gint64)layout.columns * step_x;
  const gint64 height = 2 * MARGIN_PX - GAP_PX + layout.title_h + (gint64)layout.rows * step_y;
  if (width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: the sheet would be %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT
                " pixels, more than %d: use a smaller --thumb, other --columns, or fewer --layers",
                set->folder, width, height, IMAGE_MAX_SIDE);
    return false;
  }
  g_autoptr(Image) drawn = image_new((int)width, (int)height, error);
  if (!drawn)
    return false;
  for (gsize i = 0; i < (gsize)width * (gsize)height * 3; i++)
    drawn->pixels[i] = 255.0f;
  if (layout.title_h)
    draw_title(set, drawn);
  for (guint i = 0; i < rows->len; i++)
    if (!draw_cell(set, g_array_index(rows, gsize, i), &layout, MARGIN_PX + (int)(i % (guint)layout.columns) * step_x,
                   MARGIN_PX + layout.title_h + (int)(i / (guint)layout.columns) * step_y, drawn, error))
      return false;
  *sheet = g_steal_pointer(&drawn);
  return true;
}
