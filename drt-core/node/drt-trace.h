/* What a node tells an onlooker beside its effects (DRT_OUT_TRACE), in the order of the effects. */
#pragma once

/* Each with two numbers, a and b. Only ids whose bit is in the outbox's mask are put out. */
typedef enum {
  DRT_TRACE_REJECT,     /* a datagram was dropped: DrtReject, message type or 0 */
  DRT_TRACE_IGNORE,     /* a message was well-formed but had no use: DrtIgnore, message type */
  DRT_TRACE_CACHE_IN,   /* handle of the entry, its age in the cache's eyes */
  DRT_TRACE_CACHE_OUT,  /* handle of the entry, DrtGone */
  DRT_TRACE_FRAGMENT,   /* DrtFragmentVerdict, MessageID */
  DRT_TRACE_RETRANSMIT, /* before a repetition: MessageID, transmissions left */
  DRT_TRACE_UNANSWERED, /* before what follows from it: MessageID, message type */
  DRT_TRACE_ASK,        /* before a question: MessageID; DrtPurpose, and above its 8 bits the ticket
                           of the application's search that asks, or 0 */
  DRT_TRACE_TURN,       /* before what is done because its time has come: DrtTurn, 0 */
} DrtTraceId;

/* What a node asks another one for: what a request in the Pending List is for (2.9). */
typedef enum {
  DRT_FOR_CONVERSATION, /* SOLICIT, REQUEST; subject: the conversation */
  DRT_FOR_FLOOD,        /* peer: whose key was the Validate Key, or none */
  DRT_FOR_INTAKE,       /* INQUIRE; subject: the intake */
  DRT_FOR_PROBE,        /* INQUIRE; peer: the entry probed */
  DRT_FOR_REVOKE,       /* INQUIRE; peer: the entry said to be revoked */
  DRT_FOR_RESOLVE,      /* LOOKUP or INQUIRE; subject: the resolve */
  DRT_FOR_AUDIT,        /* LOOKUP; subject: the audit */
} DrtPurpose;

typedef enum { DRT_TURN_TIMERS, DRT_TURN_MAINTENANCE } DrtTurn;

/* What an ignored message was. */
typedef enum {
  DRT_IGNORE_UNASKED,       /* an answer that matches no request, or from a stranger (H23) */
  DRT_IGNORE_NOT_PUBLISHER, /* REQUEST or LOOKUP to a node without keys (H10) */
  DRT_IGNORE_CONVERSATION,  /* no conversation, or the wrong nonce */
  DRT_IGNORE_CLOSED,        /* no open cloud */
  DRT_IGNORE_REVOKE,        /* an invalid revoke CPA */
  DRT_IGNORE_PROOF,         /* secured modes: a credential or signature that is not good */
  DRT_IGNORE_SEALED,        /* confidential mode: it could not be opened */
} DrtIgnore;

/* Why an entry left the cache. */
typedef enum {
  DRT_GONE_EVICTED,
  DRT_GONE_SILENT,
  DRT_GONE_DENIED,
  DRT_GONE_REVOKED,
  DRT_GONE_MOVED,
} DrtGone;
