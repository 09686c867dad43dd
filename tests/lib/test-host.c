/* Events in one binary heap by (time, number): datagrams, wake-ups, answers to name look-ups. */
#include "test-host.h"

#include "test-random.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DELAY INT64_C(20000000)
#define SOCKETS_MAX 16
#define E_IN_USE ((HRESULT)0x80072740) /* what Windows makes of WSAEADDRINUSE */

typedef enum { DATAGRAM, WAKE, NAMES } EventKind;

typedef struct {
  int64_t at;
  uint64_t number;
  EventKind kind;
  uint32_t machine;
  USHORT port;
  uint64_t life; /* of the socket */
  uint8_t from[18];
  uint8_t *bytes;
  uint32_t n;
  void *request;
} Event;

typedef struct {
  bool used;
  uint32_t machine;
  USHORT port;
  uint64_t life;
  DrtTransport *transport;
  int64_t wake_at;
  uint8_t *sending; /* between begin and commit */
} Socket;

typedef struct {
  bool connected, in_scope;
  Socket sockets[SOCKETS_MAX];
} Machine;

struct TestHost {
  TestMemory memory;
  TestRandom random;
  DrtLibrary *library;
  Machine *machines;
  uint32_t n, current, signals;
  int64_t now;
  int64_t calendar_ahead;
  uint64_t numbers, lives, sent, crypto[2];
  Event *heap;
  uint32_t heap_n, heap_room;
  TestHostFilter filter;
  void *filter_data;
};

static TestHost *current;

static bool
before(const Event *a, const Event *b)
{
  return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void
push(Event event)
{
  TestHost *h = current;
  if (h->heap_n == h->heap_room) {
    h->heap_room = 2 * h->heap_room + 64;
    h->heap = realloc(h->heap, h->heap_room * sizeof *h->heap);
    if (h->heap == NULL)
      abort();
  }
  event.number = h->numbers++;
  uint32_t i = h->heap_n++;
  for (; i > 0 && before(&event, &h->heap[(i - 1) / 2]); i = (i - 1) / 2)
    h->heap[i] = h->heap[(i - 1) / 2];
  h->heap[i] = event;
}

static Event
pop(TestHost *h)
{
  Event top = h->heap[0], last = h->heap[--h->heap_n];
  uint32_t i = 0;
  for (uint32_t child; (child = 2 * i + 1) < h->heap_n; i = child) {
    if (child + 1 < h->heap_n && before(&h->heap[child + 1], &h->heap[child]))
      child++;
    if (!before(&h->heap[child], &last))
      break;
    h->heap[i] = h->heap[child];
  }
  if (h->heap_n > 0)
    h->heap[i] = last;
  return top;
}

static void
address_of(uint32_t machine, uint8_t to[16])
{
  static const uint8_t prefix[4] = { 0x20, 0x01, 0x0d, 0xb8 };
  memset(to, 0, 16);
  memcpy(to, prefix, sizeof prefix);
  to[14] = (uint8_t)((machine + 1) >> 8);
  to[15] = (uint8_t)(machine + 1);
}

TestHost *
test_host_new(uint64_t seed, uint32_t machines)
{
  TestHost *h = calloc(1, sizeof *h);
  h->machines = calloc(machines, sizeof *h->machines);
  h->n = machines;
  h->random.state = seed;
  for (uint32_t i = 0; i < machines; i++)
    h->machines[i].connected = h->machines[i].in_scope = true;
  current = h;
  h->library = drt_library_new(test_memory(&h->memory), NULL);
  return h;
}

void
test_host_free(TestHost *h)
{
  drt_library_free(h->library);
  if (h->memory.pieces != 0) {
    fprintf(stderr, "%zu pieces of memory were not given back\n", h->memory.pieces);
    abort();
  }
  while (h->heap_n > 0)
    free(pop(h).bytes);
  free(h->heap);
  free(h->machines);
  free(h);
  current = NULL;
}

DrtLibrary *
test_host_library(TestHost *h)
{
  return h->library;
}

TestMemory *
test_host_memory(TestHost *h)
{
  return &h->memory;
}

void
test_host_enter(TestHost *h, uint32_t machine)
{
  h->current = machine;
}

uint32_t
test_host_machine(const TestHost *h)
{
  return h->current;
}

void
test_host_filter(TestHost *h, TestHostFilter filter, void *data)
{
  h->filter = filter;
  h->filter_data = data;
}

static void
tell_addresses(TestHost *h, uint32_t machine)
{
  for (uint32_t i = 0; i < SOCKETS_MAX; i++)
    if (h->machines[machine].sockets[i].used)
      drt_transport_readdress(h->machines[machine].sockets[i].transport);
}

void
test_host_connect(TestHost *h, uint32_t machine, bool connected)
{
  h->machines[machine].connected = connected;
  tell_addresses(h, machine);
}

void
test_host_scope(TestHost *h, uint32_t machine, bool in_scope)
{
  h->machines[machine].in_scope = in_scope;
}

SOCKADDR_STORAGE
test_host_address(uint32_t machine, USHORT port)
{
  SOCKADDR_STORAGE storage;
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
  memset(&storage, 0, sizeof storage);
  address_of(machine, address.sin6_addr.s6_addr);
  memcpy(&storage, &address, sizeof address);
  return storage;
}

static Socket *
socket_at(TestHost *h, uint32_t machine, USHORT port)
{
  for (uint32_t i = 0; machine < h->n && i < SOCKETS_MAX; i++) {
    Socket *socket = &h->machines[machine].sockets[i];
    if (socket->used && socket->port == port)
      return socket;
  }
  return NULL;
}

static void
answer_names(const Event *event)
{
  uint8_t address[1][16];
  address_of(event->machine, address[0]);
  drt_library_names(event->request, (const uint8_t(*)[16])address, event->n);
}

bool
test_host_step(TestHost *h)
{
  if (h->heap_n == 0)
    return false;
  Event event = pop(h);
  h->now = event.at;
  if (event.kind == NAMES && event.request != NULL) {
    answer_names(&event);
  } else if (event.kind != NAMES) {
    Socket *socket = socket_at(h, event.machine, event.port);
    if (event.kind == DATAGRAM && socket != NULL && h->machines[event.machine].connected) {
      drt_transport_receive(socket->transport, event.from, event.bytes, event.n);
    } else if (event.kind == WAKE && socket != NULL && socket->life == event.life &&
               socket->wake_at == event.at) {
      socket->wake_at = INT64_MAX;
      drt_transport_wake(socket->transport);
    }
  }
  free(event.bytes);
  return true;
}

void
test_host_run(TestHost *h, int64_t nanoseconds)
{
  int64_t until = h->now + nanoseconds;
  while (h->heap_n > 0 && h->heap[0].at <= until)
    test_host_step(h);
  h->now = until;
}

int64_t
test_host_now(const TestHost *h)
{
  return h->now;
}

bool
test_host_wait(TestHost *h, HANDLE event, ULONG milliseconds)
{
  int64_t until = h->now + (int64_t)milliseconds * 1000000;
  while (!DrtEventWait(event)) {
    if (h->heap_n == 0 || h->heap[0].at > until) {
      h->now = until;
      return false;
    }
    test_host_step(h);
  }
  return true;
}

uint32_t
test_host_signals(const TestHost *h)
{
  return h->signals;
}

void
test_host_inject(TestHost *h, uint32_t machine, USHORT port, const uint8_t from[18],
                 const uint8_t *bytes, uint32_t n)
{
  Socket *socket = socket_at(h, machine, port);
  if (socket != NULL)
    drt_transport_receive(socket->transport, from, bytes, n);
}

uint64_t
test_host_sent(const TestHost *h)
{
  return h->sent;
}

/* The port. */

DrtLibrary *
drt_port_library(void)
{
  return current == NULL ? NULL : current->library;
}

void *
drt_port_machine(void)
{
  return &current->machines[current->current];
}

int64_t
drt_port_now(void *machine)
{
  (void)machine;
  return current->now;
}

int64_t
drt_port_calendar(void *machine)
{
  (void)machine;
  return TEST_HOST_EPOCH + current->calendar_ahead + current->now / 1000000000;
}

void
drt_port_crypto(void *machine, DrtCryptoWork work)
{
  (void)machine;
  current->crypto[work]++;
}

void
test_host_set_calendar(TestHost *h, int64_t ahead)
{
  h->calendar_ahead = ahead;
}

uint64_t
test_host_crypto(const TestHost *h, DrtCryptoWork work)
{
  return h->crypto[work];
}

void
drt_port_entropy(void *machine, uint8_t *to, size_t n)
{
  (void)machine;
  for (size_t i = 0; i < n; i++)
    to[i] = (uint8_t)test_random(&current->random);
}

static USHORT
free_port(Machine *machine)
{
  uint32_t number = (uint32_t)(machine - current->machines);
  for (USHORT port = 50000;; port++)
    if (socket_at(current, number, port) == NULL)
      return port;
}

int32_t
drt_port_bind(void *machine_pointer, DrtTransport *transport, unsigned scope, uint32_t scope_id,
              uint16_t *port, void **ret_socket)
{
  Machine *machine = machine_pointer;
  uint32_t number = (uint32_t)(machine - current->machines);
  (void)scope;
  (void)scope_id;
  if (*port != 0 && socket_at(current, number, *port) != NULL)
    return E_IN_USE;
  if (*port == 0)
    *port = free_port(machine);
  for (uint32_t i = 0; i < SOCKETS_MAX; i++) {
    Socket *socket = &machine->sockets[i];
    if (socket->used)
      continue;
    *socket = (Socket){
      .used = true,
      .machine = number,
      .port = *port,
      .life = ++current->lives,
      .transport = transport,
      .wake_at = INT64_MAX,
    };
    *ret_socket = socket;
    return S_OK;
  }
  return DRT_E_TRANSPORT_UNEXPECTED;
}

void
drt_port_unbind(void *socket_pointer)
{
  Socket *socket = socket_pointer;
  socket->used = false;
}

int
drt_port_addresses(void *socket_pointer, uint8_t (*to)[16], unsigned max)
{
  const Socket *socket = socket_pointer;
  const Machine *machine = &current->machines[socket->machine];
  if (!machine->connected)
    return 0;
  if (!machine->in_scope || max == 0)
    return -1;
  address_of(socket->machine, to[0]);
  return 1;
}

uint8_t *
drt_port_send_begin(void *socket_pointer, uint32_t n)
{
  Socket *socket = socket_pointer;
  socket->sending = malloc(n);
  return socket->sending;
}

void
drt_port_send_commit(void *socket_pointer, const uint8_t to[18], uint32_t n)
{
  Socket *socket = socket_pointer;
  TestHost *h = current;
  uint8_t address[16];
  uint32_t machine = (uint32_t)(to[16] << 8 | to[17]) - 1;
  h->sent++;
  address_of(machine, address);
  bool reachable =
    machine < h->n && memcmp(address, to + 2, 16) == 0 && h->machines[socket->machine].connected &&
    (h->filter == NULL || h->filter(socket->machine, machine, socket->sending, n, h->filter_data));
  if (!reachable) {
    free(socket->sending);
    return;
  }
  Event event = {
    .at = h->now + DELAY,
    .kind = DATAGRAM,
    .machine = machine,
    .port = (USHORT)(to[0] << 8 | to[1]),
    .bytes = socket->sending,
    .n = n,
  };
  event.from[0] = (uint8_t)(socket->port >> 8);
  event.from[1] = (uint8_t)socket->port;
  address_of(socket->machine, event.from + 2);
  push(event);
}

void
drt_port_wake_at(void *socket_pointer, int64_t at)
{
  Socket *socket = socket_pointer;
  socket->wake_at = at < current->now ? current->now : at;
  if (at != INT64_MAX)
    push((Event){
      .at = socket->wake_at,
      .kind = WAKE,
      .machine = socket->machine,
      .port = socket->port,
      .life = socket->life,
    });
}

void
drt_port_signal(void *machine, void *event, bool set)
{
  (void)machine;
  (void)event;
  current->signals += set;
}

/* "machine7" is machine 7. */
bool
drt_port_lookup(void *machine, void *request, const wchar_t *name)
{
  static const wchar_t prefix[] = L"machine";
  uint32_t number = 0, i = 0;
  (void)machine;
  while (prefix[i] != L'\0' && name[i] == prefix[i])
    i++;
  bool known = prefix[i] == L'\0' && name[i] != L'\0';
  for (; known && name[i] != L'\0'; i++)
    number = 10 * number + (uint32_t)(name[i] - L'0');
  push((Event){
    .at = current->now + DELAY,
    .kind = NAMES,
    .machine = number,
    .request = request,
    .n = known && number < current->n,
  });
  return true;
}

void
drt_port_lookup_cancel(void *machine, void *request)
{
  (void)machine;
  for (uint32_t i = 0; i < current->heap_n; i++)
    if (current->heap[i].kind == NAMES && current->heap[i].request == request)
      current->heap[i].request = NULL;
}

void
drt_port_observe(void *machine, uint32_t id, uint64_t a, uint64_t b)
{
  (void)machine;
  (void)id;
  (void)a;
  (void)b;
}
