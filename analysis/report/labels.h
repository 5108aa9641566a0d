/* The names of scales and features as people read them. */
#ifndef DREAMRIG_REPORT_LABELS_H
#define DREAMRIG_REPORT_LABELS_H

/* A variable's name as read: "Feature congestion (CFC)"; a scale's or unknown name with a capital. Free with g_free. */
char *report_label(const char *name);
/* As report_label with the unit: "Hue (degrees)". */
char *report_axis_title(const char *name);

#endif
