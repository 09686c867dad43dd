/* What the secured modes add to messages and take from them (8.1): private to this room.
 *
 * All other files make and see messages as in resolve mode. On the way out a message is dressed, on
 * the way in undressed: its content is then in the buffers here, on the stack of whoever sends or
 * handles it. */
#pragma once
#include "drt-node-private.h"

#define DRT_CHAIN_MAX 24576 /* a chain of 25 certificates */

/* What is made for one message. */
typedef struct {
  uint8_t credential[DRT_CHAIN_MAX], identifier[1024], signature[1024], token[1024];
  uint8_t plain[1024];   /* entries and lists before they are sealed */
  uint8_t sealed[49152]; /* whatever is */
} DrtDress;

/* What was unsealed of one message. */
typedef struct {
  uint8_t bytes[40960];
} DrtUndressed;

/* Adds the proof and seals for @to (absent if nothing is to be sealed). False: the profile refused. */
bool drt_node_dress(DrtNode *node, DrtMsg *msg, DrtBytes to, DrtDress *dress);
bool drt_node_dress_authority(DrtNode *node, DrtAuthorityBody *body, DrtDress *dress);
/* Who sent it belongs here, and what was sealed is plain now. False: it is to be dropped. */
bool drt_node_undress(DrtNode *node, DrtMsg *msg, DrtUndressed *undressed);
bool drt_node_undress_request(DrtNode *node, const DrtRequestBody *body);
bool drt_node_undress_authority(DrtNode *node, DrtAuthorityBody *body, DrtUndressed *undressed);
