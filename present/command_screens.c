#include <stdio.h>

#include "present/commands.h"
#include "present/draw/mask.h"
#include "present/screens/fit.h"
#include "present/screens/pause_screen.h"
#include "present/screens/question_view.h"
#include "present/screens/still_screen.h"
#include "present/screens/trial_view.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

/* Pictures of screens, numbered in the order of the session. */
typedef struct {
  const Protocol *protocol;
  Theme theme;
  const char *folder;
  Frame *frame;
  int number;
  const TrialList *trials;
  gsize step; /* under way */
} Album;

static void show_progress(const Album *album, Screen *screen, gsize number) {
  if (album->protocol->screen.progress)
    screen->theme.progress = trial_list_progress(album->protocol, album->trials, album->step, number);
}

static bool save(Album *album, Screen *screen, const char *name, GError **error) {
  bool fresh = false;
  screen_draw(screen, NULL, &fresh, album->frame);
  g_autofree char *file = g_strdup_printf("%02d-%s.png", ++album->number, name);
  g_autofree char *path = g_build_filename(album->folder, file, NULL);
  return frame_write_png(album->frame, path, error);
}

static bool save_part(Album *album, Screen *screen, const ProtocolBlock *block, const char *part, GError **error) {
  g_autofree char *name = g_strconcat(block->name, "-", part, NULL);
  return save(album, screen, name, error);
}

/* number: of the trial that comes next, 1 outside of blocks. */
static bool save_page(Album *album, const ProtocolPage *page, gsize number, GError **error) {
  g_autoptr(Screen) screen = page_view_new(&album->theme, page);
  show_progress(album, screen, number);
  return save(album, screen, page->name, error);
}

static bool save_question(Album *album, const ProtocolQuestion *question, gsize number, GError **error) {
  g_autoptr(Screen) screen = question_view_new(&album->theme, album->protocol, question, album->trials->participant);
  show_progress(album, screen, number);
  return save(album, screen, question->name, error);
}

/* Sets every slider, one by one, as the mouse would. */
static void answer(Screen *screen, gsize n_scales) {
  for (gsize i = 0; i < n_scales; i++) {
    const Slider *slider = rating_screen_slider(screen, i);
    double x = slider_x(slider, 35.0 + 30.0 * (double)(i % 2)), y = slider->track.y + slider->track.height / 2;
    screen_handle(screen, &(Event){.kind = EVENT_POINTER_DOWN, .x = x, .y = y});
    screen_handle(screen, &(Event){.kind = EVENT_POINTER_UP, .x = x, .y = y});
  }
}

/* The screens of a block's first trial. */
static bool save_trial(Album *album, const Trial *trial, const TrialView *view, GError **error) {
  const Protocol *protocol = album->protocol;
  const ProtocolBlock *block = &protocol->blocks[trial->block];
  g_autoptr(Picture) picture = NULL;
  g_autofree char *path = stimulus_set_path(protocol->set, trial->stimulus);
  g_autoptr(Image) stimulus = NULL;
  if (!image_read(path, &stimulus, error) ||
      !picture_new_fitted(stimulus, view->box_width, view->box_height, protocol->screen.exact_scaling, &picture, error))
    return false;
  g_autoptr(Screen) fixation = still_screen_new_fixation(&album->theme, view->image_x, view->image_y);
  g_autoptr(Screen) image = still_screen_new_picture(&album->theme, picture);
  image->theme.lit = true;
  view->rating->theme.lit = view->together;
  if (view->together)
    rating_screen_set_picture(view->rating, picture);
  Random random;
  random_init(&random, 1);
  g_autoptr(Picture) pattern = mask_new(picture, &random);
  g_autoptr(Screen) mask = still_screen_new_picture(&album->theme, pattern);
  if ((block->fixation_ms.max > 0 && !save_part(album, fixation, block, "fixation", error)) ||
      (!view->together && !save_part(album, image, block, "image", error)) ||
      (block->mask_ms > 0 && !save_part(album, mask, block, "mask", error)) ||
      !save_part(album, view->rating, block, "rating", error))
    return false;
  answer(view->rating, block->n_scales);
  return save_part(album, view->rating, block, "answered", error);
}

static bool save_block(Album *album, const Trial *trial, GError **error) {
  const Protocol *protocol = album->protocol;
  const ProtocolBlock *block = &protocol->blocks[trial->block];
  TrialView view = trial_view_new(protocol, &album->theme, trial, album->trials->participant);
  bool good = save_trial(album, trial, &view, error);
  trial_view_clear(&view);
  g_autoptr(Screen) slow = still_screen_new_words(&album->theme, theme_phrase(&album->theme, PHRASE_TOO_SLOW));
  if (good && block->deadline_ms > 0)
    good = save_part(album, slow, block, "too-slow", error);
  for (gsize i = 0; i < block->n_checks && good; i++)
    good = save_question(album, &protocol->questions[block->checks[i]], 2, error);
  if (good && (block->break_trials > 0 || block->break_minutes > 0))
    good = save_page(album, &protocol->pages[block->break_page], 2, error);
  return good;
}

static bool save_all(Album *album, const TrialList *trials, GError **error) {
  const Protocol *protocol = album->protocol;
  for (gsize i = 0; i < protocol->n_steps; i++) {
    const ProtocolStep *step = &protocol->steps[i];
    gsize n_trials = 0;
    const Trial *first = trial_list_step(trials, i, &n_trials);
    album->step = i;
    bool good = step->kind == STEP_PAGE       ? save_page(album, &protocol->pages[step->index], 1, error)
                : step->kind == STEP_QUESTION ? save_question(album, &protocol->questions[step->index], 1, error)
                                              : n_trials == 0 || save_block(album, first, error);
    if (!good)
      return false;
  }
  g_autoptr(Screen) pause = pause_screen_new(&album->theme);
  show_progress(album, pause, 1);
  return save(album, pause, "pause", error);
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *set = NULL, *language = NULL, *folder = NULL, *size = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &folder, "The folder for the pictures (required)", "DIR"},
      {"size", 0, 0, G_OPTION_ARG_STRING, &size, "The screen's size in px (default: the protocol's window)", "WxH"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME, &set, "Use this stimulus set instead of the protocol's", "DIR"},
      {"language", 0, 0, G_OPTION_ARG_STRING, &language, "Show the texts of this language", "LOCALE"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_screens, entries, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (folder == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "screens needs -o DIR");
    return false;
  }
  int width = 0, height = 0;
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(TrialList) trials = NULL;
  if ((size != NULL && !commands_parse_size("--size", size, &width, &height, error)) ||
      !protocol_open(argv[1], &(ProtocolOptions){language, set}, &protocol, error) ||
      !trial_list_new(protocol, "screens1", &trials, error) || !files_make_folder(folder, 0755, error))
    return false;
  if (size == NULL) {
    width = protocol->screen.window_width;
    height = protocol->screen.window_height;
  }
  g_autoptr(Frame) frame = frame_new(width, height, error);
  if (frame == NULL)
    return false;
  Album album = {protocol, theme_of(protocol, width, height), folder, frame, 0, trials, 0};
  if (!save_all(&album, trials, error))
    return false;
  printf("%d screens in %s\n", album.number, folder);
  return fit_check(protocol, width, height, error); /* last, so that the pictures show what does not fit */
}

const Command command_screens = {"screens", "PROTOCOL", "Draw each of a protocol's screens into a PNG file", run};
