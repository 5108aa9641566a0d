/* What was seen of images: for how long, and which no trial tells of. Internal to bids. */
#ifndef DREAMRIG_BIDS_IMAGES_H
#define DREAMRIG_BIDS_IMAGES_H

#include "present/journal/journal.h"

/* How long a trial's image was on the screen until another screen took it away, in s, without the pauses that hid it;
 * NaN where it stayed or never showed. In journals of earlier versions a pause hid it from the event "pause" to
 * "continue". */
double bids_image_duration(const JournalContents *contents, const TrialRecord *trial);
/* Whether a marker is of an image that neither a trial nor an attempt tells of: in journals of earlier versions a trial
 * that began again, or that the program's end broke off. */
bool bids_image_only_marked(const JournalContents *contents, const MarkerRecord *marker);
/* The trial that shows this image, elsewhere in the journal; NULL where there is none, or several. */
const TrialRecord *bids_image_trial(const JournalContents *contents, const char *stim_id);

#endif
