/* Values as text that reads back as the same value. */
#include "sim-print.h"

#include <string.h>

__extension__ typedef __int128 Wide;

#define DECIMALS_MAX 9

/* num/den as a decimal number, if it has an end soon enough. */
static bool
append_decimal(GString *to, Wide num, Wide den)
{
  Wide scaled = num;
  for (unsigned scale = 0; scale <= DECIMALS_MAX; scale++, scaled *= 10) {
    if (scaled % den != 0)
      continue;
    Wide value = scaled / den;
    if (value > INT64_MAX || value < -INT64_MAX)
      return false;
    g_autofree char *digits =
      g_strdup_printf("%0*" G_GINT64_FORMAT, (int)scale + 1, (gint64)(value < 0 ? -value : value));
    size_t whole = strlen(digits) - scale;
    g_string_append_printf(to, "%s%.*s", value < 0 ? "-" : "", (int)whole, digits);
    if (scale > 0)
      g_string_append_printf(to, ".%s", digits + whole);
    return true;
  }
  return false;
}

typedef struct {
  const char *name;
  SimTime size;
} Unit;

static const Unit units[] = {
  { "d", 86400 * SIM_SECOND },
  { "h", 3600 * SIM_SECOND },
  { "min", 60 * SIM_SECOND },
  { "s", SIM_SECOND },
  { "ms", SIM_MILLISECOND },
  { "us", SIM_MICROSECOND },
  { "ns", 1 },
};

void
sim_print_time(GString *to, SimTime time)
{
  const Unit *unit = units;
  while (time % unit->size != 0)
    unit++;
  if (time == 0)
    unit = &units[3];
  g_string_append_printf(to, "%" G_GINT64_FORMAT "%s", (gint64)(time / unit->size), unit->name);
}

void
sim_print_duration(GString *to, SimTime time)
{
  if (time <= 0) {
    sim_print_time(to, time);
    return;
  }
  for (const Unit *unit = units; time > 0; unit++) {
    if (time >= unit->size)
      g_string_append_printf(to, "%" G_GINT64_FORMAT "%s", (gint64)(time / unit->size), unit->name);
    time %= unit->size;
  }
}

void
sim_print_ratio(GString *to, SimRatio ratio)
{
  if (append_decimal(to, (Wide)ratio.num * 100, ratio.den))
    g_string_append_c(to, '%');
  else
    g_string_append_printf(to, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, ratio.num, ratio.den);
}

void
sim_print_number(GString *to, SimRatio number)
{
  if (!append_decimal(to, number.num, number.den))
    g_string_append_printf(to, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, number.num, number.den);
}

/* A rate that a scenario said has an end in the unit in which it was said. */
void
sim_print_rate(GString *to, SimRatio rate, const char *unit)
{
  static const unsigned char order[] = { 3, 2, 1, 0, 4, 5, 6 }; /* seconds first */
  for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
    const Unit *per = &units[order[i]];
    if (!append_decimal(to, (Wide)rate.num * per->size, (Wide)rate.den * SIM_SECOND))
      continue;
    g_string_append_printf(to, "%s/%s", unit, per->name);
    return;
  }
  g_assert_not_reached();
}

void
sim_print_key(GString *to, const SimKey *key)
{
  size_t digits = 2 * sizeof key->bytes;
  while (digits > 1 && (key->bytes[(digits - 1) / 2] >> (digits % 2 == 0 ? 0 : 4) & 15) == 0)
    digits--;
  g_string_append(to, "0x");
  for (size_t i = 0; i < digits; i++)
    g_string_append_printf(to, "%x", key->bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15);
}

void
sim_print_text(GString *to, const char *text)
{
  g_string_append_c(to, '"');
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      g_string_append_c(to, '\\');
    g_string_append_c(to, *text);
  }
  g_string_append_c(to, '"');
}

static void
append_times(GString *to, SimTime a, SimTime b)
{
  sim_print_time(to, a);
  g_string_append_c(to, ' ');
  sim_print_time(to, b);
}

static void
append_shape(GString *to, const SimDistributionSpec *spec)
{
  sim_print_number(to, (SimRatio){ spec->shape_millionths, 1000000 });
  g_string_append_c(to, ' ');
  sim_print_time(to, spec->a);
}

void
sim_print_distribution(GString *to, const SimDistributionSpec *spec)
{
  static const char *const names[] = { "constant",    "uniform", "normal", "lognormal",
                                       "exponential", "weibull", "pareto" };
  g_string_append_printf(to, "%s ", names[spec->kind]);
  switch (spec->kind) {
  case SIM_CONSTANT:
  case SIM_EXPONENTIAL:
    sim_print_time(to, spec->a);
    break;
  case SIM_UNIFORM:
  case SIM_NORMAL:
  case SIM_LOGNORMAL:
    append_times(to, spec->a, spec->b);
    break;
  case SIM_WEIBULL:
  case SIM_PARETO:
    append_shape(to, spec);
    break;
  }
}

/* ---- Sets ---- */

void
sim_print_node(GString *to, const SimScenario *scenario, SimNodeRef node)
{
  g_string_append_printf(to, "%s%u", scenario->groups[node.group].name, node.number);
}

static void
append_nodes(GString *to, const SimScenario *scenario, const SimSet *set)
{
  sim_print_node(to, scenario, (SimNodeRef){ set->group, set->first });
  if (set->last == set->first)
    return;
  g_string_append(to, "..");
  sim_print_node(to, scenario, (SimNodeRef){ set->group, set->last });
}

static void
append_arc(GString *to, const SimSet *set)
{
  g_string_append(to, "ring ");
  sim_print_key(to, &set->low);
  g_string_append(to, "..");
  sim_print_key(to, &set->high);
}

void
sim_print_set(GString *to, const SimScenario *scenario, const SimSet *set)
{
  switch (set->kind) {
  case SIM_SET_ALL:
    g_string_append(to, "all");
    break;
  case SIM_SET_ALIVE:
    g_string_append(to, "alive");
    break;
  case SIM_SET_REST:
    g_string_append(to, "rest");
    break;
  case SIM_SET_GROUP:
    g_string_append(to, scenario->groups[set->group].name);
    break;
  case SIM_SET_NODES:
    append_nodes(to, scenario, set);
    break;
  case SIM_SET_SHARE:
  case SIM_SET_COUNT:
    if (set->kind == SIM_SET_SHARE)
      sim_print_ratio(to, set->share);
    else
      g_string_append_printf(to, "%u", set->count);
    g_string_append(to, " of ");
    sim_print_set(to, scenario, set->of);
    break;
  case SIM_SET_RING:
    append_arc(to, set);
    break;
  case SIM_SET_LIST:
    for (uint32_t i = 0; i < set->member_count; i++) {
      g_string_append(to, i > 0 ? ", " : "");
      sim_print_set(to, scenario, set->members[i]);
    }
    break;
  }
}

/* ---- The network ---- */

static void
append_ratio_and(GString *to, SimRatio ratio, const char *word)
{
  sim_print_ratio(to, ratio);
  g_string_append(to, word);
}

void
sim_print_network_setting(GString *to, const SimNetworkSetting *setting)
{
  static const char *const names[] = {
    "latency",   "latency plane", "latency matrix", "jitter", "loss", "burst-loss",
    "duplicate", "reorder",       "bandwidth",      "queue",  "mtu"
  };
  g_string_append_printf(to, "%s ", names[setting->kind]);
  switch (setting->kind) {
  case SIM_NETWORK_LATENCY:
  case SIM_NETWORK_JITTER:
    sim_print_distribution(to, &setting->distribution);
    break;
  case SIM_NETWORK_PLANE:
    sim_print_time(to, setting->time);
    break;
  case SIM_NETWORK_MATRIX:
    sim_print_text(to, setting->path);
    break;
  case SIM_NETWORK_LOSS:
  case SIM_NETWORK_DUPLICATE:
    sim_print_ratio(to, setting->ratio);
    break;
  case SIM_NETWORK_BURST_LOSS:
    append_ratio_and(to, setting->ratio, " length ");
    g_string_append_printf(to, "%" G_GUINT64_FORMAT, setting->count);
    break;
  case SIM_NETWORK_REORDER:
    append_ratio_and(to, setting->ratio, " by ");
    sim_print_time(to, setting->time);
    break;
  case SIM_NETWORK_BANDWIDTH:
    sim_print_rate(to, setting->ratio, "B");
    break;
  case SIM_NETWORK_QUEUE:
  case SIM_NETWORK_MTU:
    g_string_append_printf(to, "%" G_GUINT64_FORMAT "B", setting->count);
    break;
  }
}
