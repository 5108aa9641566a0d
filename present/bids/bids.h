/* The BIDS files of a data folder, derived from its journals and never the other way round.
 *
 * Source: Brain Imaging Data Structure 1.8, doi:10.1038/sdata.2016.44: behavioural experiments, phenotypes. */
#ifndef DREAMRIG_BIDS_H
#define DREAMRIG_BIDS_H

#include <glib.h>
#include <stdbool.h>

#define BIDS_VERSION "1.8.0"

/* (Re)writes, each file atomically, 0600 in folders of 0700: dataset_description.json, README, participants.tsv/.json,
 * phenotype/QUESTION.tsv/.json, and for every journal sub-ID/[ses-S/]beh/sub-ID[_ses-S]_task-T_run-N_beh.tsv/.json with
 * the confirmed trials. Files whose bytes are right already are not touched. The same journals give the same bytes.
 *
 * Sessions under way are derived as far as they are. A journal that can't be read does not keep the others from being
 * derived; its earlier files stay, README names it, and the call fails, naming the first such journal and its line.
 * Fails with RIG_ERROR_STATE while another program derives the same folder. */
bool bids_derive(const char *data, GError **error);
/* The same, but where a journal can't be read the call does not fail, unless that holds for all: *left_out are the
 * messages, one a journal, none where all could be read. Free it with g_strfreev. */
bool bids_derive_readable(const char *data, char ***left_out, GError **error);

#endif
