/* The seam between the core and its host: what the world must give, and how the world calls in.
 *
 * The core is compiled against these declarations and never defines the port functions; whoever
 * links the core does (sim/world with virtual time and a virtual network). A port function never
 * calls back into the core, and the core never blocks in one. See drt-core/README.md, "The seam". */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A broken promise inside our own code: say where, and end the process. Bad input never leads here.
 * @what is the condition that did not hold. */
_Noreturn void drt_port_panic(const char *what, const char *file, int line);

/* Memory comes from the host in pieces that live long: chunks of slabs, tables that double. It is
 * handed down as a value, so that a test can let the n-th piece fail and a host of a million nodes
 * can use large pages. Sizes and alignments are given back at release. */
typedef struct {
  void *host; /* (transfer none) first argument of both functions */
  /* (transfer full) @bytes at a multiple of @align (a power of two), or NULL: the caller must cope. */
  void *(*take)(void *host, size_t align, size_t bytes);
  /* Takes back a piece of take(), with the sizes it was asked for. NULL is ignored. */
  void (*give)(void *host, void *piece, size_t align, size_t bytes);
} DrtMemory;

/* All that the instances of one thread share: handles, slabs, the entry store. */
typedef struct DrtLibrary DrtLibrary;
/* A UDP port of one machine, and the instance on it. */
typedef struct DrtTransport DrtTransport;

/* ---- What the world gives. ---- */

/* The library that the calls of the running application mean; NULL before it is there. */
DrtLibrary *drt_port_library(void);
/* The machine in whose name the running application creates transports and events. */
void *drt_port_machine(void);
/* Nanoseconds of the machine's clock; never runs backwards. */
int64_t drt_port_now(void *machine);
/* Unguessable bytes. */
void drt_port_entropy(void *machine, uint8_t *to, size_t n);
/* The machine's calendar, in seconds since 1970: what certificates are compared with. */
int64_t drt_port_calendar(void *machine);
/* A public-key operation was done in the name of the machine, or is known so well from before that it
 * need not be done again: the host may let it take time. Wrapping a content key counts as verifying,
 * unwrapping one as signing. */
typedef enum { DRT_CRYPTO_SIGN, DRT_CRYPTO_VERIFY } DrtCryptoWork;
void drt_port_crypto(void *machine, DrtCryptoWork work);

/* Binds a UDP port for @transport: *port as wanted, or 0 for a free one of 1024 or more, set on
 * success. 0 or a failing HRESULT. *ret_socket (transfer full) goes back to drt_port_unbind. */
int32_t drt_port_bind(void *machine, DrtTransport *transport, unsigned scope, uint32_t scope_id,
                      uint16_t *port, void **ret_socket);
void drt_port_unbind(void *socket);
/* The usable addresses of the socket, 16 bytes each, at most @max. The number; 0 without network;
 * -1 if there is a network, but no address in the scope that the socket was bound for. */
int drt_port_addresses(void *socket, uint8_t (*to)[16], unsigned max);
/* A datagram of @n bytes is to be sent: where to write it. NULL if the host cannot take it now; it
 * counts as lost. Then the same @n bytes are sent to port and address (18 bytes, as on the wire). */
uint8_t *drt_port_send_begin(void *socket, uint32_t n);
void drt_port_send_commit(void *socket, const uint8_t to[18], uint32_t n);
/* The one wake-up of the instance on the transport: at this time, or, if INT64_MAX, none. */
void drt_port_wake_at(void *socket, int64_t at);

/* The event object was set or reset. @waiter is what its machine was at creation. */
void drt_port_signal(void *machine, void *event, bool set);

/* The IPv6 addresses of a host name are wanted; drt_library_names answers, now or never again
 * after drt_port_lookup_cancel. False if the host has no names to look up. */
bool drt_port_lookup(void *machine, void *request, const wchar_t *name);
void drt_port_lookup_cancel(void *machine, void *request);

/* One row of the trace: an id of node/drt-outbox.h (DrtTraceId) and two integers. Called only for
 * classes in the mask given to the library, and not once the instance is being closed. */
void drt_port_observe(void *machine, uint32_t id, uint64_t a, uint64_t b);

/* ---- How the world calls in. ---- */

/* @settings (transfer none, may be NULL for the defaults) is a DrtSettings. NULL without memory. */
DrtLibrary *drt_library_new(DrtMemory memory, const void *settings);
/* Closes whatever is open, without a word to anybody. NULL is ignored. */
void drt_library_free(DrtLibrary *library);
/* Which ids drt_port_observe is called for: bit i for id i. */
void drt_library_observe(DrtLibrary *library, uint32_t mask);

/* A datagram has come from port and address (18 bytes, as on the wire). */
void drt_transport_receive(DrtTransport *transport, const uint8_t from[18], const uint8_t *bytes,
                           uint32_t n);
/* The time of drt_port_wake_at has come. */
void drt_transport_wake(DrtTransport *transport);
/* The answer of drt_port_addresses has changed. */
void drt_transport_readdress(DrtTransport *transport);
/* The socket is broken for good: the instance on it is FAULTED, with this HRESULT. */
void drt_transport_fail(DrtTransport *transport, int32_t hr);
/* The process that the transport belongs to is gone, as by a crash: the instance on it ends without
 * a word to anybody, and the transport with it. Handles of both are dead. */
void drt_transport_vanish(DrtTransport *transport);
/* The next call for this transport comes soon: fetches memory that it will touch. A hint, in three
 * steps, 0 to 2, since what each fetches is found through the one before; the last one is for details,
 * which are worth it only where memory is far. Changes nothing. */
void drt_transport_prefetch(const DrtTransport *transport, unsigned step);
/* For those who look on and change nothing: the DrtNode on the transport, or NULL. */
const void *drt_transport_node(const DrtTransport *transport);
/* What traces call the search of this handle (DRT_TRACE_ASK); 0 if there is none. */
uint64_t drt_search_ticket(const void *search);
/* The answer to drt_port_lookup: @n addresses of 16 bytes. */
void drt_library_names(void *request, const uint8_t (*addresses)[16], unsigned n);
