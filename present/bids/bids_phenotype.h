/* The tables of questionnaires: phenotype/NAME for each question and each score, a row a participant. Internal to
 * bids. */
#ifndef DREAMRIG_BIDS_PHENOTYPE_H
#define DREAMRIG_BIDS_PHENOTYPE_H

#include "present/bids/bids_files.h"

typedef struct BidsPhenotype BidsPhenotype;

BidsPhenotype *bids_phenotype_new(void);
void bids_phenotype_free(BidsPhenotype *phenotype);
/* Takes up a journal's answers; the journals of one participant come one after the other. Fails where its questions or
 * scores are not such as a protocol can have. */
bool bids_phenotype_add(BidsPhenotype *phenotype, const JournalContents *contents, GError **error);
/* A score is missing where one of its answers is. */
bool bids_phenotype_tables(const BidsPhenotype *phenotype, BidsPut put, gpointer context, GError **error);
/* Attention checks that a journal has answers to, and how many of them were passed. One that was left empty, as the
 * optional ones can be, counts in neither. */
void bids_phenotype_checks(const JournalContents *contents, gsize *n_checks, gsize *n_passed);

#endif
