/* Whether a participant can read a protocol's texts: whether each screen fits its frame at a legible size, and whether
 * the installed fonts have the characters. */
#ifndef DREAMRIG_PRESENT_FIT_H
#define DREAMRIG_PRESENT_FIT_H

#include "protocols/protocol.h"

/* What does not fit a frame of this size in the protocol's language, each "FILE:LINE: [group] key: what",
 * NULL-terminated, in the order of pages, questions, blocks and phrases; empty where all fits. Free with g_strfreev. */
char **fit_faults(const Protocol *protocol, int width, int height);
/* As an error with the first fault and the count of the others; false where there is one. */
bool fit_check(const Protocol *protocol, int width, int height, GError **error);
/* Texts with characters that no installed font has, as above. */
char **fit_missing_glyphs(const Protocol *protocol);

#endif
