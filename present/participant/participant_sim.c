#include "present/participant/participant_sim.h"

#include <math.h>

#include "present/participant/participant_script.h"
#include "present/screens/choice_screen.h"
#include "present/screens/page_screen.h"
#include "present/screens/rating_screen.h"

/* Who is faster than a person still waits until a press counts for the screen that is there (CARRY_OVER_NS). */
#define LOOK_NS (250 * NS_PER_MS)

static void rate(Script *script, const SessionMoment *moment) {
  SimulatedParticipant *who = script->who;
  const Trial *trial = moment->trial;
  const LatentAffect *latent = &who->latents[trial->stimulus];
  gsize n = who->protocol->blocks[trial->block].n_scales;
  double positions[PROTOCOL_MAX_SCALES] = {0};
  /* Ratings are drawn in the protocol's order of scales, whichever is on top. */
  for (gsize s = 0; s < who->protocol->n_scales; s++)
    for (gsize i = 0; i < n; i++)
      if (trial->scales[i] == s)
        positions[i] = participant_rate(who->traits, latent, who->protocol->scales[s].figure, script->random);
  script_wait_s(script, script_delay(script, 1.4));
  for (gsize i = 0; i < n; i++) {
    const Slider *slider = rating_screen_slider(moment->screen, i);
    const Protocol *protocol = who->protocol;
    bool mirrored = protocol_scale_mirrored(protocol, &protocol->scales[trial->scales[i]], who->participant);
    double position = mirrored ? SLIDER_STEPS - positions[i] : positions[i];
    if (who->traits->keyboard) {
      script_key(script, KEY_TAB, script_delay(script, 0.3));
      script_slide_by_keys(script, slider, position);
    } else {
      script_slide_by_mouse(script, slider, position);
    }
    script_wait_s(script, script_delay(script, 0.4));
  }
  if (who->traits->keyboard)
    script_key(script, KEY_ENTER, script_delay(script, 0.3));
  else
    script_click(script, rating_screen_button(moment->screen));
}

static void entered(gpointer context, const SessionMoment *moment) {
  SimulatedParticipant *who = context;
  who->last = *moment;
  Random random;
  participant_trial_random(who->traits, moment->step, moment->trial != NULL ? moment->trial->number : 0, &random);
  Script script = {who, &random, clock_now_ns(who->display->clock)};
  if (who->speed > 1)
    script.time_ns += LOOK_NS;
  (who->clear != NULL ? who->clear : display_null_clear)(who->display);
  switch (moment->kind) {
  case MOMENT_PAGE:
    script_page(&script, moment);
    break;
  case MOMENT_QUESTION:
    script_question(&script, moment);
    break;
  case MOMENT_RATING:
    rate(&script, moment);
    break;
  case MOMENT_PAUSE:
    script_key(&script, KEY_ENTER, script_delay(&script, 5));
    break;
  case MOMENT_IMAGE:
    if (who->protocol->blocks[moment->trial->block].image_free)
      script_key(&script, KEY_SPACE, script_delay(&script, 2));
    break;
  case MOMENT_FIXATION:
  case MOMENT_MASK:
  case MOMENT_BLANK:
    break;
  }
}

SessionWatcher simulated_participant_watcher(SimulatedParticipant *participant) {
  return (SessionWatcher){entered, participant};
}

char *simulated_participant_place(const SimulatedParticipant *participant) {
  static const char *const kinds[] = {"page", "question", "block"};
  const SessionMoment *moment = &participant->last;
  const ProtocolStep *step = &participant->protocol->steps[moment->step];
  const char *kind = moment->question != NULL ? "question" : moment->page != NULL ? "page" : kinds[step->kind];
  const char *name = moment->question != NULL ? moment->question->name
                     : moment->page != NULL   ? moment->page->name
                                              : protocol_step_name(participant->protocol, moment->step);
  g_autofree char *trial =
      moment->trial != NULL ? g_strdup_printf(", trial %" G_GSIZE_FORMAT, moment->trial->number) : g_strdup("");
  return g_strdup_printf("[%s %s] (step %" G_GSIZE_FORMAT ")%s", kind, name, moment->step + 1, trial);
}
