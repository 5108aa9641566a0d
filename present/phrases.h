/* The few words that the program itself shows; everything else comes from the protocol. */
#ifndef DREAMRIG_PRESENT_PHRASES_H
#define DREAMRIG_PRESENT_PHRASES_H

#define PHRASE_CONTINUE "Continue"
#define PHRASE_PAUSED "Paused"
#define PHRASE_PAUSED_HELP "The session waits for you. Press Enter to go on.\n\nTo end the session here, press Q."
#define PHRASE_QUIT "End this session?"
#define PHRASE_QUIT_HELP                                                                                               \
  "Everything that was confirmed is saved, and the session can be resumed.\n\nPress Y to end it, any other key to go " \
  "back."
#define PHRASE_RESUMED "Welcome back"
#define PHRASE_RESUMED_HELP "The session goes on where it stopped."
#define PHRASE_RESUME "An earlier session of this participant is unfinished."
#define PHRASE_RESUME_YES "Resume it where it stopped"
#define PHRASE_RESUME_NO "Start a new run from the beginning"

#endif
