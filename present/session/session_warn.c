#include "present/screens/page_screen.h"
#include "present/session/session_internal.h"

#define WARNING_NS (4 * NS_PER_S)

ShowEnd session_warn(Session *session, gsize step, GError **error) {
  const Display *display = session->setup->display;
  if (display->info.trusted)
    return SHOW_DONE;
  session_note(session, clock_now_ns(display->clock), "untrusted_display", display->info.note);
  /* The reason is the driver's and the ladder's, in English as in the data. */
  g_autofree char *text =
      g_strdup_printf("%s\n\n%s", theme_phrase(&session->theme, PHRASE_UNTRUSTED_HELP), display->info.note);
  g_autoptr(Screen) screen = page_screen_new(&session->theme, theme_phrase(&session->theme, PHRASE_UNTRUSTED), text);
  session_show_progress(session, step, screen);
  SessionMoment moment = {.kind = MOMENT_PAGE, .screen = screen, .step = step, .place = "page untrusted"};
  Flip onset;
  gint64 end_ns = 0;
  ShowEnd end = session_show(session, &moment, &(ShowOptions){.duration_ns = WARNING_NS}, &onset, &end_ns, error);
  session_forget(session);
  return end == SHOW_TIMEOUT || end == SHOW_PAUSED ? SHOW_DONE : end;
}

void session_note_flips(Session *session) {
  const Display *display = session->setup->display;
  g_autofree char *summary = display_summary(display);
  if (summary != NULL)
    session_note(session, clock_now_ns(display->clock), "all_flips", summary);
}
