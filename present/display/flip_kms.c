#include <libdrm/drm.h>
#include <sys/ioctl.h>

#include "present/display/flip_sources.h"

#define POLL_NS 200000
#define MAX_CRTCS 64

typedef struct {
  FlipSource base;
  int descriptor;
  guint32 crtc;
  FlipCount before;
} KmsSource;

static FlipCount look(const KmsSource *self) {
  struct drm_crtc_get_sequence sequence = {.crtc_id = self->crtc};
  bool good = ioctl(self->descriptor, DRM_IOCTL_CRTC_GET_SEQUENCE, &sequence) == 0;
  return (FlipCount){good, (gint64)sequence.sequence, sequence.sequence_ns};
}

FlipStamp flip_kms_stamp(const FlipCount *before, const FlipCount *queued, const FlipCount *next) {
  bool answered = before->good && queued->good && next->good && next->count > queued->count;
  return (FlipStamp){.answered = answered,
                     .unsure = queued->count != before->count || next->count != queued->count + 1,
                     .time_ns = next->time_ns,
                     .count = next->count};
}

static void before(FlipSource *source) {
  KmsSource *self = (KmsSource *)source;
  self->before = look(self);
}

static void after(FlipSource *source, Clock *clock, gint64 until_ns, FlipStamp *stamp) {
  const KmsSource *self = (const KmsSource *)source;
  FlipCount queued = look(self), next = queued;
  while (next.good && next.count == queued.count && clock_now_ns(clock) < until_ns) {
    clock_wait_until(clock, clock_now_ns(clock) + POLL_NS);
    next = look(self);
  }
  *stamp = flip_kms_stamp(&self->before, &queued, &next);
}

static void kms_free(FlipSource *source) { g_free(source); }

/* The active CRTC; 0 where there is none, or several, of which one cannot know SDL's. */
static guint32 active_crtc(int descriptor) {
  guint32 ids[MAX_CRTCS] = {0}, active = 0;
  struct drm_mode_card_res resources = {.crtc_id_ptr = (guint64)(gsize)ids, .count_crtcs = MAX_CRTCS};
  if (ioctl(descriptor, DRM_IOCTL_MODE_GETRESOURCES, &resources) != 0)
    return 0;
  for (guint32 i = 0; i < MIN(resources.count_crtcs, MAX_CRTCS); i++) {
    struct drm_mode_crtc crtc = {.crtc_id = ids[i]};
    if (ioctl(descriptor, DRM_IOCTL_MODE_GETCRTC, &crtc) != 0 || !crtc.mode_valid)
      continue;
    if (active != 0)
      return 0;
    active = ids[i];
  }
  return active;
}

FlipSource *flip_kms_new(int drm_descriptor, const char **why) {
  const char *ignored = NULL;
  why = why != NULL ? why : &ignored;
  KmsSource *self = g_new0(KmsSource, 1);
  *self = (KmsSource){{FLIP_KMS, before, after, kms_free}, drm_descriptor, active_crtc(drm_descriptor), {0}};
  if (self->crtc != 0 && look(self).good)
    return &self->base;
  *why = self->crtc == 0 ? "there is not exactly one active screen" : "the kernel's driver counts no refreshes";
  g_free(self);
  return NULL;
}
