/* Numbers as a report's reader wants them: a true minus sign, "n/a" for what is not defined. */
#ifndef DREAMRIG_REPORT_NUMBER_TEXT_H
#define DREAMRIG_REPORT_NUMBER_TEXT_H

#include <glib.h>

/* With that many decimals. Free with g_free, as all of these. */
char *number_fixed(double value, int decimals);
/* With that many significant digits, without an exponent where that is readable. */
char *number_compact(double value, int digits);
/* A p-value: "< .001" (with a no-break space), else three decimals without the leading zero. */
char *number_p(double p);
/* "p < .001", "p = .042", "p n/a"; with no-break spaces. */
char *number_p_statement(double p);

#endif
