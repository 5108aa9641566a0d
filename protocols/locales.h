/* The languages that a protocol file has texts in. */
#ifndef DREAMRIG_PROTOCOLS_LOCALES_H
#define DREAMRIG_PROTOCOLS_LOCALES_H

#include <glib.h>
#include <stdbool.h>

/* Each locale that any key has a translation in ("pl" of "text[pl]="), once, in the order of the file's groups and
 * keys, NULL-terminated; empty where nothing is translated. Says nothing about how much is. Fails where the file cannot
 * be read as a key file; protocol_open checks the rest. Free with g_strfreev. */
bool protocol_locales(const char *path, char ***locales, GError **error);

#endif
