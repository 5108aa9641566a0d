#include "present/screens/pause_screen.h"
#include "present/session/session_internal.h"

/* Shows why the session waits, until somebody goes on or quits. */
static ShowEnd wait_for_device(Session *session, const Trial *trial, const char *reason, GError **error) {
  g_autofree char *text = g_strdup_printf("%s\n%s", theme_phrase(&session->theme, PHRASE_SOUND_LOST), reason);
  g_autoptr(Screen) screen = pause_screen_new_because(&session->theme, text);
  session_show_progress(session, trial->step, screen);
  SessionMoment moment = {.kind = MOMENT_PAUSE, .screen = screen, .step = trial->step, .trial = trial};
  Flip flip;
  gint64 end_ns = 0;
  ShowEnd end = session_show(session, &moment, &(ShowOptions){.duration_ns = G_MAXINT64}, &flip, &end_ns, error);
  session_forget(session);
  if (end == SHOW_DONE && pause_screen_quits(screen)) {
    session->abort_reason = "sound device lost";
    end = SHOW_QUIT;
  }
  return end;
}

ShowEnd session_need_sound(Session *session, const Trial *trial, GError **error) {
  CuePlayer *cues = session->setup->cues;
  Clock *clock = session->setup->display->clock;
  bool lost = cue_player_is_mute(cues);
  while (cue_player_is_mute(cues)) {
    g_autoptr(GError) fault = NULL;
    if (cue_player_reopen(cues, &fault))
      break;
    session_note(session, clock_now_ns(clock), "audio_lost", fault->message);
    if (!session_write_notes(session, error))
      return SHOW_FAILED;
    ShowEnd end = wait_for_device(session, trial, fault->message, error);
    if (end != SHOW_DONE)
      return end;
  }
  if (lost)
    session_note(session, clock_now_ns(clock), "audio_back", "");
  return SHOW_DONE;
}
