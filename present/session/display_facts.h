/* What the record says of the display. */
#ifndef DREAMRIG_PRESENT_DISPLAY_FACTS_H
#define DREAMRIG_PRESENT_DISPLAY_FACTS_H

#include "present/display/display.h"
#include "present/journal/record.h"
#include "protocols/protocol.h"

/* The display as it is now, and the screen's sizes from the protocol. The strings are borrowed from the display. */
DisplayFacts display_facts_of(const Display *display, const ProtocolScreen *screen);

#endif
