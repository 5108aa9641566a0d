/* Numbers as a participant types them: with so many decimals at most, between bounds that need not have so few. */
#ifndef DREAMRIG_PROTOCOLS_TYPED_NUMBER_H
#define DREAMRIG_PROTOCOLS_TYPED_NUMBER_H

#include <glib.h>
#include <stdbool.h>

/* A number with `decimals` decimals (0 to 6) in low..high, which are finite, near to `wanted`: mostly the nearest,
 * and never further than a unit of the last decimal from the nearest. False where there is none. */
bool typed_number_near(gsize decimals, double low, double high, double wanted, double *number);
/* Its digits, without zeros at the end that say nothing, as a person would type it. Free with g_free. */
char *typed_number_text(gsize decimals, double number);

#endif
