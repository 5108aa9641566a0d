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
  PHRASE_TOO_SLOW, /* after a missed deadline */
  N_PHRASES,
} Phrase;

/* The key in [phrases]: "continue", "paused_help"... */
const char *phrase_key(Phrase phrase);
/* The built-in words of a locale ("pl", "es_MX"); English where there are none or the locale is NULL. */
const char *phrase_built_in(Phrase phrase, const char *locale);

#endif
