/* The inside of the API, shared by the files of this room.
 *
 * An instance is a node, its providers, and queues for what the application has not read yet. All
 * objects that the application names by a handle are found through the one table of the library. */
#pragma once
#include "drt-node-private.h"
#include "drt-trust.h"
#include "drt.h"

/* What a handle can name. */
typedef enum {
  DRT_TYPE_NONE,
  DRT_TYPE_INSTANCE,
  DRT_TYPE_REGISTRATION,
  DRT_TYPE_SEARCH,
  DRT_TYPE_TRANSPORT,
  DRT_TYPE_EVENT,
  DRT_TYPE_RESOLVING,
} DrtHandleType;

typedef struct {
  void *object;
  uint32_t generation; /* of the handles given out for this place */
  DrtHandleType type;  /* NONE: free */
} DrtHandleSlot;

typedef struct DrtInstance DrtInstance;
typedef struct DrtSearch DrtSearch;
typedef struct DrtRegistration DrtRegistration;

struct DrtLibrary {
  DrtPool pool;
  DrtSettings settings;
  DrtOutbox out;
  DrtTrust trust; /* of all derived-key providers */
  DrtSlab handles;
  DrtInstance *instances;   /* all that are open, or closing */
  DrtTransport *transports; /* all that exist */
  bool has_handles;         /* the table can be used (DEC-72) */
  bool shutting_down;
  bool busy;      /* inside a step, a security provider was called: no other step may begin */
  uint32_t names; /* instances opened so far: the end of their names */
};

/* An event object (7.5). */
typedef struct {
  DrtLibrary *library;
  void *machine;
  bool manual, set;
} DrtEventObject;

struct DrtTransport {
  DrtInstance *instance; /* whose node sends and receives here, or NULL */
  const DrtNode *node;   /* and that node: where it lies is known without a look at the instance */
  DrtLibrary *library;
  void *machine, *socket;
  DrtTransport *next, **link; /* in the library's list; and what points here */
  HANDLE handle;
  USHORT port;
  bool attached, bound; /* to an open instance (DEC-52) */
  bool deleted;         /* by the application; the socket lives until the last revoke is out */
  bool shutting_down;
  bool in_callback;
  ULONG locality_threshold;
  uint32_t references; /* of clients that did not let go */
};

/* One queued event: the head of what DrtGetEventData gives. */
typedef struct DrtQueuedEvent {
  struct DrtQueuedEvent *next;
  DRT_EVENT_TYPE type;
  HRESULT hr;
  uint32_t change; /* of the leaf set; or the state, or the status */
  DrtKey local, remote;
  uint32_t address_count;
  DrtEndpoint addresses[20];
} DrtQueuedEvent;

/* One queued result of a search. The payload and the path are behind it. */
typedef struct DrtQueuedResult {
  struct DrtQueuedResult *next;
  size_t size; /* of this piece of memory */
  DRT_MATCH_TYPE type;
  DrtKey key;
  uint32_t payload_n, hops;
} DrtQueuedResult;

struct DrtSearch {
  DrtInstance *instance;
  DrtSearch *next;
  HANDLE handle, event;
  PVOID context;
  uint64_t ticket;
  DrtSearchSpec spec;
  DrtQueuedResult *first, *last;
  DrtQueuedResult *taken; /* the last one taken, for its path */
  bool over;
  HRESULT end; /* once over */
};

struct DrtRegistration {
  DrtInstance *instance;
  DrtRegistration *next;
  HANDLE handle;
  PVOID context;
  DrtLocalId local;
  DrtKey key;
};

/* What every step needs comes first: a cache line. */
struct DrtInstance {
  DrtLibrary *library;
  DrtNode *node;
  DrtTransport *transport;
  void *machine;
  struct DrtResolving *resolving; /* bootstraps under way */
  DrtTime wake_at;
  int64_t last_now;
  bool closing;  /* DrtClose is at work, or has returned while the last revokes are on their way */
  bool carrying; /* effects are being carried out: answers from providers have to wait */
  bool unpublished;   /* the bootstrap provider may have to hear of a change */
  bool out_of_memory; /* an event could not be queued */

  bool delivering;   /* inside a call to the bootstrap provider */
  bool publishing;   /* keys are registered: others may bootstrap from here */
  bool announced;    /* Register of the bootstrap provider was called (DEC-73) */
  bool fault_untold; /* the event of the fault could not be queued: it is the last of the queue */
  DrtInstance *next, **link; /* in the library's list; and what points here */
  HANDLE handle, event;
  PVOID context;
  DRT_SECURITY_PROVIDER *security;
  DRT_BOOTSTRAP_PROVIDER *bootstrap;
  DrtSecurity adapter; /* what the node sees of @security */
  DrtQueuedEvent *first_event, *last_event;
  DrtRegistration *registrations;
  DrtSearch *searches;
  uint64_t tickets;
  wchar_t *prefix; /* prefix_n characters, or NULL */
  uint32_t prefix_n, number;
  HRESULT fault; /* if untold: what it says */
  DRT_SECURITY_MODE mode;
  bool security_attached, bootstrap_attached;
  BYTE major, minor;
  uint32_t published_n;
  DrtEndpoint published[DRT_LOCAL_ADDRESSES_MAX];
};

/* drt-api-handle.c */
/* NULL without memory. */
HANDLE drt_handle_new(DrtLibrary *library, DrtHandleType type, void *object);
/* The object, or NULL if the handle is none of ours, of another type, or dead. */
void *drt_handle_get(const DrtLibrary *library, DrtHandleType type, HANDLE handle);
void drt_handle_free(DrtLibrary *library, HANDLE handle);

/* drt-api-library.c. Zeroed; NULL without memory. */
void *drt_library_take(DrtLibrary *library, size_t bytes);
void drt_library_give(DrtLibrary *library, void *piece, size_t bytes);
/* Frees a transport that its application has deleted and no instance uses any more. */
void drt_transport_release(DrtTransport *transport);

/* drt-api-event.c */
void drt_event_signal(DrtLibrary *library, HANDLE event, bool set);

/* drt-api-instance.c */
/* The instance, with *ret_hr set if it is of no use to the call (steps 2 to 4 of DEC-70). */
DrtInstance *drt_instance_get(HDRT handle, bool may_be_faulted, HRESULT *ret_hr);
DrtTime drt_instance_now(DrtInstance *instance);
void drt_instance_free(DrtInstance *instance);
/* Tells the bootstrap provider what changed: keys or none, addresses or none. */
void drt_instance_republish(DrtInstance *instance);
/* The endpoints of its transport; their number, or -1: none in scope. */
int drt_instance_endpoints(const DrtInstance *instance, DrtEndpoint *to);

/* drt-api-carry.c */
/* Carries out the effects of the step that filled the outbox, and whatever follows from them. False
 * if that was the end of the instance. Until then no provider may be called: it could make a step of
 * another instance, and all share the outbox. */
bool drt_instance_carry(DrtInstance *instance);
void drt_instance_queue_event(DrtInstance *instance, const DrtQueuedEvent *event);

/* drt-api-queue.c */
bool drt_instance_has_event(const DrtInstance *instance);

/* drt-api-resolving.c */
void drt_resolving_start(DrtInstance *instance, bool split, uint32_t max);
void drt_resolving_stop(DrtInstance *instance);
/* Hands over what came while effects were carried out. True if there was something. */
bool drt_resolving_deliver(DrtInstance *instance);

/* drt-api-search.c */
void drt_search_deliver(DrtInstance *instance, const DrtOutput *output);
/* The node has forgotten its searches: whoever waits for one is woken. */
void drt_search_fault(DrtInstance *instance);
void drt_search_free(DrtSearch *search);
void drt_search_drop_all(DrtInstance *instance);

/* drt-api-adapter.c */
void drt_adapter_init(DrtInstance *instance);
/* 0, or why the provider has no credential for the secured modes (DEC-27). */
int32_t drt_adapter_check_credential(DrtInstance *instance);

/* drt-api-convert.c */
void drt_to_sockaddr(const DrtEndpoint *endpoint, SOCKADDR_STORAGE *to);
/* False if it is no IPv6 (or mapped IPv4) address with a port. */
bool drt_from_sockaddr(const SOCKET_ADDRESS *from, DrtEndpoint *to);
size_t drt_address_list_size(uint32_t n);
/* A list and its addresses in one piece of drt_address_list_size(n) bytes. */
void drt_address_list_fill(SOCKET_ADDRESS_LIST *list, const DrtEndpoint *endpoints, uint32_t n);
