#include "stimuli/base/error.h"

GQuark rig_error_quark(void) { return g_quark_from_static_string("rig-error"); }

char *rig_one_line(const char *message) {
  GString *line = g_string_new(NULL);
  for (const char *c = message; *c != '\0'; c++) {
    guint8 byte = (guint8)*c, next = (guint8)c[1];
    if (byte == '\n')
      g_string_append(line, "\\n");
    else if (byte == '\t')
      g_string_append(line, "\\t");
    else if (byte < 0x20 || byte == 0x7f)
      g_string_append_printf(line, "\\x%02x", byte);
    else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) /* UTF-8's U+0080 to U+009F */
      g_string_append_printf(line, "\\x%02x", (guint8) * ++c);
    else
      g_string_append_c(line, *c);
  }
  return g_string_free(line, FALSE);
}

void rig_suffix_error(GError *error, const char *text) {
  g_autofree char *message = error->message;
  error->message = g_strconcat(message, text, NULL);
}
