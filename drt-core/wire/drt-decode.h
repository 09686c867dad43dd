/* Bytes to messages. Nothing is trusted, nothing is allocated, nothing is read past the end.
 *
 * Each function returns DRT_REJECT_NONE and fills *ret, or returns why not and leaves *ret alone.
 * What is filled in points into the bytes given. */
#pragma once
#include "drt-message.h"
#include "drt-reject.h"

/* A datagram. @major is our protocol major version, @mode that of the cloud. In AUTHORITY, and in
 * REQUEST of the secured modes, the split part is left to the two functions below, to be called
 * with the whole of it. */
DrtReject drt_decode(const uint8_t *bytes, size_t n, uint8_t major, DrtMode mode, DrtMsg *ret);

/* The whole AUTHORITY_BUFFER. */
DrtReject drt_decode_authority_body(DrtBytes whole, DrtMode mode, DrtAuthorityBody *ret);

/* The same two without a copy, for who has a struct to spare: it is worth nothing if it is refused. */
DrtReject drt_decode_scratch(const uint8_t *bytes, size_t n, uint8_t major, DrtMode mode,
                             DrtMsg *scratch);
DrtReject drt_decode_authority_body_scratch(DrtBytes whole, DrtMode mode,
                                            DrtAuthorityBody *scratch);

/* The whole of a secured REQUEST, from its nonce on. */
DrtReject drt_decode_request_body(DrtBytes whole, DrtMode mode, DrtRequestBody *ret);

/* A ROUTE_ENTRY alone: the plain text of a sealed one. */
DrtReject drt_decode_route(DrtBytes bytes, DrtRoute *ret);

/* The array preamble and endpoints alone: the plain text of a sealed list (3.17), 1 to 22. */
DrtReject drt_decode_path(DrtBytes bytes, DrtEndpointList *ret);

/* Whether a well-formed entry is of use to a node of protocol version @major: if not, the entry is
 * to be ignored, not the message it came in (3.2). */
DrtReject drt_route_refusal(const DrtRoute *route, uint8_t major);
