#include "present/screens/rating_screen.h"

#include <math.h>

#include "present/draw/sam.h"
#include "present/draw/slider_draw.h"
#include "present/screens/button.h"

/* All in units of the theme, times the scale that the layout settles on. */
#define FIGURE_SIDE 80.0
#define FIGURE_GAP 9.0
#define TRACK_WIDTH 600.0
#define TRACK_HEIGHT 10.0
#define THUMB_WIDTH 16.0
#define THUMB_HEIGHT 34.0
/* The Affective Slider's proportions: a thumb a tenth taller than its track, a pictogram at each end, and beneath the
 * track a wedge that widens with intensity. */
#define AFFECTIVE_TRACK_WIDTH 440.0 /* leaves room for pictograms and labels */
#define AFFECTIVE_TRACK_HEIGHT 30.0
#define AFFECTIVE_THUMB_HEIGHT 33.0
#define CUE_HEIGHT 14.0
#define CUE_GAP 8.0
#define LABEL_WIDTH 220.0 /* with texts of the normal size */
#define WIDEST_LABEL 330.0
#define ROOM 1160.0 /* units of width for a track and what is beside it */
#define LABEL_GAP 26.0
#define LABEL_SIZE 21.0
#define QUESTION_SIZE 21.0
#define QUESTION_GAP 7.0
#define QUESTION_SHARE 0.9 /* of the frame's width */
#define AFFECTIVE_GAP 16.0
#define BLOCK_GAP 24.0
#define MARGIN 16.0
#define SMALLEST_IMAGE 0.3 /* of the frame's height, before sliders get smaller than is comfortable */

typedef struct {
  const ProtocolScale *scale;
  Text *question, *left, *right;
  double question_y, figures_y;
  Slider slider;
} ScaleView;

typedef struct {
  Screen base;
  RatingSetup setup;
  ScaleView views[PROTOCOL_MAX_SCALES];
  gsize n_views;
  double scale;       /* px a unit */
  double label_width; /* px */
  Box image_box;
  Button button;
  const Picture *picture;
  int focus; /* -1: none yet */
  bool focus_visible;
} RatingScreen;

bool rating_screen_all_touched(const Screen *screen) {
  const RatingScreen *self = (const RatingScreen *)screen;
  for (gsize i = 0; i < self->n_views; i++)
    if (!self->views[i].slider.touched)
      return false;
  return true;
}

static bool can_confirm(const RatingScreen *self) {
  return self->setup.touch_optional || rating_screen_all_touched(&self->base);
}

/* --- Drawing --- */

static SamFigure figure_of(const ProtocolScale *scale) {
  return scale->figure == FIGURE_AROUSAL ? SAM_AROUSAL : scale->figure == FIGURE_VALENCE ? SAM_VALENCE : SAM_DOMINANCE;
}

/* Where a share 0..1 of a scale's range is, in px. */
static double x_of(const ScaleView *view, double share) {
  return slider_x(&view->slider, SLIDER_STEPS * (view->slider.mirrored ? 1 - share : share));
}

static void draw_wedge(cairo_t *cr, const ScaleView *view, double y, double height, double from, double to) {
  cairo_move_to(cr, x_of(view, from), y + height / 2);
  cairo_line_to(cr, x_of(view, to), y);
  cairo_line_to(cr, x_of(view, to), y + height);
  cairo_close_path(cr);
  cairo_fill(cr);
}

static void draw_affective(cairo_t *cr, const RatingScreen *self, const ScaleView *view) {
  const Box *track = &view->slider.track;
  double side = FIGURE_SIDE * self->scale, out = AFFECTIVE_GAP * self->scale + side / 2;
  double y = track->y + track->height + CUE_GAP * self->scale, height = CUE_HEIGHT * self->scale;
  for (int end = 0; end <= 1; end++) {
    double x = x_of(view, end), towards = x > track->x ? out : -out;
    sam_draw(cr, figure_of(view->scale), end * (SAM_LEVELS - 1), x + towards - side / 2, view->figures_y, side);
  }
  theme_set_source(cr, &self->base.theme.faint);
  if (view->scale->figure == FIGURE_AROUSAL)
    draw_wedge(cr, view, y, height, 0, 1);
  for (int end = 0; view->scale->figure == FIGURE_VALENCE && end <= 1; end++)
    draw_wedge(cr, view, y, height, 0.5, end);
}

static void draw_labels(cairo_t *cr, const RatingScreen *self, const ScaleView *view) {
  const Box *track = &view->slider.track;
  double middle = track->y + track->height / 2, width = self->label_width;
  double gap = (self->setup.affective ? 2 * AFFECTIVE_GAP + FIGURE_SIDE : LABEL_GAP) * self->scale;
  if (view->left != NULL)
    text_draw(view->left, cr, track->x - gap - width, middle - text_height(view->left) / 2);
  if (view->right != NULL)
    text_draw(view->right, cr, track->x + track->width + gap, middle - text_height(view->right) / 2);
}

static void draw_scale(cairo_t *cr, const RatingScreen *self, const ScaleView *view) {
  const Theme *theme = &self->base.theme;
  theme_set_source(cr, &theme->text);
  if (view->question != NULL)
    text_draw(view->question, cr, theme->width * (1 - QUESTION_SHARE) / 2, view->question_y);
  draw_labels(cr, self, view);
  double side = FIGURE_SIDE * self->scale;
  if (self->setup.affective)
    draw_affective(cr, self, view);
  else if (view->scale->figure != FIGURE_NONE)
    for (int level = 0; level < SAM_LEVELS; level++)
      sam_draw(cr, figure_of(view->scale), level, x_of(view, (double)level / (SAM_LEVELS - 1)) - side / 2,
               view->figures_y, side);
}

static void draw_base(Screen *screen, Frame *frame) {
  RatingScreen *self = (RatingScreen *)screen;
  screen_fill(&screen->theme, frame);
  cairo_t *cr = frame_paint(frame);
  for (gsize i = 0; i < self->n_views; i++)
    draw_scale(cr, self, &self->views[i]);
  cairo_destroy(cr);
  const Picture *picture = self->picture;
  if (picture != NULL)
    frame_blit(frame, picture, (int)(self->image_box.x + (self->image_box.width - picture->width) / 2),
               (int)(self->image_box.y + (self->image_box.height - picture->height) / 2));
}

static void draw_parts(Screen *screen, Frame *frame) {
  RatingScreen *self = (RatingScreen *)screen;
  cairo_t *cr = frame_paint(frame);
  for (gsize i = 0; i < self->n_views; i++)
    slider_draw(cr, &screen->theme, self->scale, &self->views[i].slider, self->focus_visible && self->focus == (int)i);
  button_draw(cr, &screen->theme, &self->button.box, can_confirm(self), self->button.pressed);
  cairo_destroy(cr);
}

/* --- Input --- */

static ScreenResult handle_key(RatingScreen *self, const Event *event) {
  int n = (int)self->n_views;
  if (event->key == KEY_TAB) {
    if (self->focus_visible || self->focus >= 0)
      self->focus = (self->focus + (event->shift ? n - 1 : 1)) % n;
    else
      self->focus = event->shift ? n - 1 : 0;
    self->focus_visible = true;
    return SCREEN_CHANGED;
  }
  if (event->key == KEY_ENTER || event->key == KEY_SPACE)
    return screen_is_confirm_key(event) && can_confirm(self) ? SCREEN_DONE : SCREEN_SAME;
  if (!slider_key(&self->views[MAX(self->focus, 0)].slider, event))
    return SCREEN_SAME;
  self->focus = MAX(self->focus, 0);
  self->focus_visible = true;
  return SCREEN_CHANGED;
}

static ScreenResult handle_press(RatingScreen *self, const Event *event) {
  for (gsize i = 0; i < self->n_views; i++)
    if (slider_hit(&self->views[i].slider, event->x, event->y)) {
      slider_press(&self->views[i].slider, event->x);
      self->focus = (int)i;
      self->focus_visible = false;
      return SCREEN_CHANGED;
    }
  return button_handle(&self->button, event, can_confirm(self));
}

static ScreenResult handle_drag(RatingScreen *self, const Event *event) {
  for (gsize i = 0; i < self->n_views; i++)
    if (self->views[i].slider.dragging) {
      double before = self->views[i].slider.position;
      slider_drag(&self->views[i].slider, event->x);
      return self->views[i].slider.position != before ? SCREEN_CHANGED : SCREEN_SAME;
    }
  return SCREEN_SAME;
}

static ScreenResult handle(Screen *screen, const Event *event) {
  RatingScreen *self = (RatingScreen *)screen;
  switch (event->kind) {
  case EVENT_KEY:
    return handle_key(self, event);
  case EVENT_POINTER_DOWN:
    return handle_press(self, event);
  case EVENT_POINTER_MOVE:
    return handle_drag(self, event);
  case EVENT_POINTER_UP:
  case EVENT_FOCUS_LOST:
    for (gsize i = 0; i < self->n_views; i++)
      slider_release(&self->views[i].slider);
    return button_handle(&self->button, event, can_confirm(self));
  default:
    return SCREEN_SAME;
  }
}

/* --- Layout --- */

static Text *label(const char *text, double size, double width, TextAlign align) {
  return text[0] == '\0' ? NULL : text_new(text, size, TEXT_REGULAR, width, align);
}

static void clear_texts(RatingScreen *self) {
  for (gsize i = 0; i < self->n_views; i++) {
    g_clear_pointer(&self->views[i].question, text_free);
    g_clear_pointer(&self->views[i].left, text_free);
    g_clear_pointer(&self->views[i].right, text_free);
  }
}

/* The track in units: shorter where large labels need the room. */
static double track_units(const RatingScreen *self, double label_units) {
  bool affective = self->setup.affective;
  double beside = label_units + (affective ? 2 * AFFECTIVE_GAP + FIGURE_SIDE : LABEL_GAP);
  return fmin(affective ? AFFECTIVE_TRACK_WIDTH : TRACK_WIDTH, ROOM - 2 * beside);
}

/* Lays all scales out below one another from y = 0 at `scale` px a unit; returns their height. */
static double lay_out_scales(RatingScreen *self, double scale) {
  double y = 0, width = self->base.theme.width;
  const Theme *theme = &self->base.theme;
  bool affective = self->setup.affective;
  double label_units = fmin(LABEL_WIDTH * fmax(theme->text_size, 1), WIDEST_LABEL);
  double label_size = theme_text_px(theme, LABEL_SIZE, scale);
  double track_width = round(track_units(self, label_units) * scale);
  double gap = (affective ? 2 * AFFECTIVE_GAP + FIGURE_SIDE : LABEL_GAP) * scale;
  self->label_width = fmin(label_units * scale, (width - track_width) / 2 - gap); /* no label leaves the frame */
  clear_texts(self);
  for (gsize i = 0; i < self->n_views; i++) {
    ScaleView *view = &self->views[i];
    const char *low = view->scale->left, *high = view->scale->right;
    double question_size = theme_text_px(theme, QUESTION_SIZE, scale);
    view->question = label(view->scale->text, question_size, width * QUESTION_SHARE, TEXT_CENTER);
    view->left = label(view->slider.mirrored ? high : low, label_size, self->label_width, TEXT_FLUSH_RIGHT);
    view->right = label(view->slider.mirrored ? low : high, label_size, self->label_width, TEXT_FLUSH_LEFT);
    view->question_y = y;
    if (view->question != NULL)
      y += text_height(view->question) + QUESTION_GAP * scale;
    view->figures_y = y;
    if (view->scale->figure != FIGURE_NONE && !affective)
      y += (FIGURE_SIDE + FIGURE_GAP) * scale;
    double labels =
        fmax(view->left != NULL ? text_height(view->left) : 0, view->right != NULL ? text_height(view->right) : 0);
    double thumb = affective ? AFFECTIVE_THUMB_HEIGHT : THUMB_HEIGHT;
    double row = fmax(affective ? FIGURE_SIDE * scale : thumb * scale, labels);
    double track_height = round((affective ? AFFECTIVE_TRACK_HEIGHT : TRACK_HEIGHT) * scale);
    view->slider.track =
        (Box){round((width - track_width) / 2), round(y + (row - track_height) / 2), track_width, track_height};
    view->slider.thumb_width = THUMB_WIDTH * scale;
    view->slider.thumb_height = fmax(thumb * scale, track_height * 1.1);
    y += row + (i + 1 < self->n_views ? BLOCK_GAP * scale : 0);
  }
  self->scale = scale;
  return y;
}

static bool breaks_words(const RatingScreen *self) {
  for (gsize i = 0; i < self->n_views; i++) {
    const Text *texts[] = {self->views[i].question, self->views[i].left, self->views[i].right};
    for (gsize j = 0; j < G_N_ELEMENTS(texts); j++)
      if (texts[j] != NULL && text_breaks_word(texts[j]))
        return true;
  }
  return false;
}

/* Everything is laid out at the theme's size; where the room does not do, the sliders shrink a little first, then the
 * image, and only then the sliders further. whole_words: they also shrink until no line ends within a word. */
static void lay_out(RatingScreen *self, bool whole_words) {
  const Theme *theme = &self->base.theme;
  double button_scale = theme_text_px(theme, THEME_TEXT_UNITS, theme->unit) / THEME_TEXT_UNITS;
  double margin = MARGIN * theme->unit, button = THEME_BUTTON_UNITS * button_scale;
  bool image = self->setup.image_percent > 0;
  double wanted = theme->height * self->setup.image_percent / 100, least = fmin(wanted, theme->height * SMALLEST_IMAGE);
  double fixed = 2 * margin + button + margin + (image ? margin : 0);
  double height = 0, room = 0;
  bool broken = false;
  for (double share = image ? 1.0 : 1.25; share > 0.2; share -= 0.05) {
    height = lay_out_scales(self, theme->unit * share);
    room = theme->height - fixed - height;
    broken = whole_words && breaks_words(self);
    if (room >= (share > 0.82 ? wanted : least) && !broken)
      break;
  }
  double box = image ? fmax(fmin(wanted, room), 1) : 0;
  double y = round(fmax((theme->height - fixed - height - box) / 2, 0) + margin);
  self->image_box = (Box){round(theme->width * 0.04), y, floor(theme->width * 0.92), floor(box)};
  y += floor(box) + (image ? margin : 0);
  for (gsize i = 0; i < self->n_views; i++) {
    self->views[i].question_y += y;
    self->views[i].figures_y += y;
    self->views[i].slider.track.y += y;
  }
  self->button.box = button_box(theme, button_scale, theme->width / 2.0, y + height + margin);
  self->base.crowded = broken || room < least || self->scale < theme->unit * THEME_LEAST_UNITS / LABEL_SIZE;
}

static void rating_free(Screen *screen) {
  clear_texts((RatingScreen *)screen);
  g_free(screen);
}

static const ScreenClass rating_class = {draw_base, draw_parts, handle, rating_free};

Screen *rating_screen_new(const Theme *theme, const RatingSetup *setup) {
  g_assert(setup->n_scales >= 1 && setup->n_scales <= PROTOCOL_MAX_SCALES);
  RatingScreen *self = g_new0(RatingScreen, 1);
  self->base = (Screen){&rating_class, *theme, true, false, false};
  self->setup = *setup;
  self->n_views = setup->n_scales;
  for (gsize i = 0; i < setup->n_scales; i++) {
    self->views[i].scale = setup->scales[i];
    self->views[i].slider.mirrored = setup->mirrored[i];
  }
  rating_screen_restart(&self->base);
  lay_out(self, true);
  if (self->base.crowded)
    lay_out(self, false);
  return &self->base;
}

void rating_screen_restart(Screen *screen) {
  RatingScreen *self = (RatingScreen *)screen;
  self->focus = -1;
  self->focus_visible = self->button.pressed = false;
  for (gsize i = 0; i < self->n_views; i++) {
    const ProtocolScale *scale = self->views[i].scale;
    Slider *slider = &self->views[i].slider;
    slider_place(slider, self->setup.start[i], scale->min, scale->max);
    slider->touched = slider->dragging = false;
  }
}

Box rating_screen_image_box(const Screen *screen) { return ((const RatingScreen *)screen)->image_box; }

void rating_screen_set_picture(Screen *screen, const Picture *picture) { ((RatingScreen *)screen)->picture = picture; }

const Slider *rating_screen_slider(const Screen *screen, gsize i) {
  return &((const RatingScreen *)screen)->views[i].slider;
}

double rating_screen_value(const Screen *screen, gsize i) {
  const ScaleView *view = &((const RatingScreen *)screen)->views[i];
  return slider_value(&view->slider, view->scale->min, view->scale->max);
}

Box rating_screen_button(const Screen *screen) { return ((const RatingScreen *)screen)->button.box; }
