/* Datagrams: sent, arrived or lost, and why they were sent.
 *
 * A row is written once its fate is known, and rows are written in the order of their ids, which is
 * what makes a large table cheap to fill. So messages wait in a ring. One that is held up for long is
 * written without its fate, which follows. */
#include "sim-record-private.h"
#include "sim-seen.h"

#define FLIGHTS_FIRST (1u << 12)  /* places; it grows: most of the time few are needed, */
#define FLIGHTS_MAX (1u << 18)    /* and what is in use should stay in the cache */
#define WAIT_MAX (5 * SIM_SECOND) /* for a fate */
#define PLACE_BITS 24             /* of a packet's name: its place, and above that its id */
#define SETS_PER_NODE 4
#define SETS_MIN (1u << 12)

typedef struct SimRecordFlight {
  SimTraceMessage row;
  GBytes *bytes; /* or NULL; written behind the row that they belong to */
  bool known;    /* its fate */
} Flight;

void
sim_record_begin_messages(SimRecord *record)
{
  uint32_t sets = SETS_MIN;
  while (sets < SETS_PER_NODE * sim_world_nodes(record->world))
    sets *= 2;
  record->flights = g_new(Flight, FLIGHTS_FIRST);
  record->flights_size = FLIGHTS_FIRST;
  record->questions = g_new0(SimRecordQuestion, SIM_RECORD_WAYS * sets);
  record->questions_mask = sets - 1;
}

static Flight *
flight_at(const SimRecord *record, uint64_t place)
{
  return &record->flights[place & (record->flights_size - 1)];
}

static void
write_first(SimRecord *record)
{
  Flight *flight = flight_at(record, record->flights_first++);
  *(SimTraceMessage *)sim_trace_add(record->trace, SIM_TRACE_MESSAGE) = flight->row;
  if (flight->bytes == NULL)
    return;
  SimTraceDatagram *row = sim_trace_add(record->trace, SIM_TRACE_DATAGRAM);
  *row = (SimTraceDatagram){ .message = flight->row.id, .bytes = flight->bytes };
}

static void
write_known(SimRecord *record)
{
  while (record->flights_first < record->flights_next &&
         flight_at(record, record->flights_first)->known)
    write_first(record);
}

/* More places, or else the oldest goes without its fate. */
static void
make_room(SimRecord *record)
{
  uint32_t size = record->flights_size;
  if (size == FLIGHTS_MAX) {
    write_first(record);
    return;
  }
  Flight *more = g_new(Flight, 2 * (gsize)size);
  for (uint64_t place = record->flights_first; place < record->flights_next; place++)
    more[place & (2 * size - 1)] = *flight_at(record, place);
  g_free(record->flights);
  record->flights = more;
  record->flights_size = 2 * size;
}

static uint64_t
add_flight(SimRecord *record, const SimTraceMessage *row, const SimPacket *packet, bool known)
{
  if (record->flights_next - record->flights_first == record->flights_size)
    make_room(record);
  uint64_t place = record->flights_next++;
  bool keeps = (record->classes & SIM_RECORD_DATAGRAMS) != 0;
  GBytes *bytes = keeps ? g_bytes_new(packet->bytes, packet->n) : NULL;
  *flight_at(record, place) = (Flight){ .row = *row, .bytes = bytes, .known = known };
  return (uint64_t)row->id << PLACE_BITS | (place & ((1u << PLACE_BITS) - 1));
}

/* NULL if it was written already. */
static Flight *
flight_of(const SimRecord *record, const SimPacket *packet)
{
  uint64_t low = packet->trace & ((1u << PLACE_BITS) - 1);
  uint64_t first = record->flights_first, mask = (1u << PLACE_BITS) - 1;
  uint64_t place = first + ((low - first) & mask);
  Flight *flight = flight_at(record, place);
  bool waits =
    place < record->flights_next && flight->row.id == (int64_t)(packet->trace >> PLACE_BITS);
  return waits ? flight : NULL;
}

/* What its bytes say. */
static void
describe(SimRecord *record, const SimPacket *packet, SimTraceMessage *row)
{
  SimSeen seen;
  SimSeenAbout about;
  sim_seen_read(&seen, sim_world_mode_of(record->world, packet->from), packet->bytes, packet->n);
  sim_seen_about(&seen, &about);
  row->at = packet->sent;
  row->src = sim_record_node(record, packet->from);
  row->dst = sim_record_node(record, packet->to);
  row->type = sim_record_message_kind(seen.type);
  row->bytes = packet->n;
  row->flags = about.flags;
  row->revoke = about.revoke;
  row->key = about.has_key ? sim_record_key(record, &about.key) : SIM_TRACE_NULL;
}

/* An answer belongs to the search whose question it answers. */
static int64_t
answered_search(const SimRecord *record, const SimTraceMessage *row, const SimPacket *packet)
{
  bool answers = row->type == sim_record_message_kind(SIM_MESSAGE_AUTHORITY) ||
                 row->type == sim_record_message_kind(SIM_MESSAGE_ACK);
  return answers && packet->to == record->arrived_from ? record->arrived_search : SIM_TRACE_NULL;
}

static void
note_question(SimRecord *record, const SimPacket *packet, const SimTraceMessage *row)
{
  const SimRecordNext *next = &record->next;
  bool repeats = next->repeats != SIM_TRACE_NULL; /* what came first is what was asked */
  sim_record_keep_question(record, &(SimRecordQuestion){
                                     .node = packet->from,
                                     .number = next->number,
                                     .message = repeats ? next->repeats : row->id,
                                     .search = row->search,
                                     .purpose = row->purpose,
                                   });
  if (next->asks != NULL) {
    SimRecordAsked asked = { packet->to, row->id };
    g_array_append_val(next->asks->asked, asked);
  }
}

void
sim_record_sent(void *data, SimPacket *packet)
{
  SimRecord *record = data;
  const SimRecordNext *next = &record->next;
  bool asks = next->any && next->node == packet->from;
  SimTraceMessage row = {
    .took = SIM_TRACE_NULL,
    .lost = SIM_TRACE_NULL,
    .purpose = asks ? next->purpose : SIM_TRACE_NULL,
    .search = asks ? next->search : SIM_TRACE_NULL,
  };
  describe(record, packet, &row);
  if (!asks)
    row.search = answered_search(record, &row, packet);
  row.cause = asks && next->repeats != SIM_TRACE_NULL ? next->repeats : sim_record_cause(record);
  row.id = sim_record_id(record);
  if (asks)
    note_question(record, packet, &row);
  record->next.any = false;
  packet->trace = add_flight(record, &row, packet, false);
}

/* A duplicate that the network made, seen for the first time. */
static int64_t
add_copy(SimRecord *record, const SimPacket *packet, int64_t took, int64_t lost)
{
  SimTraceMessage row = {
    .took = took,
    .lost = lost,
    .purpose = SIM_TRACE_NULL,
    .search = SIM_TRACE_NULL,
    .copy = 1,
    .cause = (int64_t)(packet->trace >> PLACE_BITS),
  };
  describe(record, packet, &row);
  row.id = sim_record_id(record);
  add_flight(record, &row, packet, true);
  write_known(record);
  return row.id;
}

/* The id of the message; *ret_search: whose question it is. */
static int64_t
set_fate(SimRecord *record, const SimPacket *packet, int64_t took, int64_t lost,
         int64_t *ret_search)
{
  *ret_search = SIM_TRACE_NULL;
  if (packet->copy)
    return add_copy(record, packet, took, lost);
  int64_t id = (int64_t)(packet->trace >> PLACE_BITS);
  Flight *flight = flight_of(record, packet);
  if (flight == NULL) {
    SimTraceMessageFate *row = sim_trace_add(record->trace, SIM_TRACE_MESSAGE_FATE);
    *row = (SimTraceMessageFate){ .id = id, .took = took, .lost = lost };
    return id;
  }
  flight->row.took = took;
  flight->row.lost = lost;
  flight->known = true;
  *ret_search = flight->row.search;
  write_known(record);
  return id;
}

void
sim_record_lost(void *data, const SimPacket *packet, SimLoss why)
{
  int64_t search;
  set_fate(data, packet, SIM_TRACE_NULL, SIM_KIND_LOSS + (int64_t)why, &search);
}

void
sim_record_arrived(void *data, const SimPacket *packet)
{
  SimRecord *record = data;
  SimTime took = sim_world_now(record->world) - packet->sent;
  int64_t id = set_fate(record, packet, took, SIM_TRACE_NULL, &record->arrived_search);
  record->arrived_from = packet->from;
  sim_record_set_cause(record, id);
}

void
sim_record_messages_sampled(SimRecord *record)
{
  SimTime now = sim_world_now(record->world);
  while (record->flights_first < record->flights_next &&
         flight_at(record, record->flights_first)->row.at < now - WAIT_MAX)
    write_first(record);
  write_known(record);
}

void
sim_record_end_messages(SimRecord *record)
{
  while (record->flights_first < record->flights_next)
    write_first(record);
}
