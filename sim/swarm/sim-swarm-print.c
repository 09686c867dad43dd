/* A plan as a scenario: a line for each thing that is done or undone, in the order of the times. */
#include "sim-swarm.h"

#include <string.h>

/* In maintenance periods: the invariant one-ring waits for 20. */
#define QUIET 30
#define MEASURED (120 * SIM_SECOND)

typedef struct {
  SimTime at;
  guint order;
  char *text;
} Line;

typedef struct {
  const SimSwarmPlan *plan;
  GArray *lines;
} Text;

static int
compare_lines(gconstpointer a, gconstpointer b)
{
  const Line *x = a, *y = b;
  if (x->at != y->at)
    return x->at < y->at ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

static void
clear_line(gpointer data)
{
  g_free(((Line *)data)->text);
}

/* All times of a plan are whole milliseconds. */
static void
append_time(GString *to, SimTime time)
{
  if (time % SIM_SECOND != 0)
    g_string_append_printf(to, "%" G_GINT64_FORMAT "ms", time / SIM_MILLISECOND);
  else
    g_string_append_printf(to, "%" G_GINT64_FORMAT "s", time / SIM_SECOND);
}

__attribute__((format(printf, 3, 4))) static void
add(Text *text, SimTime at, const char *format, ...)
{
  g_autoptr(GString) line = g_string_new("at ");
  append_time(line, at);
  while (line->len < 12)
    g_string_append_c(line, ' ');
  g_string_append_c(line, ' ');
  va_list arguments;
  va_start(arguments, format);
  g_string_append_vprintf(line, format, arguments);
  va_end(arguments);
  Line made = { at, text->lines->len, g_strdup(line->str) };
  g_array_append_val(text->lines, made);
}

/* ---- Sets. ---- */

static void
append_range(GString *to, const char *group, uint32_t first, uint32_t last)
{
  if (to->len > 0)
    g_string_append(to, ", ");
  g_string_append_printf(to, "%s%u", group, first);
  if (last > first)
    g_string_append_printf(to, "..%s%u", group, last);
}

static void
append_group(GString *to, const char *group, uint64_t bits, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) {
    if ((bits >> i & 1) == 0)
      continue;
    uint32_t first = i;
    while (i + 1 < count && (bits >> (i + 1) & 1) != 0)
      i++;
    append_range(to, group, first, i);
  }
}

/* "anchor0, peer3..peer5"; (transfer full) */
static char *
set_of(const SimSwarmPlan *plan, uint64_t nodes)
{
  GString *to = g_string_new(NULL);
  append_group(to, "anchor", nodes, plan->anchors);
  append_group(to, "peer", nodes >> plan->anchors, plan->peers);
  if (plan->guests > 0)
    append_group(to, "guest", nodes >> (plan->anchors + plan->peers), plan->guests);
  return g_string_free(to, FALSE);
}

/* ---- Faults. ---- */

/* A deed and how it is undone. */
static void
add_pair(Text *text, const SimSwarmFault *fault, const char *deed, const char *undone)
{
  g_autofree char *set = set_of(text->plan, fault->members);
  add(text, fault->at, "%s %s", deed, set);
  if (fault->until != SIM_TIME_NEVER && undone != NULL)
    add(text, fault->until, "%s %s", undone, set);
}

static void
add_fault(Text *text, const SimSwarmFault *fault)
{
  g_autofree char *set = set_of(text->plan, fault->members);
  add(text, fault->at, "fault %s", set);
  add(text, fault->until, "stop %s", set);
  add(text, fault->until + SIM_SECOND, "restart %s", set);
}

static void
add_partition(Text *text, const SimSwarmFault *fault)
{
  g_autofree char *first = set_of(text->plan, fault->members);
  g_autofree char *second = set_of(text->plan, fault->others);
  if (*second != '\0')
    add(text, fault->at, "partition %s | %s | rest", first, second);
  else
    add(text, fault->at, "partition %s | rest", first);
  add(text, fault->until, "heal");
}

static void
add_way(Text *text, const SimSwarmFault *fault, const char *deed, const char *undone)
{
  g_autofree char *from = set_of(text->plan, fault->members);
  g_autofree char *to = set_of(text->plan, fault->others);
  const char *arrow = fault->both ? "<->" : "->";
  add(text, fault->at, "%s %s %s %s", deed, from, arrow, to);
  add(text, fault->until, "%s %s %s %s", undone, from, arrow, to);
}

static void
add_link(Text *text, const SimSwarmFault *fault)
{
  g_autofree char *set = set_of(text->plan, fault->members);
  const char *arrow = fault->both ? "<->" : "->";
  add(text, fault->at, "link %s %s all loss %u%%", set, arrow, fault->amount);
  add(text, fault->until, "link %s %s all loss 0%%", set, arrow);
}

static void
add_loss(Text *text, const SimSwarmFault *fault)
{
  add(text, fault->at, "network loss %u%%", fault->amount);
  add(text, fault->until, "network loss 0%%");
}

static void
add_bursts(Text *text, const SimSwarmFault *fault)
{
  add(text, fault->at, "network burst-loss %u%% length %d", fault->amount, fault->both ? 20 : 4);
  add(text, fault->until, "network burst-loss 0%% length 1");
}

static void
add_copies(Text *text, const SimSwarmFault *fault)
{
  add(text, fault->at, "network { duplicate %u%%; reorder %u%% by %ums }", fault->amount,
      fault->amount, fault->both ? 3000 : 200);
  add(text, fault->until, "network { duplicate 0%%; reorder 0%% by 200ms }");
}

static const char *const latencies[] = {
  "constant 50ms",    "lognormal 40ms 15ms", "uniform 1ms 300ms",
  "exponential 30ms", "plane 100ms",         "constant 1ms",
};

static void
add_slow(Text *text, const SimSwarmFault *fault)
{
  add(text, fault->at, "network latency uniform %ums %ums", fault->both ? fault->amount : 1,
      fault->amount);
  add(text, fault->until, "network latency %s", latencies[text->plan->latency]);
}

static void
add_clock(Text *text, const SimSwarmFault *fault)
{
  g_autofree char *set = set_of(text->plan, fault->members);
  const char *sign = fault->both ? "-" : "";
  if (fault->kind == SIM_SWARM_STEP) {
    add(text, fault->at, "clock %s step %s%us", set, sign, fault->amount);
    return;
  }
  add(text, fault->at, "clock %s drift %s%u%%", set, sign, fault->amount);
  add(text, fault->until, "clock %s drift 0%%", set);
}

/* Anywhere on the ring; beside zero, on both sides; or close to one place, so that leaf sets and
 * estimates see a crowd. */
static char *
key_of(const SimSwarmFault *fault)
{
  static const char *const places[] = { "", "0", "f", "8" };
  GString *key = g_string_new("0x");
  if (fault->amount == 0) {
    g_string_append_printf(key, "%016" G_GINT64_MODIFIER "x", fault->value | 1);
    return g_string_free(key, FALSE);
  }
  g_string_append(key, places[fault->amount]);
  for (int i = 0; i < 55; i++)
    g_string_append_c(key, fault->amount == 2 ? 'f' : '0');
  g_string_append_printf(key, "%08x", (unsigned)(fault->value & 0xfffffffe) | 1);
  return g_string_free(key, FALSE);
}

static void
add_keys(Text *text, const SimSwarmFault *fault)
{
  g_autofree char *set = set_of(text->plan, fault->members);
  g_autofree char *key = key_of(fault);
  if (fault->kind == SIM_SWARM_UPDATE) {
    add(text, fault->at, "update %s payload %uB", set, (unsigned)(fault->value % 5120) + 1);
    return;
  }
  if (fault->kind == SIM_SWARM_BARE) {
    add(text, fault->at, "unregister %s", set);
    add(text, fault->until, "register %s", set);
    return;
  }
  if (text->plan->security > 0) {
    add(text, fault->at, "register %s", set);
    return;
  }
  add(text, fault->at, "register %s key %s", set, key);
  if (fault->until != SIM_TIME_NEVER)
    add(text, fault->until, "unregister %s key %s", set, key);
}

static void
add_garbage(Text *text, const SimSwarmFault *fault)
{
  g_autofree char *from = set_of(text->plan, fault->members & -fault->members);
  g_autofree char *to = set_of(text->plan, fault->others & -fault->others);
  g_autoptr(GString) hex = g_string_new(NULL);
  static const uint8_t types[] = { 1, 2, 3, 4, 7, 8, 9, 11 };
  if (fault->both) /* a good header, and nonsense behind it */
    g_string_append_printf(hex, "00 10 00 0c 51 06 00 %02x 00 00 00 2a",
                           types[fault->value % G_N_ELEMENTS(types)]);
  uint64_t bits = fault->value;
  for (uint32_t i = 0; i < fault->amount; i++) {
    bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    g_string_append_printf(hex, "%s%02x", hex->len > 0 ? " " : "", (unsigned)(bits >> 56));
  }
  add(text, fault->at, "inject %s -> %s hex \"%s\"", from, to, hex->str);
}

static void
add_lies(Text *text, const SimSwarmFault *fault)
{
  g_autofree char *set = set_of(text->plan, fault->members);
  if (fault->amount == 0)
    add(text, fault->at, "forge %s claims anchor0", set);
  else if (fault->amount == 1)
    add(text, fault->at, "forge %s floods %u", set, (unsigned)fault->value);
  else
    add(text, fault->at, "forge %s replays", set);
  add(text, fault->until, "stop %s", set);
}

static void
add_churn(Text *text, const SimSwarmFault *fault)
{
  g_autoptr(GString) line = g_string_new("from ");
  append_time(line, fault->at);
  g_string_append(line, " to ");
  append_time(line, fault->until);
  g_string_append_printf(
    line, "  churn guest lifetime exponential %us downtime exponential %us silent %u%%",
    fault->amount, fault->amount / 2 + 1, (unsigned)fault->value * 20);
  Line made = { fault->at, text->lines->len, g_strdup(line->str) };
  g_array_append_val(text->lines, made);
}

static void
add_one(Text *text, const SimSwarmFault *fault)
{
  switch (fault->kind) {
  case SIM_SWARM_CRASH:
    add_pair(text, fault, "crash", "restart");
    break;
  case SIM_SWARM_STOP:
    add_pair(text, fault, "stop", "restart");
    break;
  case SIM_SWARM_PAUSE:
    add_pair(text, fault, "pause", "resume");
    break;
  case SIM_SWARM_DISCONNECT:
    add_pair(text, fault, "disconnect", "reconnect");
    break;
  case SIM_SWARM_FAULT:
    add_fault(text, fault);
    break;
  case SIM_SWARM_PARTITION:
    add_partition(text, fault);
    break;
  case SIM_SWARM_CUT:
    add_way(text, fault, "cut", "join");
    break;
  case SIM_SWARM_HOLD:
    add_way(text, fault, "hold", "release");
    break;
  case SIM_SWARM_LINK:
    add_link(text, fault);
    break;
  case SIM_SWARM_LOSS:
    add_loss(text, fault);
    break;
  case SIM_SWARM_BURSTS:
    add_bursts(text, fault);
    break;
  case SIM_SWARM_COPIES:
    add_copies(text, fault);
    break;
  case SIM_SWARM_SLOW:
    add_slow(text, fault);
    break;
  case SIM_SWARM_DRIFT:
  case SIM_SWARM_STEP:
    add_clock(text, fault);
    break;
  case SIM_SWARM_KEY:
  case SIM_SWARM_BARE:
  case SIM_SWARM_UPDATE:
    add_keys(text, fault);
    break;
  case SIM_SWARM_CHURN:
    add_churn(text, fault);
    break;
  case SIM_SWARM_GARBAGE:
    add_garbage(text, fault);
    break;
  case SIM_SWARM_LIES:
    add_lies(text, fault);
    break;
  case SIM_SWARM_KINDS:
    break;
  }
}

/* ---- The whole. ---- */

static void
append_cloud(GString *to, const SimSwarmPlan *plan)
{
  static const char *const securities[] = { "", " security derived-key",
                                            " security derived-key mode membership",
                                            " security derived-key mode confidential" };
  const char *security = securities[plan->security];
  g_string_append_printf(
    to, "language 1\ntitle \"Swarm, seed %" G_GUINT64_FORMAT "\"\nseed %" G_GUINT64_FORMAT "\n\n",
    plan->seed, plan->seed);
  g_string_append_printf(to, "group anchor %u%s\n", plan->anchors, security);
  if (plan->peers > 0)
    g_string_append_printf(to, "group peer   %u keys %u%s\n", plan->peers, plan->keys, security);
  if (plan->guests > 0)
    g_string_append_printf(to, "group guest  %u%s\n", plan->guests, security);
  g_string_append_printf(to, "\nnetwork { latency %s }\nprotocol { maintenance ",
                         latencies[plan->latency]);
  append_time(to, plan->maintenance);
  g_string_append(to, " }\ntrace none\n\n");
}

static bool
has(const SimSwarmPlan *plan, SimSwarmKind kind)
{
  for (guint i = 0; i < plan->faults->len; i++)
    if (g_array_index(plan->faults, SimSwarmFault, i).kind == kind)
      return true;
  return false;
}

static void
add_starts(Text *text)
{
  const SimSwarmPlan *plan = text->plan;
  g_autoptr(GString) over = g_string_new(NULL);
  if (plan->spread > 0) {
    g_string_append(over, " over ");
    append_time(over, plan->spread);
  }
  add(text, 0, "start anchor");
  if (plan->peers > 0)
    add(text, 0, "start peer%s", over->str);
  if (plan->guests > 0)
    add(text, 0, "start guest%s", over->str);
}

/* When all is as it should be. A clock that was put back stands still until it has caught up with
 * itself, and its node's timers with it; if it runs slow, that takes longer. */
static SimTime
calm_of(const SimSwarmPlan *plan)
{
  SimTime calm = plan->heal, right = 0;
  for (guint i = 0; i < plan->faults->len; i++) {
    const SimSwarmFault *fault = &g_array_index(plan->faults, SimSwarmFault, i);
    if (fault->kind == SIM_SWARM_STEP && fault->both) /* it may be the same clock each time */
      right = MAX(right, fault->at) + fault->amount * SIM_SECOND * 5 / 4;
  }
  calm = MAX(calm, right);
  return (calm + 3 * SIM_SECOND - 1) / SIM_SECOND * SIM_SECOND;
}

static void
append_window(GString *to, SimTime from, SimTime until, const char *what)
{
  g_string_append(to, what);
  append_time(to, from);
  g_string_append(to, " to ");
  append_time(to, until);
  g_string_append(to, "  ");
}

static void
append_expectations(GString *to, SimTime from, SimTime until)
{
  static const char *const wanted[] = { "leafset.exact == 100%", "leafset.dead == 0%",
                                        "ring.count == 1", "search.success == 100%",
                                        "search.correct == 100%" };
  g_string_append_c(to, '\n');
  for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
    append_window(to, from, until, "expect from ");
    g_string_append_printf(to, "%s\n", wanted[i]);
  }
  g_string_append(to, "expect nodes.faulted == 0\n");
}

char *
sim_swarm_print(const SimSwarmPlan *plan, const char *comment)
{
  Text text = { plan, g_array_new(FALSE, FALSE, sizeof(Line)) };
  g_array_set_clear_func(text.lines, clear_line);
  add_starts(&text);
  for (guint i = 0; i < plan->faults->len; i++)
    add_one(&text, &g_array_index(plan->faults, SimSwarmFault, i));
  SimTime calm = calm_of(plan);
  if (has(plan, SIM_SWARM_LINK)) /* a loss in one place is none in all: none is left */
    add(&text, calm, "network loss 0%%");
  add(&text, calm, "mark \"calm\"");
  SimTime from = calm + QUIET * plan->maintenance, until = from + MEASURED;
  add(&text, until, "end");
  g_array_sort(text.lines, compare_lines);

  GString *to = g_string_new(comment);
  append_cloud(to, plan);
  append_window(to, SIM_SECOND, until, "from ");
  g_string_append(to, "search 1/s missing 10%\n");
  for (guint i = 0; i < text.lines->len; i++)
    g_string_append_printf(to, "%s\n", g_array_index(text.lines, Line, i).text);
  append_expectations(to, from, until);
  g_array_free(text.lines, TRUE);
  return g_string_free(to, FALSE);
}
