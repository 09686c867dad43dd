/* FLOOD: a route entry to validate, or a key withdrawn (4.4). */
#include "drt-node-private.h"

void
drt_recv_flood(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  const DrtFlood *flood = &msg->flood;
  if ((flood->flags & DRT_FLOOD_NO_ACK) == 0) {
    bool unknown = !drt_key_is_zero(&flood->validate) &&
                   drt_node_find_local(node, &flood->validate) == NULL; /* H9: without keys too */
    drt_node_send_ack(node, from, msg->id, unknown);
  }
  if (flood->route.present)
    drt_node_intake(node, &flood->route.plain, from, &flood->flooded.plain);
  if (flood->revoke.at != NULL)
    drt_node_receive_revoke(node, flood);
}
