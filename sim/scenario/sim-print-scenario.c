/* The whole scenario as a text. */
#include "sim-print.h"

#include "sim-oracle.h"
#include "sim-protocol.h"

static void
append_trace(GString *to, unsigned record)
{
  static const struct {
    unsigned mask;
    const char *name;
  } classes[] = {
    { SIM_RECORD_API, "api" },           { SIM_RECORD_EVENTS, "events" },
    { SIM_RECORD_MESSAGES, "messages" }, { SIM_RECORD_HOPS, "hops" },
    { SIM_RECORD_CACHE, "cache" },
  };
  g_string_append(to, "trace");
  if ((record & SIM_RECORD_DATAGRAMS) != 0) {
    g_string_append(to, " all\n");
    return;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
    if ((record & classes[i].mask) != 0)
      g_string_append_printf(to, " %s", classes[i].name);
  g_string_append(to, record == 0 ? " none\n" : record == SIM_RECORD_SUMMARY ? " summary\n" : "\n");
}

static void
append_header(GString *to, const SimScenario *scenario)
{
  g_string_append_printf(to, "language %u\n", scenario->language);
  if (scenario->title != NULL) {
    g_string_append(to, "title ");
    sim_print_text(to, scenario->title);
    g_string_append_c(to, '\n');
  }
  g_string_append_printf(to, "seed %" G_GUINT64_FORMAT "\n", scenario->seed);
  for (uint32_t i = 0; i < scenario->let_count; i++) {
    g_string_append_printf(to, "let %s = ", scenario->lets[i].name);
    sim_print_key(to, &scenario->lets[i].key);
    g_string_append_c(to, '\n');
  }
}

static void
append_group(GString *to, const SimScenario *scenario, const SimGroupSpec *group)
{
  static const char *const modes[] = { "resolve", "membership", "confidential" };
  g_string_append_printf(to, "group %s %u", group->name, group->count);
  if (group->keys != 1)
    g_string_append_printf(to, " keys %u", group->keys);
  if (group->payload != SIM_GROUP_PAYLOAD)
    g_string_append_printf(to, " payload %uB", group->payload);
  if (group->bootstrap != 0)
    g_string_append_printf(to, " bootstrap %s", scenario->groups[group->bootstrap].name);
  if (group->derived_key)
    g_string_append(to, " security derived-key");
  if (group->mode != DRT_SECURE_RESOLVE)
    g_string_append_printf(to, " mode %s", modes[group->mode]);
  g_string_append_c(to, '\n');
}

static void
append_network(GString *to, const SimScenario *scenario)
{
  if (scenario->network_count == 0)
    return;
  g_string_append(to, "network {\n");
  for (uint32_t i = 0; i < scenario->network_count; i++) {
    g_string_append(to, "  ");
    sim_print_network_setting(to, &scenario->network[i]);
    g_string_append_c(to, '\n');
  }
  g_string_append(to, "}\n");
}

static void
append_protocol(GString *to, const SimScenario *scenario)
{
  const SimTime costs[] = { scenario->crypto_sign, scenario->crypto_verify };
  static const char *const names[] = { "sign", "verify" };
  if (scenario->protocol_count == 0 && costs[0] == 0 && costs[1] == 0)
    return;
  g_string_append(to, "protocol {\n");
  for (uint32_t i = 0; i < scenario->protocol_count; i++) {
    const SimProtocolSetting *setting = &scenario->protocol[i];
    g_autofree char *value = sim_protocol_value(setting->setting, setting->value);
    g_string_append_printf(to, "  %s %s\n", setting->setting->name, value);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(costs); i++)
    if (costs[i] != 0) {
      g_string_append_printf(to, "  crypto-cost %s ", names[i]);
      sim_print_time(to, costs[i]);
      g_string_append_c(to, '\n');
    }
  g_string_append(to, "}\n");
}

/* Takes over @text. */
static void
append_line(GString *to, char *text)
{
  g_string_append_printf(to, "%s\n", text);
  g_free(text);
}

char *
sim_scenario_print(const SimScenario *scenario)
{
  GString *to = g_string_new(NULL);
  append_header(to, scenario);
  for (uint32_t i = 0; i < scenario->group_count; i++)
    append_group(to, scenario, &scenario->groups[i]);
  append_network(to, scenario);
  append_protocol(to, scenario);
  g_string_append(to, "sample every ");
  sim_print_time(to, scenario->sample);
  g_string_append_c(to, '\n');
  append_trace(to, scenario->record);
  /* Not the texts that actions keep: a tree that somebody changed is printed as it is now. */
  for (uint32_t i = 0; i < scenario->action_count; i++)
    append_line(to, sim_print_action(scenario, &scenario->actions[i]));
  for (uint32_t i = 0; i < scenario->expectation_count; i++)
    append_line(to, sim_print_expectation(scenario, &scenario->expectations[i]));
  for (uint32_t i = 0; i < scenario->allow_count; i++) {
    g_string_append_printf(to, "allow invariant %s ",
                           sim_invariant_name(scenario->allows[i].invariant));
    sim_print_text(to, scenario->allows[i].reason);
    g_string_append_c(to, '\n');
  }
  return g_string_free(to, FALSE);
}
