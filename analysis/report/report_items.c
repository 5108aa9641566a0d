#include "analysis/report/report_private.h"

#include <string.h>

void report_section(Report *report, const char *id, const char *heading) {
  g_string_append_printf(report->html, "<h2 id=\"%s\">", id);
  html_text(report->html, heading);
  g_string_append(report->html, "</h2>\n");
}

void report_table(Report *report, const char *name, Table *table, const HtmlColumn *columns, gsize n) {
  const char *path = report_files_add_table(report->files, name, table);
  if (n > 0) {
    html_table(report->html, table, columns, n);
    html_paragraph(report->html, "file", "%s", path);
  }
  table_free(table);
}

void report_folded_table(Report *report, const char *name, Table *table, const HtmlColumn *columns, gsize n,
                         const char *summary) {
  g_string_append(report->html, "<details>");
  html_element(report->html, "summary", NULL, summary);
  report_table(report, name, table, columns, n);
  g_string_append(report->html, "</details>\n");
}

static void add_figure(Report *report, const char *start, const char *name, const char *caption, char *svg) {
  report_files_add_figure(report->files, name, svg);
  g_string_append(report->html, start);
  g_string_append(report->html, svg);
  g_string_append(report->html, "</div>");
  html_element(report->html, "figcaption", NULL, caption);
  g_string_append(report->html, "</figure>\n");
  g_free(svg);
}

void report_figure(Report *report, const char *name, const char *caption, char *svg) {
  add_figure(report, "<figure><div class=\"scroll\">", name, caption, svg);
}

void report_wide_figure(Report *report, const char *name, const char *caption, char *svg) {
  add_figure(report, "<figure class=\"wide\"><div class=\"scroll hint\">", name, caption, svg);
}

void report_figures_begin(Report *report) { g_string_append(report->html, "<div class=\"figures\">\n"); }
void report_figures_end(Report *report) { g_string_append(report->html, "</div>\n"); }

void report_hue_caveat(Report *report) {
  if (g_strv_contains((const char *const *)report->study->features, "hue"))
    html_paragraph(
        report->html, "warning",
        "Hue is an angle, and 359 degrees is next to 1 degree, but it is taken here as a straight scale from "
        "0 to 360: its numbers depend on where the circle is cut (at red).");
}
