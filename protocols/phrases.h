/* The words that the program itself shows a participant or operator. A protocol may word each in any language
 * ([phrases]); where it does not, the built-in ones of the language serve: English, Polish, Spanish, Arabic and
 * Chinese (simplified). */
#ifndef DREAMRIG_PHRASES_H
#define DREAMRIG_PHRASES_H

typedef enum {
  PHRASE_CONTINUE,     /* the button of every screen */
  PHRASE_PAUSED,       /* a title; so are those without "help" below */
  PHRASE_PAUSED_HELP,  /* names the keys Enter and Q */
  PHRASE_QUIT,         /* asks whether to end */
  PHRASE_QUIT_HELP,    /* names the key Y */
  PHRASE_RESUMED,      /* greets who comes back */
  PHRASE_RESUMED_HELP, /* beneath it */
  PHRASE_RESUME,       /* asks the operator about an unfinished session, with two options */
  PHRASE_RESUME_YES,
  PHRASE_RESUME_NO,
  PHRASE_AGREE, /* the two answers of a consent page */
  PHRASE_DECLINE,
  PHRASE_TOO_SLOW,  /* after a missed deadline */
  PHRASE_UNTRUSTED, /* warns of times that cannot be trusted; the technical reason follows the help */
  PHRASE_UNTRUSTED_HELP,
  PHRASE_SOUND_LOST,        /* why the session waits; the technical reason follows */
  PHRASE_REHEARSAL,         /* announces one of {trials} trials a block */
  PHRASE_REHEARSAL_BEGIN,   /* its only answer */
  PHRASE_START_PARTICIPANT, /* the start dialog's questions */
  PHRASE_START_SESSION,
  PHRASE_START_DATA,
  PHRASE_START_LANGUAGE,
  PHRASE_START_UNTRANSLATED, /* an answer: no language */
  PHRASE_START_SCREEN,
  PHRASE_START_BAD_LABEL,  /* why it asks again */
  PHRASE_START_BAD_FOLDER, /* the technical reason follows */
  PHRASE_START_REVIEW,     /* all answers: {participant}, {session}, {data}, {language}, {screen} */
  PHRASE_START_YES,        /* its two answers */
  PHRASE_START_AGAIN,
  PHRASE_FOCUS_LOST,   /* why the session was paused; above PHRASE_PAUSED_HELP */
  PHRASE_DISPLAY_LOST, /* likewise */
  PHRASE_FAILED,       /* the session cannot go on; the technical reason follows the help */
  PHRASE_FAILED_HELP,  /* to the participant, and to the operator: names --resume */
  N_PHRASES,
} Phrase;

/* The key in [phrases]: "continue", "paused_help"... */
const char *phrase_key(Phrase phrase);
/* The words with each "{name}" replaced by the value that follows its name in `pairs` (name, value, name, value, ...,
 * NULL), isolated where lines run the other way; names that are not there stay as they are. Free with g_free. */
char *phrase_fill(const char *words, const char *const *pairs);
/* The built-in words of a locale ("pl", "es_MX"); English where there are none or the locale is NULL. */
const char *phrase_built_in(Phrase phrase, const char *locale);
/* The languages that there are built-in words in, NULL-terminated. */
const char *const *phrase_languages(void);

#endif
