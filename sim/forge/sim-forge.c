#include "sim-forge.h"

#include "drt-encode.h"

static DrtMsg
make_flood(const SimForgeHead *head)
{
  return (DrtMsg){
    .type = DRT_FLOOD,
    .major = head->major,
    .minor = head->minor,
    .id = head->id,
    .flood = {
      .flags = DRT_FLOOD_NO_ACK,
      .flooded.plain = { (const DrtEndpoint *)(const void *)head->sender, 1 },
    },
  };
}

uint32_t
sim_forge_entry(const SimForgeHead *head, const uint8_t key[32], const uint8_t endpoint[18],
                uint8_t to[SIM_FORGE_MAX])
{
  DrtMsg msg = make_flood(head);
  msg.flood.route.present = true;
  msg.flood.route.plain = (DrtRoute){
    .key = drt_key_from_wire(key),
    .major = head->major,
    .minor = head->minor,
    .port = (uint16_t)(endpoint[0] << 8 | endpoint[1]),
    .address_count = 1,
    .addresses = endpoint + 2,
  };
  return drt_encode(&msg, DRT_MODE_RESOLVE, to, SIM_FORGE_MAX);
}

uint32_t
sim_forge_revoke(const SimForgeHead *head, DRT_DATA revoke, uint8_t to[SIM_FORGE_MAX])
{
  DrtMsg msg = make_flood(head);
  msg.flood.revoke = (DrtBytes){ revoke.pb, revoke.cb };
  return drt_encode(&msg, DRT_MODE_RESOLVE, to, SIM_FORGE_MAX);
}
