/* Messages to bytes, exactly as PROTOCOL.md 2 to 4 lays them out.
 *
 * The size is known beforehand, so a message is encoded once, where it will travel. Encoding what
 * the protocol does not allow (a path of 23, a fragment of 1189 bytes) is a mistake of ours and
 * ends in an assertion. */
#pragma once
#include "drt-message.h"

/* The length of the datagram. */
uint32_t drt_encoded_size(const DrtMsg *msg, DrtMode mode);
/* Writes the datagram; returns its length, or 0 with nothing written if @room is too small. */
uint32_t drt_encode(const DrtMsg *msg, DrtMode mode, uint8_t *to, uint32_t room);
/* The same for who knows its length already. */
void drt_encode_sized(const DrtMsg *msg, DrtMode mode, uint8_t *to, uint32_t size);

/* The AUTHORITY_BUFFER alone, when it has to be split. The same promises. */
uint32_t drt_encoded_authority_body_size(const DrtAuthorityBody *body, DrtMode mode);
uint32_t drt_encode_authority_body(const DrtAuthorityBody *body, DrtMode mode, uint8_t *to,
                                   uint32_t room);

/* What may be split of a secured REQUEST, when it has to be. */
uint32_t drt_encoded_request_body_size(const DrtRequestBody *body, DrtMode mode);
uint32_t drt_encode_request_body(const DrtRequestBody *body, DrtMode mode, uint8_t *to,
                                 uint32_t room);

/* A ROUTE_ENTRY alone, and the plain text of a list of endpoints (3.17): what gets sealed. */
uint32_t drt_encoded_route_size(const DrtRoute *route);
uint32_t drt_encode_route(const DrtRoute *route, uint8_t *to, uint32_t room);
uint32_t drt_encoded_path_size(const DrtEndpointList *list);
uint32_t drt_encode_path(const DrtEndpointList *list, uint8_t *to, uint32_t room);
