/* The tables of a trace as rows of 64-bit words, in the order of the columns of schema.sql.
 *
 * I: an integer, SIM_TRACE_NULL for none. T: a text (transfer full), NULL for none. B: bytes
 * (transfer full, a GBytes). Each table becomes a struct of such words. */
#pragma once
#include <glib.h>
#include <stdint.h>

#define SIM_TRACE_NULL INT64_MIN

#define SIM_TRACE_RUN_COLUMNS(I, T, B)                                                             \
  I(id)                                                                                            \
  T(scenario)                                                                                      \
  T(title)                                                                                         \
  T(text) T(seed) T(replay) T(classes) T(version) T(host) T(started) I(nodes) I(sample) I(goal)
#define SIM_TRACE_KIND_COLUMNS(I, T, B) I(id) T(class) T(name) T(note)
#define SIM_TRACE_PARAM_COLUMNS(I, T, B) I(run) T(name) T(value) I(overridden)
#define SIM_TRACE_NODE_COLUMNS(I, T, B) I(id) I(run) I(number) T(name) T(grp)
#define SIM_TRACE_NODE_END_COLUMNS(I, T, B) I(id) I(alive) I(sent)
#define SIM_TRACE_KEY_COLUMNS(I, T, B) I(id) I(run) T(hex)
#define SIM_TRACE_FAULT_COLUMNS(I, T, B)                                                           \
  I(id) I(run) I(at) I(kind) T(file) I(line) T(text) I(disturbs)
#define SIM_TRACE_LIFE_COLUMNS(I, T, B) I(id) I(run) I(at) I(node) I(kind) I(cause)
#define SIM_TRACE_MARK_COLUMNS(I, T, B) I(id) I(run) I(at) T(text)
#define SIM_TRACE_REGISTRATION_COLUMNS(I, T, B)                                                    \
  I(id) I(run) I(node) I(key) I(registered) I(published) I(ended) I(cause)
#define SIM_TRACE_REGISTRATION_END_COLUMNS(I, T, B) I(id) I(ended)
#define SIM_TRACE_SEARCH_COLUMNS(I, T, B)                                                          \
  I(id)                                                                                            \
  I(run)                                                                                           \
  I(node)                                                                                          \
  I(mode)                                                                                          \
  I(target)                                                                                        \
  I(least)                                                                                         \
  I(most)                                                                                          \
  I(started)                                                                                       \
  I(ended)                                                                                         \
  I(outcome)                                                                                       \
  I(results)                                                                                       \
  I(found) I(server) I(eligible) I(answered) I(correct) I(hops) I(asked) I(silent) I(cause)
#define SIM_TRACE_METRIC_COLUMNS(I, T, B) I(id) T(name) T(kind) I(flow)
#define SIM_TRACE_SAMPLE_COLUMNS(I, T, B) I(run) I(at) I(metric) I(num) I(den)
#define SIM_TRACE_EXPECTATION_COLUMNS(I, T, B)                                                     \
  I(id) I(run) T(file) I(line) T(text) T(verdict) T(value) I(at)
#define SIM_TRACE_CALL_COLUMNS(I, T, B) I(id) I(at) I(node) I(kind) I(key) I(code) I(cause)
#define SIM_TRACE_EVENT_COLUMNS(I, T, B)                                                           \
  I(id) I(at) I(node) I(kind) I(key) I(remote) I(code) I(cause)
#define SIM_TRACE_WAKE_COLUMNS(I, T, B) I(id) I(at) I(node) I(kind)
#define SIM_TRACE_MESSAGE_COLUMNS(I, T, B)                                                         \
  I(id)                                                                                            \
  I(at)                                                                                            \
  I(src)                                                                                           \
  I(dst)                                                                                           \
  I(type) I(bytes) I(took) I(lost) I(purpose) I(flags) I(key) I(revoke) I(search) I(copy) I(cause)
#define SIM_TRACE_MESSAGE_FATE_COLUMNS(I, T, B) I(id) I(took) I(lost)
#define SIM_TRACE_NOTE_COLUMNS(I, T, B) I(id) I(at) I(node) I(kind) I(why) I(cause)
#define SIM_TRACE_HOP_COLUMNS(I, T, B)                                                             \
  I(id) I(search) I(n) I(node) I(flags) I(took) I(nearness) I(cause)
#define SIM_TRACE_ENTRY_COLUMNS(I, T, B) I(id) I(key) I(node) I(port)
#define SIM_TRACE_CACHE_COLUMNS(I, T, B) I(id) I(at) I(node) I(entry) I(kind) I(cause)
#define SIM_TRACE_DATAGRAM_COLUMNS(I, T, B) I(message) B(bytes)

/* X(ENUM, Struct, "table", what it changes, or itself if it adds rows) */
#define SIM_TRACE_TABLE_LIST(X)                                                                    \
  X(RUN, Run, "run", RUN)                                                                          \
  X(KIND, Kind, "kind", KIND)                                                                      \
  X(PARAM, Param, "param", PARAM)                                                                  \
  X(NODE, Node, "node", NODE)                                                                      \
  X(NODE_END, NodeEnd, "node", NODE)                                                               \
  X(KEY, Key, "key", KEY)                                                                          \
  X(FAULT, Fault, "fault", FAULT)                                                                  \
  X(LIFE, Life, "life", LIFE)                                                                      \
  X(MARK, Mark, "mark", MARK)                                                                      \
  X(REGISTRATION, Registration, "registration", REGISTRATION)                                      \
  X(REGISTRATION_END, RegistrationEnd, "registration", REGISTRATION)                               \
  X(SEARCH, Search, "search", SEARCH)                                                              \
  X(METRIC, Metric, "metric", METRIC)                                                              \
  X(SAMPLE, Sample, "sample", SAMPLE)                                                              \
  X(EXPECTATION, Expectation, "expectation", EXPECTATION)                                          \
  X(CALL, Call, "call", CALL)                                                                      \
  X(EVENT, Event, "event", EVENT)                                                                  \
  X(WAKE, Wake, "wake", WAKE)                                                                      \
  X(MESSAGE, Message, "message", MESSAGE)                                                          \
  X(MESSAGE_FATE, MessageFate, "message", MESSAGE)                                                 \
  X(NOTE, Note, "note", NOTE)                                                                      \
  X(HOP, Hop, "hop", HOP)                                                                          \
  X(ENTRY, Entry, "entry", ENTRY)                                                                  \
  X(CACHE, Cache, "cache", CACHE)                                                                  \
  X(DATAGRAM, Datagram, "datagram", DATAGRAM)

typedef enum {
#define SIM_TRACE_ENUM(name, type, table, base) SIM_TRACE_##name,
  SIM_TRACE_TABLE_LIST(SIM_TRACE_ENUM)
#undef SIM_TRACE_ENUM
    SIM_TRACE_TABLES,
} SimTraceTable;

#define SIM_TRACE_INTEGER(name) int64_t name;
#define SIM_TRACE_TEXT(name) char *name;
#define SIM_TRACE_BLOB(name) GBytes *name;
#define SIM_TRACE_STRUCT(name, type, table, base)                                                  \
  typedef struct {                                                                                 \
    SIM_TRACE_##name##_COLUMNS(SIM_TRACE_INTEGER, SIM_TRACE_TEXT, SIM_TRACE_BLOB)                  \
  } SimTrace##type;
SIM_TRACE_TABLE_LIST(SIM_TRACE_STRUCT)
#undef SIM_TRACE_STRUCT
#undef SIM_TRACE_BLOB
#undef SIM_TRACE_TEXT
#undef SIM_TRACE_INTEGER

G_STATIC_ASSERT(sizeof(char *) == sizeof(int64_t)); /* rows are arrays of words */

/* The most columns of a row. */
#define SIM_TRACE_COLUMNS 20

/* What is known of a table. */
typedef struct {
  const char *name;
  SimTraceTable base; /* the table whose rows it changes; itself: it adds rows */
  unsigned columns;
  const char *const *names;
  const char *kinds; /* 'i', 't', 'b' */
} SimTraceLayout;

const SimTraceLayout *sim_trace_layout(SimTraceTable table);
