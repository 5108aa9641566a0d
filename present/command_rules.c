#include <stdio.h>

#include "present/commands.h"
#include "present/journal/journal.h"

void commands_warn_of_rules(const char *data, const Protocol *protocol, gsize rules) {
  gsize other = journal_other_rules(data, protocol, rules);
  if (other > 0)
    fprintf(stderr,
            "warning: %s holds sessions of this protocol under rules %zu and %zu of the design (earlier versions of "
            "dreamrig had others): the balance of the design holds over neither's participants alone\n",
            data, MIN(other, rules), MAX(other, rules));
}
