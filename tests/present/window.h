/* The real program in a window under Xvfb, driven from outside by mouse and keyboard. Nothing here trusts a fixed time:
 * every step waits for what it must lead to, and a press is repeated until its effect shows, as presses in the first
 * moments of a page are meant for the screen before and ignored. */
#ifndef DREAMRIG_TESTS_PRESENT_WINDOW_H
#define DREAMRIG_TESTS_PRESENT_WINDOW_H

#include "present/screens/trial_view.h"
#include "tests/present/rig.h"
#include "tests/present/xserver.h"

#define WINDOW_WIDTH 1280
#define WINDOW_HEIGHT 800

typedef struct {
  XServer *server;
  char *folder, *data, *path;
  Protocol *protocol;
  TrialList *trials;
  Theme theme;
  Colour disabled;                          /* of a button that cannot be pressed */
  double left, top;                         /* where the frame's corner lies on the screen */
  double scale;                             /* screen's px for one of the frame's */
  const char *label, *session_label, *task; /* whose journal window_journal reads; "01", NULL and "test" */
  GPid session;                             /* 0: none runs */
  int status;                               /* of the last one, 128 + signal where it was killed */
} Window;

/* A protocol in a folder and a server; NULL after g_test_skip where there is no Xvfb. */
Window *window_new(void);
Window *window_new_repeating(void); /* held keys repeat (xserver_start_repeating) */
void window_free(Window *window);
/* Runs the protocol in a window, with one more option or NULL. */
void window_start(Window *window, const char *option);
/* Runs the presenter with these arguments, NULL-terminated. */
void window_launch(Window *window, const char *const *arguments);

/* What a step must lead to: all that is set. */
typedef struct {
  guint answers, trials, parts, resizes; /* in the newest journal, at least */
  const Colour *shows;                   /* the grey that the frame's pixel at (x, y) has */
  double x, y;
  Screen *looks;    /* the window shows exactly this screen, but for a corner where the pointer may be parked */
  bool ended, gone; /* the session; its window */
} Goal;

/* Moves the pointer into that corner. */
void window_park_pointer(const Window *window);

void window_wait(Window *window, const Goal *goal);
/* Runs xdotool with this command, again and again until the goal is reached. */
void window_insist(Window *window, const Goal *goal, const char *command);
/* Once. */
void window_do(const Window *window, const char *command);
/* The command that moves the pointer to a point of the frame and does `what` there ("click 1", ""). Free with g_free.
 */
char *window_at(const Window *window, double x, double y, const char *what);
char *window_click(const Window *window, Box box);
/* The newest journal as it is now; NULL: none yet. */
JournalContents *window_journal(const Window *window);

/* That the pause page shows, by its button; and that it asks instead whether to end, by the card that is there then
 * (*card: the goal points to it). */
Goal window_pause_page(const Window *window);
Goal window_asking_page(const Window *window, Colour *card);

/* Each waits for its screen and leaves it confirmed on disk. */
void window_pass_page(Window *window);
void window_pass_question(Window *window); /* takes the third option */
/* Waits for trial i; clear the view with trial_view_clear. */
TrialView window_wait_for_trial(Window *window, gsize i);
/* The page that a resumed session begins with. */
void window_wait_for_resumed(Window *window);
/* From there, or from a question before it that only wants confirming, to trial i. */
TrialView window_resume_at_trial(Window *window, gsize i);
/* The first slider to 2, the second to 29, confirmed as the session's trial i. */
void window_rate_by_keys(Window *window, gsize i);
/* That a slider's thumb stands there; and waiting until it does. */
Goal window_thumb(const Window *window, const Slider *slider, double position);
void window_wait_for_thumb(Window *window, const Slider *slider, double position);

#endif
