#include <string.h>

#include "stimuli/base/error.h"
#include "synth/commands.h"
#include "synth/dream/sheet_text.h"
#include "synth/train/pattern.h"

#define MARGIN_PX 16
#define GAP_PX 4
#define GROUP_GAP_PX 16
#define LABEL_PX 18

typedef struct {
  int size, samples, groups; /* of one image, of a class, of classes side by side */
  gint64 seed;
} Patterns;

static int group_width(const Patterns *p) { return p->samples * (p->size + GAP_PX) - GAP_PX; }

static void place(const Image *from, int left, int top, Image *to) {
  for (int y = 0; y < from->height; y++)
    memcpy(to->pixels + ((gsize)(top + y) * (gsize)to->width + (gsize)left) * 3,
           from->pixels + (gsize)y * (gsize)from->width * 3, (gsize)from->width * 3 * sizeof(float));
}

/* A class's samples in a line under its name. */
static void draw_class(const Patterns *p, gsize label, int left, int top, Image *image, Image *sheet) {
  const SheetTextStyle style = {.size_px = 11, .grey = 32, .align = SHEET_TEXT_LEFT};
  g_autofree char *stream = g_strdup_printf("patterns %zu", label);
  Random random;
  random_init_stream(&random, (guint64)p->seed, stream);
  sheet_text(sheet, left, top, group_width(p), LABEL_PX, &style, pattern_class_name(label));
  for (int k = 0; k < p->samples; k++) {
    pattern_render(label, &random, image);
    place(image, left + k * (p->size + GAP_PX), top + LABEL_PX, sheet);
  }
}

static Image *draw(const Patterns *p, GError **error) {
  int n = (int)pattern_n_classes(), rows = (n + p->groups - 1) / p->groups;
  int step_x = group_width(p) + GROUP_GAP_PX, step_y = LABEL_PX + p->size + GAP_PX;
  g_autoptr(Image) image = image_new(p->size, p->size, error);
  if (image == NULL)
    return NULL;
  Image *sheet = image_new(2 * MARGIN_PX + p->groups * step_x - GROUP_GAP_PX, 2 * MARGIN_PX + rows * step_y, error);
  if (sheet == NULL)
    return NULL;
  gsize floats = (gsize)sheet->width * (gsize)sheet->height * 3;
  for (gsize k = 0; k < floats; k++)
    sheet->pixels[k] = 255;
  for (int k = 0; k < n; k++)
    draw_class(p, (gsize)k, MARGIN_PX + k / rows * step_x, MARGIN_PX + k % rows * step_y, image, sheet);
  return sheet;
}

static bool run_patterns(int argc, char **argv, GError **error) {
  Patterns p = {.size = 96, .samples = 3, .groups = 6, .seed = 1};
  g_autofree char *out = NULL;
  const GOptionEntry entries[] = {
      {"size", 0, 0, G_OPTION_ARG_INT, &p.size, "Side of the images in pixels (96)", "PX"},
      {"samples", 0, 0, G_OPTION_ARG_INT, &p.samples, "Images of each class (3)", "N"},
      {"columns", 0, 0, G_OPTION_ARG_INT, &p.groups, "Classes side by side (6)", "N"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &p.seed, "Of the images (1)", "N"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out, "The picture to write, a PNG", "OUT.png"},
      {NULL, 0, 0, 0, NULL, NULL, NULL}};
  if (!command_parse(&command_patterns, entries, 0, 0, &argc, &argv, error))
    return error == NULL || *error == NULL;
  const struct {
    bool good;
    const char *what;
  } checks[] = {{out != NULL, "-o is missing: the PNG to write"},
                {p.size >= 32 && p.size <= 512, "--size: 32 to 512 expected"},
                {p.samples >= 1 && p.samples <= 64, "--samples: 1 to 64 expected"},
                {p.groups >= 1 && p.groups <= (int)pattern_n_classes(), "--columns: 1 to the classes' number expected"},
                {p.seed >= 0, "--seed: 0 or more expected"}};
  for (gsize k = 0; k < G_N_ELEMENTS(checks); k++)
    if (!checks[k].good) {
      g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, checks[k].what);
      return false;
    }
  g_autoptr(Image) sheet = draw(&p, error);
  return sheet != NULL && image_write_png(sheet, out, error);
}

const Command command_patterns = {"patterns", "", "Draw samples of the training images, class by class", run_patterns};
