#include "present/session/display_facts.h"

#include <math.h>

DisplayFacts display_facts_of(const Display *display, const ProtocolScreen *screen) {
  const DisplayInfo *info = &display->info;
  return (DisplayFacts){.driver = (char *)info->driver,
                        .screen = (char *)info->screen,
                        .width_px = display->width,
                        .height_px = display->height,
                        .refresh_hz = info->measured_hz > 0 ? info->measured_hz : NAN,
                        .width_cm = screen->width_cm,
                        .height_cm = screen->height_cm,
                        .distance_cm = screen->distance_cm,
                        .onset_source = (char *)flip_rung_name(info->rung),
                        .onset_trusted = info->trusted,
                        .note = (char *)info->note};
}
