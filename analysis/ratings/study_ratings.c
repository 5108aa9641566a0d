#include "analysis/ratings/study_ratings.h"

#include "analysis/stats/memory.h"

bool study_ratings_load(const Study *study, StudyRatings *ratings, GError **error) {
  gsize n = study->ratings->n_ratings;
  g_auto(StudyRatings) made = {.n = n, .n_scales = study->n_scales};
  made.participant = memory_items(n, sizeof *made.participant, error);
  made.image = made.participant != NULL ? memory_items(n, sizeof *made.image, error) : NULL;
  made.layer = made.image != NULL ? memory_items(n, sizeof *made.layer, error) : NULL;
  if (made.layer == NULL)
    return false;
  for (gsize s = 0; s < study->n_scales; s++)
    if ((made.values[s] = memory_doubles(n, 1, error)) == NULL)
      return false;
  for (gsize i = 0; i < n; i++) {
    const Rating *rating = &study->ratings->ratings[i];
    made.participant[i] = study->ratings->raters[rating->rater].person;
    made.image[i] = rating->image;
    made.layer[i] = study->images[rating->image].layer;
    for (gsize s = 0; s < study->n_scales; s++)
      made.values[s][i] = rating->values[s];
  }
  *ratings = made;
  made = (StudyRatings){0};
  return true;
}

void study_ratings_clear(StudyRatings *ratings) {
  g_free(ratings->participant);
  g_free(ratings->image);
  g_free(ratings->layer);
  for (gsize s = 0; s < ratings->n_scales; s++)
    g_free(ratings->values[s]);
  *ratings = (StudyRatings){0};
}
