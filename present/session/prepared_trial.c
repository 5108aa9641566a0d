#include "present/session/prepared_trial.h"

#include "present/draw/mask.h"
#include "present/screens/still_screen.h"

void prepared_trial_begin(Session *session, const Trial *trial, PreparedTrial *prepared) {
  const Protocol *protocol = session->setup->protocol;
  *prepared = (PreparedTrial){.trial = trial, .block = &protocol->blocks[trial->block]};
  prepared->timing = trial_timing(protocol, session->setup->trials->participant, trial);
  prepared->view = trial_view_new(protocol, &session->theme, trial, session->setup->trials->participant);
  session->upcoming =
      (Upcoming){session->frame != NULL, trial->stimulus, prepared->view.box_width, prepared->view.box_height};
}

void prepared_trial_clear(PreparedTrial *prepared) {
  trial_view_clear(&prepared->view);
  g_clear_pointer(&prepared->fixation, screen_free);
  g_clear_pointer(&prepared->image, screen_free);
  g_clear_pointer(&prepared->mask, screen_free);
  g_clear_pointer(&prepared->pattern, picture_free);
}

/* Its own stream, so that a mask is the same in a resumed session. */
static Picture *mask_of(const Session *session, const PreparedTrial *prepared) {
  if (prepared->picture == NULL || prepared->block->mask_ms <= 0)
    return NULL;
  g_autofree char *stream = g_strdup_printf("mask %zu %s %zu", session->setup->trials->participant,
                                            prepared->block->name, prepared->trial->number);
  Random random;
  random_init_stream(&random, session->setup->protocol->seed, stream);
  return mask_new(prepared->picture, &random);
}

bool prepared_trial_finish(Session *session, PreparedTrial *prepared, GError **error) {
  if (prepared->fixation != NULL)
    return true;
  if (session->frame != NULL &&
      !picture_store_get(session->setup->pictures, prepared->trial->stimulus, prepared->view.box_width,
                         prepared->view.box_height, &prepared->picture, error))
    return false;
  const Theme *theme = &session->theme;
  const Picture *picture = prepared->picture;
  prepared->pattern = mask_of(session, prepared);
  prepared->fixation = still_screen_new_fixation(theme, prepared->view.image_x, prepared->view.image_y);
  prepared->image =
      prepared->block->image_free ? still_screen_new_viewing(theme, picture) : still_screen_new_picture(theme, picture);
  prepared->mask = still_screen_new_picture(theme, prepared->pattern);
  prepared->image->theme.lit = true;
  prepared->view.rating->theme.lit = prepared->view.together;
  if (prepared->view.together)
    rating_screen_set_picture(prepared->view.rating, picture);
  return true;
}

Screen *prepared_trial_image_screen(const PreparedTrial *prepared) {
  return prepared->view.together ? prepared->view.rating : prepared->image;
}

Screen *prepared_trial_first_screen(const PreparedTrial *prepared) {
  return prepared->timing.fixation_ms > 0 ? prepared->fixation : prepared_trial_image_screen(prepared);
}
