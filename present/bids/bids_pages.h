/* The table of pages, phenotype/pages: for each participant when each page was read, and what became of the consent. A
 * row a participant, of the first run; what later runs answered to consent pages is in NAME_all. Internal to bids. */
#ifndef DREAMRIG_BIDS_PAGES_H
#define DREAMRIG_BIDS_PAGES_H

#include "present/bids/bids_files.h"

typedef struct BidsPages BidsPages;

BidsPages *bids_pages_new(void);
void bids_pages_free(BidsPages *pages);
/* Takes up a journal; those of one participant come one after the other. One whose participant saw no page is left
 * out, and so are the pages of a journal whose header does not have them (program versions before 0.1.0). */
void bids_pages_add(BidsPages *pages, const JournalContents *contents);
/* Puts "phenotype/pages" where there is a row. */
bool bids_pages_table(const BidsPages *pages, BidsPut put, gpointer context, GError **error);

#endif
