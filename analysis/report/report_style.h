/* The page's look: readable on a phone, a desktop screen and paper, without anything from the network. */
#ifndef DREAMRIG_REPORT_STYLE_H
#define DREAMRIG_REPORT_STYLE_H

extern const char report_style[]; /* CSS */

#endif
