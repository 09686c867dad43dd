/* One binary heap of events by (time, number): datagrams, deadlines, answers of the bootstrap. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "test-cluster.h"

#include "drt-cpa.h"
#include "drt-decode.h"
#include "drt-node-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef enum { DATAGRAM, DEADLINE, BOOTSTRAP } EventKind;

typedef struct {
  DrtTime at;
  uint64_t number;
  EventKind kind;
  uint32_t to, life; /* life: of the node it is meant for; stale ones are dropped */
  DrtEndpoint from;
  uint8_t *bytes;
  uint32_t n;
  bool split;
} Event;

typedef struct {
  DrtNode *node;
  uint32_t life, part;
  bool connected, published, named;
  uint32_t peers[10], peers_n; /* what its bootstrap names, if @named */
  DrtTime wake_at;
  DrtOutput *events;
  uint32_t events_n, events_room, events_taken;
} Machine;

struct TestCluster {
  TestMemory memory;
  DrtPool pool;
  DrtSettings settings;
  DrtMode mode;
  const DrtSecurity *security;
  DrtOutbox out;
  TestRandom random;
  Machine *machines;
  uint32_t n;
  DrtTime now, delay, spread;
  Event *heap;
  uint32_t heap_n, heap_room;
  uint64_t numbers;
  TestSearch *searches;
  uint32_t searches_n, searches_room;
  TestClusterFilter filter;
  void *filter_data;
  uint64_t sent[256];
  TestStepTime times[256];
  bool timing;
  uint32_t registrations;
  char *log;
  size_t log_n, log_room;
  bool logging;
};

static void *
grown(void *array, uint32_t n, uint32_t *room, size_t size)
{
  if (n < *room)
    return array;
  *room = *room == 0 ? 64 : 2 * *room;
  array = realloc(array, *room * size);
  if (array == NULL)
    abort();
  return array;
}

static bool
before(const Event *a, const Event *b)
{
  return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void
push(TestCluster *c, Event event)
{
  event.number = c->numbers++;
  c->heap = grown(c->heap, c->heap_n, &c->heap_room, sizeof *c->heap);
  uint32_t i = c->heap_n++;
  for (; i > 0 && before(&event, &c->heap[(i - 1) / 2]); i = (i - 1) / 2)
    c->heap[i] = c->heap[(i - 1) / 2];
  c->heap[i] = event;
}

static Event
pop(TestCluster *c)
{
  Event top = c->heap[0], last = c->heap[--c->heap_n];
  uint32_t i = 0;
  for (;;) {
    uint32_t child = 2 * i + 1;
    if (child >= c->heap_n)
      break;
    if (child + 1 < c->heap_n && before(&c->heap[child + 1], &c->heap[child]))
      child++;
    if (!before(&c->heap[child], &last))
      break;
    c->heap[i] = c->heap[child];
    i = child;
  }
  if (c->heap_n > 0)
    c->heap[i] = last;
  return top;
}

TestCluster *
test_cluster_new(uint64_t seed, uint32_t nodes)
{
  TestCluster *c = calloc(1, sizeof *c);
  c->machines = calloc(nodes, sizeof *c->machines);
  c->n = nodes;
  c->random.state = seed;
  c->delay = 50 * DRT_MILLISECOND;
  drt_settings_init(&c->settings);
  test_cluster_secure(c, DRT_MODE_RESOLVE, &drt_security_null);
  drt_pool_init(&c->pool, test_memory(&c->memory));
  drt_outbox_init(&c->out, test_memory(&c->memory));
  c->out.trace_mask = 0;
  return c;
}

void
test_cluster_free(TestCluster *c)
{
  for (uint32_t i = 0; i < c->n; i++) {
    drt_node_free(c->machines[i].node);
    free(c->machines[i].events);
  }
  while (c->heap_n > 0)
    free(pop(c).bytes);
  if (drt_store_count(&c->pool.store) != 0 || drt_blobs_count(&c->pool.blobs) != 0 ||
      c->pool.pendings.live != 0 || c->pool.intakes.live != 0 || c->pool.resolves.live != 0 ||
      c->pool.conversations.live != 0 || c->pool.audits.live != 0 || c->pool.locals.live != 0) {
    fprintf(stderr, "something was left in the pool: %u entries, %u blobs, %u pendings\n",
            drt_store_count(&c->pool.store), drt_blobs_count(&c->pool.blobs),
            c->pool.pendings.live);
    abort();
  }
  drt_outbox_clear(&c->out);
  drt_pool_clear(&c->pool);
  if (c->memory.pieces != 0) {
    fprintf(stderr, "%zu pieces of memory were not given back\n", c->memory.pieces);
    abort();
  }
  free(c->machines);
  free(c->heap);
  free(c->searches);
  free(c->log);
  free(c);
}

void
test_cluster_secure(TestCluster *c, DrtMode mode, const DrtSecurity *security)
{
  c->mode = mode;
  c->security = security;
}

DrtSettings *
test_cluster_settings(TestCluster *c)
{
  return &c->settings;
}

DrtPool *
test_cluster_pool(TestCluster *c)
{
  return &c->pool;
}

TestMemory *
test_cluster_memory(TestCluster *c)
{
  return &c->memory;
}

void
test_cluster_delay(TestCluster *c, DrtTime least, DrtTime spread)
{
  c->delay = least;
  c->spread = spread;
}

void
test_cluster_filter(TestCluster *c, TestClusterFilter filter, void *data)
{
  c->filter = filter;
  c->filter_data = data;
}

DrtEndpoint
test_cluster_endpoint(uint32_t i)
{
  uint8_t address[DRT_ADDRESS_LEN] = { 0x20, 0x01, 0x0d, 0xb8 };
  address[12] = (uint8_t)(i >> 24);
  address[13] = (uint8_t)(i >> 16);
  address[14] = (uint8_t)(i >> 8);
  address[15] = (uint8_t)i;
  return drt_endpoint((uint16_t)(50000 + i % 10000), address);
}

uint32_t
test_cluster_at(const DrtEndpoint *endpoint)
{
  const uint8_t *a = endpoint->wire + 2;
  uint32_t i = (uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15];
  DrtEndpoint made = test_cluster_endpoint(i);
  return drt_endpoint_equal(&made, endpoint) ? i : UINT32_MAX;
}

__attribute__((format(printf, 2, 3))) static void
log_add(TestCluster *c, const char *format, ...)
{
  char line[512];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (c->log_n + (size_t)n + 1 > c->log_room) {
    c->log_room = 2 * c->log_room + 4096;
    c->log = realloc(c->log, c->log_room);
    if (c->log == NULL)
      abort();
  }
  memcpy(c->log + c->log_n, line, (size_t)n + 1);
  c->log_n += (size_t)n;
}

/* Keys by their first byte, which is all that tests with a log use. */
static unsigned
first(const DrtKey *key)
{
  return (unsigned)(key->w[0] >> 56);
}

static void
log_route(TestCluster *c, const char *what, const DrtRouteField *field)
{
  if (field->present)
    log_add(c, " %s %02x", what, first(&field->plain.key));
}

static void
log_path(TestCluster *c, const char *what, const DrtEndpointList *list)
{
  log_add(c, " %s", what);
  for (uint16_t i = 0; i < list->n; i++)
    log_add(c, "%c%u", i == 0 ? ' ' : ',', test_cluster_at(&list->at[i]));
}

static void
log_message(TestCluster *c, uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n)
{
  static const char *const names[] = {
    [DRT_SOLICIT] = "SOLICIT", [DRT_ADVERTISE] = "ADVERTISE", [DRT_REQUEST] = "REQUEST",
    [DRT_FLOOD] = "FLOOD",     [DRT_INQUIRE] = "INQUIRE",     [DRT_AUTHORITY] = "AUTHORITY",
    [DRT_ACK] = "ACK",         [DRT_LOOKUP] = "LOOKUP"
  };
  DrtMsg msg;
  DrtAuthorityBody body;
  DrtNullCpa cpa;
  if (drt_decode(bytes, n, 6, c->mode, &msg) != DRT_REJECT_NONE)
    abort();
  log_add(c, "%u > %u %s", from, to, names[msg.type]);
  switch (msg.type) {
  case DRT_SOLICIT:
    log_route(c, "route", &msg.solicit.route);
    break;
  case DRT_ADVERTISE:
  case DRT_REQUEST: {
    DrtKeyList *keys = msg.type == DRT_ADVERTISE ? &msg.advertise.keys : &msg.request.body.keys;
    for (uint16_t i = 0; i < keys->n; i++) {
      DrtKey key = drt_key_list_get(keys, i);
      log_add(c, "%s%02x", i == 0 ? " keys " : ",", first(&key));
    }
    break;
  }
  case DRT_FLOOD:
    log_add(c, "%s validate %02x", msg.flood.flags & DRT_FLOOD_NO_ACK ? " D" : "",
            first(&msg.flood.validate));
    if (msg.flood.revoke.at != NULL) {
      drt_null_cpa_decode(msg.flood.revoke, 6, &cpa);
      log_add(c, " revoke %02x", first(&cpa.key));
    }
    log_route(c, "route", &msg.flood.route);
    log_path(c, "list", &msg.flood.flooded.plain);
    break;
  case DRT_INQUIRE:
    log_add(c, " validate %02x%s%s%s", first(&msg.inquire.validate),
            msg.inquire.flags & DRT_INQUIRE_CPA ? " A" : "",
            msg.inquire.flags & DRT_INQUIRE_PAYLOAD ? " X" : "",
            msg.inquire.flags & DRT_INQUIRE_CHAIN ? " C" : "");
    break;
  case DRT_AUTHORITY:
    if (msg.authority.split.slice.n != msg.authority.split.size) {
      log_add(c, " part %u+%u", msg.authority.split.offset, msg.authority.split.slice.n);
      break;
    }
    drt_decode_authority_body(msg.authority.split.slice, c->mode, &body);
    log_add(c, "%s%s%s", body.flags & DRT_AUTHORITY_SUSPECT ? " L" : "",
            body.flags & DRT_AUTHORITY_BUSY ? " B" : "",
            body.flags & DRT_AUTHORITY_UNKNOWN ? " N" : "");
    log_route(c, "route", &body.route);
    if (body.payload.at != NULL)
      log_add(c, " payload %u", body.payload.n);
    if (body.cpa.at != NULL && drt_null_cpa_decode(body.cpa, 6, &cpa) == DRT_REJECT_NONE)
      log_add(c, " cpa %02x", first(&cpa.key));
    break;
  case DRT_ACK:
    log_add(c, "%s", msg.ack.flags & DRT_ACK_UNKNOWN ? " N" : "");
    break;
  case DRT_LOOKUP:
    log_add(c, " target %02x validate %02x", first(&msg.lookup.target),
            first(&msg.lookup.validate));
    log_route(c, "best", &msg.lookup.best);
    log_path(c, "path", &msg.lookup.path.plain);
    break;
  }
  log_add(c, "\n");
}

const char *
test_cluster_log(TestCluster *c)
{
  bool nothing = c->log_n == 0;
  c->log_n = 0;
  return nothing ? "" : c->log;
}

void
test_cluster_log_start(TestCluster *c)
{
  c->logging = true;
  c->log_n = 0;
  if (c->log != NULL)
    c->log[0] = '\0';
}

static void
send(TestCluster *c, uint32_t from, const DrtOutput *output)
{
  uint32_t to = test_cluster_at(&output->send.to), n = output->send.n;
  const uint8_t *bytes = c->out.bytes + output->send.offset;
  c->sent[bytes[7]]++;
  if (c->logging)
    log_message(c, from, to, bytes, n);
  if ((c->filter != NULL && !c->filter(c, from, to, bytes, n, c->filter_data)) || to >= c->n ||
      !c->machines[from].connected || c->machines[from].part != c->machines[to].part)
    return;
  uint8_t *copy = malloc(n);
  if (copy == NULL)
    abort();
  memcpy(copy, bytes, n);
  DrtTime jitter = c->spread == 0 ? 0 : (DrtTime)(test_random(&c->random) % (uint64_t)c->spread);
  push(c, (Event){
            .at = c->now + c->delay + jitter,
            .kind = DATAGRAM,
            .to = to,
            .life = c->machines[to].life,
            .from = test_cluster_endpoint(from),
            .bytes = copy,
            .n = n,
          });
}

/* Nodes that help others: opened, publishing, alive. The nodes of the first group in language.md. */
static uint32_t
random_peers(TestCluster *c, uint32_t self, uint32_t *peers, uint32_t max)
{
  uint32_t n = 0;
  for (uint32_t attempt = 0; attempt < 8 * max && n < max; attempt++) {
    uint32_t i = test_random_below(&c->random, c->n);
    bool known = i == self || c->machines[i].node == NULL || !c->machines[i].published;
    for (uint32_t k = 0; k < n && !known; k++)
      known = peers[k] == i;
    if (!known)
      peers[n++] = i;
  }
  return n;
}

static void
answer_bootstrap(TestCluster *c, uint32_t i, bool split)
{
  push(c, (Event){
            .at = c->now,
            .kind = BOOTSTRAP,
            .to = i,
            .life = c->machines[i].life,
            .split = split,
          });
}

static void
found(TestCluster *c, const DrtOutput *output)
{
  TestSearch *search = &c->searches[output->found.ticket];
  uint32_t i = search->results;
  if (i < 32) {
    search->key[i] = output->found.key;
    uint32_t n = output->found.n < 64 ? output->found.n : 64;
    memcpy(search->payload[i], c->out.bytes + output->found.offset, n);
    search->payload_n[i] = output->found.n;
  }
  search->results++;
  search->hops = output->found.hops;
  memcpy(search->hop, c->out.bytes + output->found.hops_offset,
         output->found.hops * sizeof(DrtHop));
}

static void
over(TestCluster *c, const DrtOutput *output)
{
  TestSearch *search = &c->searches[output->end.ticket];
  search->over = true;
  search->end = output->end.end;
  search->hops = output->end.hops;
  memcpy(search->hop, c->out.bytes + output->end.hops_offset, output->end.hops * sizeof(DrtHop));
}

static void
keep_event(Machine *machine, const DrtOutput *output)
{
  machine->events =
    grown(machine->events, machine->events_n, &machine->events_room, sizeof *machine->events);
  machine->events[machine->events_n++] = *output;
}

static void
carry_out(TestCluster *c, uint32_t i)
{
  Machine *machine = &c->machines[i];
  bool closed = false;
  for (uint32_t k = 0; k < c->out.n; k++) {
    const DrtOutput *output = &c->out.items[k];
    switch (output->kind) {
    case DRT_OUT_SEND:
      send(c, i, output);
      break;
    case DRT_OUT_SEARCH_FOUND:
      found(c, output);
      break;
    case DRT_OUT_SEARCH_HOP:
      c->searches[output->found.ticket].pauses++;
      break;
    case DRT_OUT_SEARCH_END:
      over(c, output);
      break;
    case DRT_OUT_BOOTSTRAP:
      if (output->bootstrap.wanted)
        answer_bootstrap(c, i, output->bootstrap.split);
      break;
    case DRT_OUT_PUBLISH:
      machine->published = output->publish.published;
      break;
    case DRT_OUT_CLOSED:
      closed = true;
      break;
    case DRT_OUT_STATUS:
    case DRT_OUT_LEAFSET:
    case DRT_OUT_UNRESOLVABLE:
      keep_event(machine, output);
      break;
    case DRT_OUT_TRACE:
      break;
    }
  }
  if (closed) {
    test_cluster_crash(c, i);
    return;
  }
  DrtTime deadline = drt_node_deadline(machine->node);
  if (deadline == machine->wake_at)
    return;
  machine->wake_at = deadline;
  if (deadline != DRT_TIME_NEVER)
    push(c, (Event){
              .at = deadline < c->now ? c->now : deadline,
              .kind = DEADLINE,
              .to = i,
              .life = machine->life,
            });
}

void
test_cluster_open(TestCluster *c, uint32_t i)
{
  Machine *machine = &c->machines[i];
  DrtNodeConfig config = {
    .pool = &c->pool,
    .settings = &c->settings,
    .security = c->security,
    .mode = c->mode,
    .major = 6,
    .minor = 0x65,
    .addresses_max = 4,
  };
  for (int k = 0; k < DRT_RANDOM_KEY_LEN; k++)
    config.entropy[k] = (uint8_t)test_random(&c->random);
  machine->node = drt_node_new(&config);
  if (machine->node == NULL)
    return;
  machine->connected = true;
  machine->wake_at = DRT_TIME_NEVER;
  DrtEndpoint endpoint = test_cluster_endpoint(i);
  drt_node_open(machine->node, c->now, &endpoint, 1, &c->out);
  carry_out(c, i);
}

void
test_cluster_open_at(TestCluster *c, uint32_t i, const uint32_t *peers, uint32_t n)
{
  Machine *machine = &c->machines[i];
  machine->named = true;
  machine->peers_n = n;
  if (n > 0)
    memcpy(machine->peers, peers, n * sizeof *peers);
  test_cluster_open(c, i);
}

DrtLocalId
test_cluster_register(TestCluster *c, uint32_t i, const DrtKey *key)
{
  uint32_t payload[2] = { i, ++c->registrations };
  DrtLocalId id = drt_node_register(c->machines[i].node, c->now, key, (const uint8_t *)payload,
                                    sizeof payload, NULL, &c->out);
  carry_out(c, i);
  return id;
}

void
test_cluster_unregister(TestCluster *c, uint32_t i, DrtLocalId id)
{
  drt_node_unregister(c->machines[i].node, c->now, id, &c->out);
  carry_out(c, i);
}

void
test_cluster_close(TestCluster *c, uint32_t i)
{
  c->machines[i].published = false;
  drt_node_close(c->machines[i].node, c->now, &c->out);
  carry_out(c, i);
}

void
test_cluster_crash(TestCluster *c, uint32_t i)
{
  Machine *machine = &c->machines[i];
  drt_node_free(machine->node);
  machine->node = NULL;
  machine->published = false;
  machine->life++;
}

void
test_cluster_disconnect(TestCluster *c, uint32_t i)
{
  c->machines[i].connected = false;
  drt_node_readdress(c->machines[i].node, c->now, NULL, 0, &c->out);
  carry_out(c, i);
}

void
test_cluster_reconnect(TestCluster *c, uint32_t i)
{
  DrtEndpoint endpoint = test_cluster_endpoint(i);
  c->machines[i].connected = true;
  drt_node_readdress(c->machines[i].node, c->now, &endpoint, 1, &c->out);
  carry_out(c, i);
}

void
test_cluster_part(TestCluster *c, uint32_t i, uint32_t part)
{
  c->machines[i].part = part;
}

void
test_cluster_inject(TestCluster *c, uint32_t i, const DrtEndpoint *from, const uint8_t *bytes,
                    uint32_t n)
{
  drt_node_receive(c->machines[i].node, c->now, from, bytes, n, &c->out);
  carry_out(c, i);
}

uint32_t
test_cluster_search(TestCluster *c, uint32_t i, const DrtSearchSpec *spec)
{
  c->searches = grown(c->searches, c->searches_n, &c->searches_room, sizeof *c->searches);
  uint32_t ticket = c->searches_n++;
  c->searches[ticket] = (TestSearch){ 0 };
  if (!drt_node_search(c->machines[i].node, c->now, spec, ticket, &c->out)) {
    c->searches[ticket].over = true;
    c->searches[ticket].end = DRT_SEARCH_TIMEOUT;
  }
  carry_out(c, i);
  return ticket;
}

uint32_t
test_cluster_find(TestCluster *c, uint32_t i, const DrtKey *key)
{
  DrtSearchSpec spec = {
    .target = *key,
    .least = *key,
    .most = *key,
    .results_max = 1,
    .exact = true,
    .deadline = c->now + 10 * DRT_SECOND,
  };
  return test_cluster_search(c, i, &spec);
}

void
test_cluster_continue(TestCluster *c, uint32_t i, uint32_t ticket)
{
  drt_node_search_continue(c->machines[i].node, c->now, ticket, &c->out);
  carry_out(c, i);
}

const TestSearch *
test_cluster_result(const TestCluster *c, uint32_t ticket)
{
  return &c->searches[ticket];
}

static uint64_t
wall_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
receive(TestCluster *c, DrtNode *node, const Event *event)
{
  uint64_t start = c->timing ? wall_ns() : 0;
  drt_node_receive(node, c->now, &event->from, event->bytes, event->n, &c->out);
  if (!c->timing || event->n < DRT_HEADER_LEN)
    return;
  c->times[event->bytes[7]].ns += wall_ns() - start;
  c->times[event->bytes[7]].count++;
}

static void
hand_over(TestCluster *c, Event *event)
{
  Machine *machine = &c->machines[event->to];
  DrtEndpoint found_at[10];
  uint32_t peers[10], n = 0;
  switch (event->kind) {
  case DATAGRAM:
    if (!machine->connected)
      return;
    receive(c, machine->node, event);
    break;
  case DEADLINE:
    if (machine->wake_at != event->at && machine->wake_at > c->now)
      return; /* it was moved */
    machine->wake_at = DRT_TIME_NEVER;
    drt_node_wake(machine->node, c->now, &c->out);
    break;
  case BOOTSTRAP:
    if (machine->named) {
      n = machine->peers_n;
      memcpy(peers, machine->peers, n * sizeof *peers);
    } else {
      n = random_peers(c, event->to, peers, event->split ? 1 : 10);
    }
    for (uint32_t i = 0; i < n; i++)
      found_at[i] = test_cluster_endpoint(peers[i]);
    drt_node_bootstrap(machine->node, c->now, event->split, found_at, n, true, &c->out);
    break;
  }
  carry_out(c, event->to);
}

bool
test_cluster_step(TestCluster *c)
{
  if (c->heap_n == 0)
    return false;
  Event event = pop(c);
  c->now = event.at;
  Machine *machine = &c->machines[event.to];
  if (machine->node != NULL && machine->life == event.life)
    hand_over(c, &event);
  free(event.bytes);
  return true;
}

void
test_cluster_run(TestCluster *c, DrtTime duration)
{
  DrtTime until = c->now + duration;
  while (c->heap_n > 0 && c->heap[0].at <= until)
    test_cluster_step(c);
  c->now = until;
}

DrtTime
test_cluster_now(const TestCluster *c)
{
  return c->now;
}

DrtNode *
test_cluster_node(const TestCluster *c, uint32_t i)
{
  return c->machines[i].node;
}

uint64_t
test_cluster_sent(const TestCluster *c, DrtMsgType type)
{
  return c->sent[type];
}

void
test_cluster_time_steps(TestCluster *c)
{
  memset(c->times, 0, sizeof c->times);
  c->timing = true;
}

TestStepTime
test_cluster_step_time(const TestCluster *c, DrtMsgType type)
{
  return c->times[type];
}

size_t
test_cluster_bytes(const TestCluster *c)
{
  return c->memory.bytes;
}

bool
test_cluster_event(TestCluster *c, uint32_t i, DrtOutput *ret)
{
  Machine *machine = &c->machines[i];
  if (machine->events_taken == machine->events_n)
    return false;
  *ret = machine->events[machine->events_taken++];
  return true;
}

/* A key of the ideal ring and who serves it. */
typedef struct {
  const DrtLocal *local;
  const DrtNode *node;
  uint32_t component;
} Place;

static int
by_key(const void *a, const void *b)
{
  const DrtKey *x = drt_local_key(((const Place *)a)->local);
  const DrtKey *y = drt_local_key(((const Place *)b)->local);
  return drt_key_equal(x, y) ? 0 : drt_key_less(x, y) ? -1 : 1;
}

static const DrtKey *
member(const TestCluster *c, const DrtLocal *local, DrtSide side, uint32_t i)
{
  return i < local->leaves.n[side] ? drt_store_key(&c->pool.store, local->leaves.leaf[side][i])
                                   : NULL;
}

static uint32_t
root(Place *places, uint32_t i)
{
  while (places[i].component != i)
    i = places[i].component = places[places[i].component].component;
  return i;
}

static void
judge_place(const TestCluster *c, Place *places, uint32_t n, uint32_t i, TestRingReport *report)
{
  bool nearest_wrong = false;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    uint32_t at = i;
    for (uint32_t k = 0; k < DRT_LEAFSET_SIDE; k++) {
      /* Our own other keys are no members. */
      do
        at = side == DRT_ABOVE ? (at + 1) % n : (at + n - 1) % n;
      while (at != i && places[at].node == places[i].node);
      if (at == i)
        break;
      const DrtKey *ideal = drt_local_key(places[at].local);
      const DrtKey *real = member(c, places[i].local, side, k);
      bool wrong = real == NULL || !drt_key_equal(real, ideal);
      report->positions++;
      report->positions_wrong += wrong;
      nearest_wrong |= k == 0 && wrong;
    }
    const DrtKey *nearest = member(c, places[i].local, side, 0);
    for (uint32_t k = 0; nearest != NULL && k < n; k++)
      if (drt_key_equal(drt_local_key(places[k].local), nearest))
        places[root(places, k)].component = root(places, i);
  }
  report->nearest_wrong += nearest_wrong;
}

TestRingReport
test_cluster_ring(const TestCluster *c)
{
  TestRingReport report = { 0 };
  uint32_t n = 0, room = 0;
  Place *places = NULL;
  for (uint32_t i = 0; i < c->n; i++) {
    const DrtNode *node = c->machines[i].node;
    if (node == NULL || !c->machines[i].connected || node->closing)
      continue;
    for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next) {
      places = grown(places, n, &room, sizeof *places);
      places[n++] = (Place){ drt_node_local(node, id), node, 0 };
    }
  }
  if (n > 0)
    qsort(places, n, sizeof *places, by_key);
  for (uint32_t i = 0; i < n; i++)
    places[i].component = i;
  for (uint32_t i = 0; i < n; i++)
    judge_place(c, places, n, i, &report);
  for (uint32_t i = 0; i < n; i++)
    report.rings += root(places, i) == i;
  report.keys = n;
  free(places);
  return report;
}
