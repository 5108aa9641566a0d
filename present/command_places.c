#include <stdio.h>

#include "present/commands.h"
#include "present/journal/journal.h"
#include "protocols/allocation.h"
#include "stimuli/base/error.h"

void commands_warn_of_rules(const char *data, const Protocol *protocol, gsize rules) {
  gsize other = journal_other_rules(data, protocol, rules);
  if (other > 0)
    fprintf(stderr,
            "warning: %s holds sessions of this protocol under rules %zu and %zu of the design (earlier versions of "
            "dreamrig had others): the balance of the design holds over neither's participants alone\n",
            data, MIN(other, rules), MAX(other, rules));
}

void commands_warn_of_label(const Protocol *protocol, const char *label) {
  bool said;
  allocation_number(protocol->seed, protocol->rules, label, &said);
  if (!said && allocation_rotates(protocol))
    fprintf(stderr,
            "warning: the label %s ends in no number, so that its place in the design is drawn by chance; number "
            "the participants for an exact balance\n",
            label);
}

bool commands_check_namesake(const char *data, const Protocol *protocol, const TrialList *trials, const char *subject,
                             const char *session, GError **error) {
  if (!allocation_rotates(protocol))
    return true;
  g_autoptr(JournalHeader) header = journal_header_new(protocol, subject, session, false, NULL);
  header->allocation = trials->participant;
  g_autofree char *other = journal_namesake(data, header);
  if (other == NULL)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
              "participant %s would see the images of participant %s, who has a session in %s: both are number %zu of "
              "the design. Choose another label, or say which number is meant by --allocation N",
              subject, other, data, trials->participant);
  return false;
}
