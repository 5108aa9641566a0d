#include "protocols/phrases.h"

#include <glib.h>
#include <string.h>

typedef struct {
  const char *key, *en, *pl, *es;
} Words;

static const Words WORDS[N_PHRASES] = {
    [PHRASE_CONTINUE] = {"continue", "Continue", "Dalej", "Continuar"},
    [PHRASE_PAUSED] = {"paused", "Paused", "Przerwa", "Pausa"},
    [PHRASE_PAUSED_HELP] = {"paused_help",
                            "The session waits for you. Press Enter to go on.\n\nTo end the session here, press Q.",
                            "Badanie czeka. Aby kontynuować, proszę nacisnąć Enter.\n\nAby zakończyć badanie w tym "
                            "miejscu, proszę nacisnąć Q.",
                            "La sesión espera. Pulse Intro (Enter) para continuar.\n\nPara terminar aquí la sesión, "
                            "pulse Q."},
    [PHRASE_QUIT] = {"quit", "End this session?", "Zakończyć badanie?", "¿Terminar la sesión?"},
    [PHRASE_QUIT_HELP] = {"quit_help",
                          "Everything that was confirmed is saved, and the session can be resumed.\n\nPress Y to end "
                          "it, any other key to go back.",
                          "Wszystkie zatwierdzone odpowiedzi są zapisane, a badanie można później wznowić.\n\nAby "
                          "zakończyć, proszę nacisnąć Y; każdy inny klawisz wraca.",
                          "Todo lo confirmado está guardado y la sesión se puede reanudar.\n\nPulse Y para terminar, "
                          "o cualquier otra tecla para volver."},
    [PHRASE_RESUMED] = {"resumed", "Welcome back", "Witamy ponownie", "Le damos de nuevo la bienvenida"},
    [PHRASE_RESUMED_HELP] = {"resumed_help", "The session goes on where it stopped.",
                             "Badanie będzie kontynuowane od miejsca, w którym zostało przerwane.",
                             "La sesión continúa donde se detuvo."},
    [PHRASE_RESUME] = {"resume", "An earlier session of this participant is unfinished.",
                       "Wcześniejsze badanie tej osoby nie zostało ukończone.",
                       "Una sesión anterior de este participante quedó sin terminar."},
    [PHRASE_RESUME_YES] = {"resume_yes", "Resume it where it stopped", "Wznowić od miejsca przerwania",
                           "Reanudarla donde se detuvo"},
    [PHRASE_RESUME_NO] = {"resume_no", "Start a new run from the beginning", "Rozpocząć nowe badanie od początku",
                          "Empezar una nueva desde el principio"},
};

const char *phrase_key(Phrase phrase) { return WORDS[phrase].key; }

const char *phrase_built_in(Phrase phrase, const char *locale) {
  gsize length = locale != NULL ? strcspn(locale, "_-.@") : 0;
  if (length == 2 && strncmp(locale, "pl", 2) == 0)
    return WORDS[phrase].pl;
  if (length == 2 && strncmp(locale, "es", 2) == 0)
    return WORDS[phrase].es;
  return WORDS[phrase].en;
}
