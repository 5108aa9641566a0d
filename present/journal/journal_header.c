#include <math.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "present/journal/journal_line.h"
#include "protocols/allocation.h"
#include "stimuli/base/command.h"
#include "stimuli/base/error.h"

static char *now_text(void) {
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  return g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.%fZ");
}

static char *system_text(void) {
  struct utsname name;
  return uname(&name) == 0 ? g_strdup_printf("%s %s %s", name.sysname, name.release, name.machine) : g_strdup("");
}

static char *boot_text(void) {
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL) || !g_utf8_validate(text, -1, NULL))
    return g_strdup("");
  return g_strdup(g_strstrip(text));
}

/* Unlike CLOCK_MONOTONIC it also runs while the machine sleeps, and unlike the wall clock nobody sets it. */
static double boot_seconds(void) {
  struct timespec now;
  return clock_gettime(CLOCK_BOOTTIME, &now) == 0 ? (double)now.tv_sec + (double)now.tv_nsec / 1e9 : NAN;
}

static void copy_display(const DisplayFacts *from, DisplayFacts *to) {
  DisplayFacts facts = {.refresh_hz = NAN, .width_cm = NAN, .height_cm = NAN, .distance_cm = NAN};
  if (from != NULL)
    facts = *from;
  char **texts[] = {&facts.driver, &facts.screen, &facts.onset_source, &facts.note};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    if (*texts[i] == NULL)
      *texts[i] = (char *)"";
  display_facts_copy(&facts, to);
}

JournalHeader *journal_header_new(const Protocol *protocol, const char *participant, const char *session,
                                  bool simulated, const DisplayFacts *display) {
  JournalHeader *header = g_new0(JournalHeader, 1);
  header->participant = g_strdup(participant);
  header->session = g_strdup(session);
  header->task = g_strdup(protocol->task);
  header->protocol_digest = g_strdup(protocol->digest);
  header->set_digest = g_strdup(protocol->set_digest);
  header->seed = protocol->seed;
  header->rules = protocol->rules;
  bool said;
  header->allocation = allocation_number(protocol->seed, protocol->rules, participant, &said);
  header->locale = g_strdup(protocol->locale);
  header->simulated = simulated;
  header->clock = g_strdup(simulated ? "simulated" : "CLOCK_MONOTONIC");
  header->wall_clock = simulated ? g_strdup("1970-01-01T00:00:00.000000Z") : now_text();
  header->boot = simulated ? g_strdup("") : boot_text();
  header->boot_s = simulated ? NAN : boot_seconds();
  header->program_version = g_strdup(RIG_VERSION);
  header->operating_system = system_text();
  copy_display(display, &header->display);
  header->design = protocol_describe(protocol);
  return header;
}

void journal_header_free(JournalHeader *header) {
  if (header == NULL)
    return;
  g_free(header->participant);
  g_free(header->session);
  g_free(header->task);
  g_free(header->protocol_digest);
  g_free(header->set_digest);
  g_free(header->locale);
  g_free(header->clock);
  g_free(header->wall_clock);
  g_free(header->boot);
  g_free(header->program_version);
  g_free(header->operating_system);
  display_facts_clear(&header->display);
  g_clear_pointer(&header->design, json_object_unref);
  g_free(header);
}

void journal_put_clocks(JsonObject *object, const JournalHeader *header) {
  json_object_set_string_member(object, "clock", header->clock);
  json_object_set_string_member(object, "wall_clock", header->wall_clock);
  json_object_set_string_member(object, "boot", header->boot);
  if (isfinite(header->boot_s))
    json_object_set_double_member(object, "boot_s", header->boot_s);
}

JsonObject *journal_header_to_json(const JournalHeader *header) {
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "format", "dreamrig journal 1");
  json_object_set_string_member(object, "participant", header->participant);
  json_object_set_string_member(object, "session", header->session != NULL ? header->session : "");
  json_object_set_string_member(object, "task", header->task);
  json_object_set_boolean_member(object, "simulated", header->simulated);
  json_object_set_string_member(object, "protocol_digest", header->protocol_digest);
  json_object_set_string_member(object, "set_digest", header->set_digest);
  json_object_set_int_member(object, "seed", (gint64)header->seed);
  json_object_set_int_member(object, "rules", (gint64)header->rules);
  json_object_set_int_member(object, "allocation", (gint64)header->allocation);
  json_object_set_string_member(object, "locale", header->locale);
  journal_put_clocks(object, header);
  json_object_set_string_member(object, "program_version", header->program_version);
  json_object_set_string_member(object, "operating_system", header->operating_system);
  json_object_set_object_member(object, "display", display_facts_to_json(&header->display));
  json_object_set_object_member(object, "design", json_object_ref(header->design));
  return object;
}

/* A member of this kind of value, or NULL with error set. */
static JsonNode *member(JsonObject *object, const char *name, GType type, GError **error) {
  JsonNode *node = json_object_get_member(object, name);
  bool good = node != NULL &&
              (type == JSON_TYPE_OBJECT ? JSON_NODE_HOLDS_OBJECT(node)
                                        : JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type);
  if (good)
    return node;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "member \"%s\" is missing or of another kind", name);
  return NULL;
}

static bool read_texts(JsonObject *object, JournalHeader *header, GError **error) {
  const struct {
    const char *name;
    char **text;
  } texts[] = {
      {"participant", &header->participant},
      {"session", &header->session},
      {"task", &header->task},
      {"protocol_digest", &header->protocol_digest},
      {"set_digest", &header->set_digest},
      {"locale", &header->locale},
      {"clock", &header->clock},
      {"wall_clock", &header->wall_clock},
      {"program_version", &header->program_version},
      {"operating_system", &header->operating_system},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    JsonNode *node = member(object, texts[i].name, G_TYPE_STRING, error);
    if (node == NULL)
      return false;
    *texts[i].text = g_strdup(json_node_get_string(node));
  }
  if (*header->session == '\0')
    g_clear_pointer(&header->session, g_free);
  return protocol_check_label("participant", header->participant, error) &&
         protocol_check_label("task", header->task, error) &&
         (header->session == NULL || protocol_check_label("session", header->session, error));
}

/* Journals of earlier versions have neither: rules 1 then, and the label's number. */
static bool read_allocation(JsonObject *object, JournalHeader *header, GError **error) {
  bool said;
  JsonNode *rules = json_object_has_member(object, "rules") ? member(object, "rules", G_TYPE_INT64, error) : NULL;
  if (rules == NULL && json_object_has_member(object, "rules"))
    return false;
  header->rules = rules != NULL ? (gsize)MAX(json_node_get_int(rules), 0) : 1;
  header->allocation = allocation_number(header->seed, header->rules, header->participant, &said);
  if (!json_object_has_member(object, "allocation"))
    return true;
  JsonNode *node = member(object, "allocation", G_TYPE_INT64, error);
  if (node == NULL)
    return false;
  if (json_node_get_int(node) < 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "member \"allocation\" is negative");
    return false;
  }
  header->allocation = (gsize)json_node_get_int(node);
  return true;
}

bool journal_header_from_json(JsonObject *object, JournalHeader **header, GError **error) {
  g_autoptr(JournalHeader) read = g_new0(JournalHeader, 1);
  if (!read_texts(object, read, error))
    return false;
  JsonNode *seed = member(object, "seed", G_TYPE_INT64, error);
  JsonNode *simulated = seed != NULL ? member(object, "simulated", G_TYPE_BOOLEAN, error) : NULL;
  JsonNode *display = simulated != NULL ? member(object, "display", JSON_TYPE_OBJECT, error) : NULL;
  JsonNode *design = display != NULL ? member(object, "design", JSON_TYPE_OBJECT, error) : NULL;
  if (design == NULL || !display_facts_from_json(json_node_get_object(display), &read->display, error))
    return false;
  read->boot = g_strdup(json_object_get_string_member_with_default(object, "boot", ""));
  read->boot_s = json_object_get_double_member_with_default(object, "boot_s", NAN);
  read->seed = (guint64)json_node_get_int(seed);
  if (!read_allocation(object, read, error))
    return false;
  read->simulated = json_node_get_boolean(simulated);
  read->design = json_object_ref(json_node_get_object(design));
  *header = g_steal_pointer(&read);
  return true;
}
