#include "analysis/report/report_private.h"

/* Marczak-Czajka et al. 2024, doi:10.3389/fpsyg.2024.1509392. Its supplement is not in the text that we have: what
 * Figs S1 to S13 show is what the article says of them. */
static const struct {
  const char *item, *shows, *section, *files;
} items[] = {
    {"Table 1", "correlations of ratings and image properties, with stars", "Correlations", "correlations"},
    {"Fig. 7", "scatter plots of ratings and image properties", "Correlations", "scatter_matrix; scatter_*"},
    {"regressions", "mean arousal and valence on the image properties", "What image properties explain",
     "regression_*"},
    {"Fig. 8", "ratings by attitude: violins, boxes, analysis of variance", "Differences between participants",
     "anova_*_attitude"},
    {"Fig. 9", "ratings by self-esteem: violins, boxes, analysis of variance", "Differences between participants",
     "anova_*_self_esteem"},
    {"Fig. 10", "each layer's ratings, sorted by median, shaded by depth (deep layers are dark here, light there)",
     "Layers", "boxes_*_by_median"},
    {"Fig. 11", "types of layers against each other", "Layers: types of layers", "groups_*; layer_groups"},
    {"Fig. 12", "six joint distributions chosen by rule, with an image of each", "Joint ratings", "joint_cases"},
    {"Fig. 13", "joint distributions nearest to the corners and sides of the plane, with an image of each",
     "Joint ratings", "joint_corners"},
    {"Fig. S1", "the network's layers", "not here: dreamrig-synth layers lists them", "n/a"},
    {"Figs S2 to S4", "joint distributions of all layers", "Joint ratings", "joint_all"},
    {"Figs S5 to S12",
     "images of layers with extreme combinations of median arousal and valence: here the three layers nearest to each "
     "of "
     "the eight corners and sides, in the order of Fig. 13 (the article does not give the supplement's order)",
     "Joint ratings", "joint_pictures_1 to joint_pictures_8"},
    {"Fig. S13", "as Fig. 10, sorted by the layers' place in the network", "Layers", "boxes_*_by_depth"},
};

void report_paper(Report *report) {
  static const char *const columns[] = {"item", "shows", "section", "files"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < G_N_ELEMENTS(items); i++) {
    gsize row = table_add_row(table);
    table_set(table, row, 0, items[i].item);
    table_set(table, row, 1, items[i].shows);
    table_set(table, row, 2, items[i].section);
    table_set(table, row, 3, items[i].files);
  }
  static const HtmlColumn shown[] = {{"item", "in the article", CELL_TEXT},
                                     {"shows", "shows", CELL_PROSE},
                                     {"section", "section here", CELL_TEXT},
                                     {"files", "files", CELL_TEXT}};
  html_element(report->html, "h3", NULL, "Where the 2024 study's tables and figures are");
  html_paragraph(report->html, NULL,
                 "Each row is a table or figure of Marczak-Czajka et al. 2024 (Frontiers in Psychology 15:1509392) and "
                 "where this report has its counterpart.");
  report_folded_table(report, "study_figures", table, shown, G_N_ELEMENTS(shown), "Show the list");
}
