/* What only the whole shows: the end, windows beyond it, marks, and what is undone. */
#include "sim-parse.h"

#include "sim-print.h"
#include "sim-suggest.h"

#include <stdarg.h>
#include <string.h>

static uint32_t
file_number(const SimParse *parse, const char *file)
{
  for (guint i = 0; i < parse->sources->len; i++) {
    const SimSource *source = parse->sources->pdata[i];
    if (source->name == file)
      return source->number;
  }
  return 0;
}

__attribute__((format(printf, 4, 5))) static void
mistake_at(SimParse *parse, const SimWhere *where, const char *near, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  SimMistake mistake = { .file = g_strdup(where->file),
                         .line = where->line,
                         .column = where->column,
                         .near = g_strdup(near),
                         .text = g_strdup(where->text),
                         .message = g_strdup_vprintf(format, args),
                         .file_number = file_number(parse, where->file) };
  va_end(args);
  sim_mistakes_add(parse->mistakes, mistake);
}

static char *
time_text(SimTime time)
{
  GString *text = g_string_new(NULL);
  sim_print_duration(text, time);
  return g_string_free(text, FALSE);
}

static const SimAction *
action_at(const SimParse *parse, guint i)
{
  return &g_array_index(parse->actions, SimAction, i);
}

/* ---- The end ---- */

static bool
is_unsure(const SimParse *parse, SimActionKind kind)
{
  return (parse->unsure_kinds & UINT64_C(1) << kind) != 0;
}

static void
no_end(SimParse *parse)
{
  if (is_unsure(parse, SIM_ACTION_END))
    return;
  const SimSource *main_file = parse->sources->pdata[0];
  uint32_t lines = 1;
  for (size_t i = 0; i + 1 < main_file->size; i++)
    lines += main_file->text[i] == '\n';
  SimMistake mistake = { .file = g_strdup(main_file->name),
                         .line = lines,
                         .column = 1,
                         .message = g_strdup("expected an end (at T end), found none"),
                         .file_number = G_MAXUINT32 };
  sim_mistakes_add(parse->mistakes, mistake);
}

/* Its index, or the number of actions. */
static guint
find_end(SimParse *parse)
{
  guint end = parse->actions->len;
  for (guint i = 0; i < parse->actions->len; i++) {
    const SimAction *action = action_at(parse, i);
    if (action->kind != SIM_ACTION_END)
      continue;
    if (end == parse->actions->len)
      end = i;
    else
      mistake_at(parse, &action->where, NULL,
                 "expected one end, found another; the first is in line %u",
                 action_at(parse, end)->where.line);
  }
  return end;
}

static void
check_action_end(SimParse *parse, guint i, guint end_index)
{
  const SimAction *action = action_at(parse, i), *end = action_at(parse, end_index);
  g_autofree char *at = time_text(end->from);
  if (action->kind == SIM_ACTION_END)
    return;
  if (action->from > end->from || (action->from == end->from && i > end_index)) {
    mistake_at(parse, &action->where, NULL,
               "expected actions before the end at %s, found a later one", at);
    return;
  }
  bool spreads = action->kind == SIM_ACTION_START || action->kind == SIM_ACTION_STOP;
  if (spreads && action->from + action->spread > end->from)
    mistake_at(parse, &action->where, NULL,
               "expected actions before the end at %s, found one that goes on behind it", at);
}

static void
check_expectation_end(SimParse *parse, const SimExpectation *expectation, SimTime end)
{
  const SimWhen *when = &expectation->when;
  SimTime last = when->kind == SIM_WHEN_AT ? when->from : when->to;
  if (when->kind == SIM_WHEN_WITHIN || last <= end)
    return;
  g_autofree char *at = time_text(end);
  g_autofree char *found = time_text(last);
  mistake_at(parse, &expectation->where, NULL, "expected a time until the end at %s, found %s", at,
             found);
}

/* ---- Marks ---- */

static const SimAction *
find_mark(const SimParse *parse, const char *text)
{
  const SimAction *first = NULL;
  for (guint i = 0; i < parse->actions->len; i++) {
    const SimAction *action = action_at(parse, i);
    if (action->kind == SIM_ACTION_MARK && g_str_equal(action->mark, text) &&
        (first == NULL || action->from < first->from))
      first = action;
  }
  return first;
}

static const char *
near_mark(const SimParse *parse, const char *text)
{
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  for (guint i = 0; i < parse->actions->len; i++)
    if (action_at(parse, i)->kind == SIM_ACTION_MARK)
      g_ptr_array_add(known, (gpointer)action_at(parse, i)->mark);
  g_ptr_array_add(known, NULL);
  return sim_suggest(text, (const char *const *)known->pdata);
}

static void
check_mark(SimParse *parse, const SimExpectation *expectation, const SimAction *end)
{
  const SimWhen *when = &expectation->when;
  if (when->kind != SIM_WHEN_WITHIN)
    return;
  const SimAction *mark = find_mark(parse, when->mark);
  if (mark == NULL) {
    if (!is_unsure(parse, SIM_ACTION_MARK))
      mistake_at(parse, &expectation->where, near_mark(parse, when->mark),
                 "expected the text of a mark, found \"%s\", which no mark says", when->mark);
    return;
  }
  if (end == NULL || mark->from + when->to <= end->from)
    return;
  g_autofree char *at = time_text(end->from);
  mistake_at(parse, &expectation->where, NULL,
             "expected a time until the end at %s, found one that goes on behind it", at);
}

/* ---- What is undone ---- */

static bool
same_set(const SimSet *a, const SimSet *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->kind != b->kind || a->group != b->group || a->first != b->first || a->last != b->last ||
      a->count != b->count || a->share.num != b->share.num || a->share.den != b->share.den ||
      memcmp(&a->low, &b->low, sizeof a->low) != 0 ||
      memcmp(&a->high, &b->high, sizeof a->high) != 0 || a->member_count != b->member_count ||
      !same_set(a->of, b->of))
    return false;
  for (uint32_t i = 0; i < a->member_count; i++)
    if (!same_set(a->members[i], b->members[i]))
      return false;
  return true;
}

static gint
compare_time(gconstpointer a, gconstpointer b)
{
  const SimAction *x = *(const SimAction *const *)a, *y = *(const SimAction *const *)b;
  return (x->from > y->from) - (x->from < y->from);
}

typedef struct {
  SimActionKind does, undoes;
  const char *wrong;
} Pair;

static bool
take_back(GPtrArray *done, const SimAction *action)
{
  for (guint i = 0; i < done->len; i++) {
    const SimAction *other = done->pdata[i];
    if (other->both_ways == action->both_ways && same_set(other->set, action->set) &&
        same_set(other->to_set, action->to_set)) {
      g_ptr_array_remove_index(done, i);
      return true;
    }
  }
  return false;
}

/* @sorted: by time. Where some of them are repeated, only the run can tell. */
static void
check_pair(SimParse *parse, const GPtrArray *sorted, const Pair *pair)
{
  g_autoptr(GPtrArray) done = g_ptr_array_new();
  for (guint i = 0; i < sorted->len; i++) {
    const SimAction *action = sorted->pdata[i];
    if ((action->kind == pair->does || action->kind == pair->undoes) &&
        action->schedule != SIM_SCHEDULE_AT)
      return;
  }
  for (guint i = 0; i < sorted->len; i++) {
    const SimAction *action = sorted->pdata[i];
    if (action->kind == pair->does)
      g_ptr_array_add(done, (gpointer)action);
    else if (action->kind == pair->undoes && !take_back(done, action))
      mistake_at(parse, &action->where, NULL, "expected %s, found none", pair->wrong);
    if (action->kind == SIM_ACTION_HEAL && pair->undoes == SIM_ACTION_HEAL)
      g_ptr_array_set_size(done, 0); /* of all partitions; cuts and holds stay */
  }
}

static void
check_pairs(SimParse *parse)
{
  static const Pair pairs[] = {
    { SIM_ACTION_PARTITION, SIM_ACTION_HEAL, "a partition before this heal" },
    { SIM_ACTION_CUT, SIM_ACTION_JOIN, "a cut with the same words before this join" },
    { SIM_ACTION_HOLD, SIM_ACTION_RELEASE, "a hold with the same words before this release" },
  };
  g_autoptr(GPtrArray) sorted = g_ptr_array_new();
  for (guint i = 0; i < parse->actions->len; i++)
    g_ptr_array_add(sorted, (gpointer)action_at(parse, i));
  g_ptr_array_sort(sorted, compare_time); /* stable */
  for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
    if (!is_unsure(parse, pairs[i].does))
      check_pair(parse, sorted, &pairs[i]);
}

void
sim_check(SimParse *parse)
{
  guint end = find_end(parse);
  bool ends = end < parse->actions->len;
  if (!ends)
    no_end(parse);
  for (guint i = 0; i < parse->actions->len && ends; i++)
    check_action_end(parse, i, end);
  for (guint i = 0; i < parse->expectations->len; i++) {
    const SimExpectation *expectation = &g_array_index(parse->expectations, SimExpectation, i);
    if (ends)
      check_expectation_end(parse, expectation, action_at(parse, end)->from);
    check_mark(parse, expectation, ends ? action_at(parse, end) : NULL);
  }
  check_pairs(parse);
  if (ends)
    parse->scenario->end = action_at(parse, end)->from;
}
