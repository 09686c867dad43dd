/* The secured modes inside a node: who is let in, what travels sealed, messages in fragments and the
 * loss of each of them, and messages that wait for the credential of their recipient (PROTOCOL.md
 * 2.8, 4.3, 8.1, 8.6, 8.7). */
#include "test-node.h"

#include "drt-encode.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "test-bulky.h"
#include "test-keys.h"

enum { NODES = 4, MAJOR = 6, LARGE = 3000 };

static TestCluster *c;
static TestBulky bulky;

/* A datagram that was sent. */
typedef struct {
  uint32_t from, to, n;
  DrtMsgType type;
  uint32_t id;
  uint8_t bytes[4096];
} Sent;

typedef struct {
  Sent *at;
  uint32_t n, room;
  uint32_t count[256];  /* by type */
  DrtMsgType lose_type; /* 0: none */
  uint32_t lose_from,
    lose_to;        /* of that type, these are lost: from the i-th until before the j-th */
  bool deaf[NODES]; /* nothing arrives there */
} Tap;

static Tap tap;

static bool
watch(TestCluster *cluster, uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n,
      void *data)
{
  (void)cluster;
  (void)data;
  if (tap.n == tap.room) {
    tap.room = 2 * tap.room + 64;
    tap.at = realloc(tap.at, tap.room * sizeof *tap.at);
    cr_assert(tap.at != NULL);
  }
  Sent *sent = &tap.at[tap.n++];
  cr_assert(n <= sizeof sent->bytes);
  *sent = (Sent){ .from = from, .to = to, .n = n, .type = bytes[7] };
  memcpy(sent->bytes, bytes, n);
  sent->id =
    (uint32_t)bytes[8] << 24 | (uint32_t)bytes[9] << 16 | (uint32_t)bytes[10] << 8 | bytes[11];
  uint32_t number = tap.count[sent->type]++;
  bool lost = sent->type == tap.lose_type && number >= tap.lose_from && number < tap.lose_to;
  return !lost && !(to < NODES && tap.deaf[to]);
}

static void
begin(DrtMode mode, uint32_t bytes)
{
  c = test_cluster_new(7, NODES + 2);
  test_bulky_init(&bulky, bytes);
  test_cluster_secure(c, mode, &bulky.security);
  free(tap.at);
  tap = (Tap){ 0 };
  test_cluster_filter(c, watch, NULL);
}

static void
end(void)
{
  test_cluster_free(c);
  free(tap.at);
  tap = (Tap){ 0 };
}

static DrtKey
key_of(uint32_t i)
{
  return test_key_byte((uint8_t)(0x40 * i + 0x10));
}

static void
join_from(uint32_t first, uint32_t n)
{
  uint32_t peers[NODES] = { 0, 1, 2, 3 };
  for (uint32_t i = first; i < n; i++) {
    DrtKey key = key_of(i);
    test_cluster_open_at(c, i, peers, i);
    test_cluster_register(c, i, &key);
    test_cluster_run(c, 2 * DRT_SECOND);
  }
}

static void
join(uint32_t n)
{
  join_from(0, n);
}

static bool
finds(uint32_t i, uint32_t k)
{
  DrtKey key = key_of(k);
  uint32_t ticket = test_cluster_find(c, i, &key);
  test_cluster_run(c, 11 * DRT_SECOND);
  return test_cluster_result(c, ticket)->results == 1;
}

static void
expect_whole(const char *what, uint32_t number)
{
  TestRingReport ring = test_cluster_ring(c);
  cr_expect(ring.positions_wrong == 0 && ring.rings == 1, "%s %u: %u positions wrong, %u rings",
            what, number, ring.positions_wrong, ring.rings);
}

/* Joins, repairs, searches and leaves as in resolve mode, whatever the credentials are long. */
Test(node_secure, a_cloud_works_in_each_mode)
{
  static const uint32_t bytes[] = { 0, 100, 1150, 1188, 3000, 16000 };
  for (DrtMode mode = DRT_MODE_MEMBERSHIP; mode <= DRT_MODE_CONFIDENTIAL; mode++) {
    for (size_t b = 0; b < sizeof bytes / sizeof *bytes; b++) {
      c = test_cluster_new(7, NODES);
      test_bulky_init(&bulky, bytes[b]);
      test_cluster_secure(c, mode, &bulky.security);
      join(NODES);
      test_cluster_run(c, 60 * DRT_SECOND);
      expect_whole("bytes", bytes[b]);
      for (uint32_t i = 0; i < NODES; i++)
        cr_expect(finds(i, (i + 1) % NODES), "mode %d, %u bytes, node %u", (int)mode, bytes[b], i);
      test_cluster_close(c, 3);
      test_cluster_run(c, 10 * DRT_SECOND);
      cr_expect(not(finds(0, 3)));
      test_cluster_free(c);
    }
  }
}

/* Hands node 0 a message from where nobody listens. True if it said anything within two seconds. */
static bool
answers(const DrtMsg *msg, DrtMode mode)
{
  uint32_t n = drt_encoded_size(msg, mode), before = tap.n;
  uint8_t *bytes = malloc(n);
  DrtEndpoint from = test_cluster_endpoint(NODES + 1);
  cr_assert(eq(u32, drt_encode(msg, mode, bytes, n), n));
  test_cluster_inject(c, 0, &from, bytes, n);
  free(bytes);
  test_cluster_run(c, 100 * DRT_MILLISECOND);
  bool answered = false;
  for (uint32_t i = before; i < tap.n; i++)
    answered |= tap.at[i].from == 0 && tap.at[i].to == NODES + 1;
  return answered;
}

/* An INQUIRE, a LOOKUP and a REQUEST with this proof, each for node 0. */
static uint32_t
count_answers(DrtMode mode, const DrtProof *proof, bool sealed)
{
  static uint32_t id = 100;
  static const uint8_t nonce[DRT_NONCE_LEN];
  uint8_t path[64], token[128];
  uint32_t answered = 0;
  DrtKey key = key_of(0), target = key_of(1);
  DrtMsg inquire = test_node_message(DRT_INQUIRE, ++id);
  inquire.inquire.validate = key;
  inquire.inquire.proof = *proof;
  answered += answers(&inquire, mode);
  DrtMsg lookup = test_node_message(DRT_LOOKUP, ++id);
  DrtEndpoint from = test_cluster_endpoint(NODES + 1);
  lookup.lookup.validate = key;
  lookup.lookup.target = target;
  lookup.lookup.path.plain = (DrtEndpointList){ &from, 1 };
  lookup.lookup.proof = *proof;
  if (mode == DRT_MODE_CONFIDENTIAL) {
    uint32_t n = drt_encode_path(&lookup.lookup.path.plain, path, sizeof path);
    for (uint32_t i = 0; i < n; i++)
      path[i] = (uint8_t)(sealed ? ~path[i] : path[i]);
    memset(token, 0xc5, sizeof token);
    lookup.lookup.path.sealed = (DrtBytes){ path, n };
    lookup.lookup.keytoken = (DrtBytes){ token, sizeof token };
  }
  answered += answers(&lookup, mode);
  DrtMsg solicit = test_node_message(DRT_SOLICIT, ++id);
  drt_security_hash_nonce(nonce, solicit.solicit.hashed_nonce);
  answers(&solicit, mode);
  uint8_t keys[DRT_KEY_LEN];
  drt_key_to_wire(&key, keys);
  DrtMsg request = test_node_message(DRT_REQUEST, ++id);
  memcpy(request.request.body.nonce, nonce, DRT_NONCE_LEN);
  request.request.body.keys = (DrtKeyList){ keys, 1 };
  request.request.body.proof = *proof;
  answered += answers(&request, mode);
  return answered;
}

/* 8.7: who has no credential, another one, or a wrong signature, is not even told no. */
Test(node_secure, strangers_are_not_heard)
{
  uint8_t ours[LARGE], theirs[LARGE], nothing[1];
  memset(ours, 0xc5, sizeof ours);
  memset(theirs, 0xc5, sizeof theirs);
  theirs[77] ^= 1;
  for (DrtMode mode = DRT_MODE_MEMBERSHIP; mode <= DRT_MODE_CONFIDENTIAL; mode++) {
    begin(mode, 500);
    join(2);
    test_cluster_run(c, 60 * DRT_SECOND);
    DrtBytes none = { nothing, 0 };
    DrtProof good = { { ours, 500 }, none, none }, shorter = { { ours, 499 }, none, none },
             stranger = { { theirs, 500 }, none, none }, nobody = { none, none, none },
             forged = { { ours, 500 }, { theirs, 20 }, none };
    cr_expect(eq(u32, count_answers(mode, &good, true), 3), "mode %d", (int)mode);
    cr_expect(eq(u32, count_answers(mode, &shorter, true), 0), "mode %d", (int)mode);
    cr_expect(eq(u32, count_answers(mode, &stranger, true), 0), "mode %d", (int)mode);
    cr_expect(eq(u32, count_answers(mode, &nobody, true), 0), "mode %d", (int)mode);
    cr_expect(eq(u32, count_answers(mode, &forged, true), 0), "mode %d", (int)mode);
    if (mode == DRT_MODE_CONFIDENTIAL)
      cr_expect(eq(u32, count_answers(mode, &good, false), 2), "a list that was not sealed");
    end();
  }
}

static uint32_t
count(DrtMsgType type)
{
  return tap.count[type];
}

/* A piece has at most this many bytes. */
static bool
is_split(const Sent *sent)
{
  return sent->n == DRT_SPLIT_BODY + DRT_FRAGMENT_LEN;
}

/* Each REQUEST and AUTHORITY comes in three pieces; each of them is lost once, one run for each. */
static void
lose_each(DrtMode mode, DrtMsgType type, uint32_t at_most)
{
  begin(mode, LARGE);
  join(NODES);
  test_cluster_run(c, 20 * DRT_SECOND);
  uint32_t pieces = count(type), whole = 0;
  for (uint32_t i = 0; i < tap.n; i++)
    whole += tap.at[i].type == type && is_split(&tap.at[i]);
  cr_assert(gt(u32, whole, 4), "they are split");
  end();
  uint32_t step = pieces / at_most + 1;
  for (uint32_t k = 0; k < pieces; k += step) {
    begin(mode, LARGE);
    tap.lose_type = type;
    tap.lose_from = k;
    tap.lose_to = k + 1;
    join(NODES);
    test_cluster_run(c, 90 * DRT_SECOND);
    expect_whole("without piece", k);
    cr_expect(finds(0, 2), "without piece %u", k);
    end();
  }
}

Test(node_secure, each_piece_of_a_request_may_be_lost)
{
  lose_each(DRT_MODE_MEMBERSHIP, DRT_REQUEST, 30);
  lose_each(DRT_MODE_CONFIDENTIAL, DRT_REQUEST, 30);
}

Test(node_secure, each_piece_of_an_authority_may_be_lost)
{
  lose_each(DRT_MODE_RESOLVE, DRT_AUTHORITY, 40);
  lose_each(DRT_MODE_MEMBERSHIP, DRT_AUTHORITY, 40);
  lose_each(DRT_MODE_CONFIDENTIAL, DRT_AUTHORITY, 40);
}

/* 4.3: pieces are kept for whoever has solicited us, and take no room otherwise. */
Test(node_secure, pieces_of_a_request_from_nobody_are_not_kept)
{
  begin(DRT_MODE_MEMBERSHIP, LARGE);
  tap.lose_type = DRT_REQUEST;
  tap.lose_from = 1;
  tap.lose_to = UINT32_MAX; /* the first piece alone arrives */
  join(2);
  const DrtNode *node = test_cluster_node(c, 0);
  Sent piece = { 0 };
  for (uint32_t i = 0; i < tap.n && piece.n == 0; i++)
    if (tap.at[i].type == DRT_REQUEST)
      piece = tap.at[i];
  cr_assert(is_split(&piece) && piece.to == 0);
  cr_assert(node->reassembly != NULL, "of whoever has solicited it is kept");
  test_cluster_run(c, 120 * DRT_SECOND);
  cr_assert(eq(u32, drt_reassembly_count(node->reassembly), 0));
  DrtEndpoint stranger = test_cluster_endpoint(NODES + 1);
  test_cluster_inject(c, 0, &stranger, piece.bytes, piece.n);
  cr_expect(eq(u32, drt_reassembly_count(node->reassembly), 0));
  end();
}

/* 2.9, 4.3: all pieces again, byte for byte, under the same MessageID. */
Test(node_secure, a_request_in_pieces_is_repeated_as_it_was)
{
  begin(DRT_MODE_MEMBERSHIP, LARGE);
  tap.lose_type = DRT_REQUEST;
  tap.lose_to = 3;
  join(2);
  test_cluster_run(c, 10 * DRT_SECOND);
  const Sent *pieces[6];
  uint32_t n = 0;
  for (uint32_t i = 0; i < tap.n && n < 6; i++)
    if (tap.at[i].type == DRT_REQUEST)
      pieces[n++] = &tap.at[i];
  cr_assert(eq(u32, n, 6));
  for (int i = 0; i < 3; i++) {
    cr_expect(eq(u32, pieces[i]->id, pieces[0]->id));
    cr_expect(pieces[i]->n == pieces[i + 3]->n &&
                memcmp(pieces[i]->bytes, pieces[i + 3]->bytes, pieces[i]->n) == 0,
              "piece %d", i);
  }
  cr_expect(is_split(pieces[0]) && is_split(pieces[1]) && !is_split(pieces[2]));
  expect_whole("after", 1);
  end();
}

/* H6: node 0 forgets the credentials of all others; what it has to say to them waits for an INQUIRE,
 * and is said as soon as that is answered. */
static void
forget_credentials(void)
{
  begin(DRT_MODE_CONFIDENTIAL, 200);
  join(NODES);
  test_cluster_run(c, 60 * DRT_SECOND);
  drt_node_peers_clear(test_cluster_node(c, 0));
  tap.n = 0;
}

/* The types of what node 0 sent. */
static const char *
said(uint32_t to)
{
  static const char letters[256] = {
    [DRT_SOLICIT] = 'S', [DRT_ADVERTISE] = 'V', [DRT_REQUEST] = 'R', [DRT_FLOOD] = 'F',
    [DRT_INQUIRE] = 'I', [DRT_AUTHORITY] = 'A', [DRT_ACK] = 'K',     [DRT_LOOKUP] = 'L',
  };
  static char text[256];
  uint32_t n = 0;
  for (uint32_t i = 0; i < tap.n && n < 250; i++)
    if (tap.at[i].from == 0 && (to == UINT32_MAX || tap.at[i].to == to))
      text[n++] = letters[tap.at[i].type];
  text[n] = '\0';
  return text;
}

Test(node_secure, what_cannot_be_sealed_yet_waits)
{
  forget_credentials();
  DrtKey target = test_key_byte(0x95); /* between 2 and 3 */
  uint32_t ticket = test_cluster_find(c, 0, &target);
  test_cluster_run(c, 60 * DRT_MILLISECOND);
  cr_expect(not(test_cluster_result(c, ticket)->over));
  test_cluster_run(c, 11 * DRT_SECOND);
  cr_expect(test_cluster_result(c, ticket)->over);
  const char *order = said(UINT32_MAX);
  const char *lookup = strchr(order, 'L');
  cr_expect(order[0] == 'I', "%s", order);
  cr_expect(lookup != NULL && lookup > order, "%s", order);
  end();
}

/* The others are silent: the search comes to an end, nothing is left waiting. */
Test(node_secure, what_waits_for_silence_comes_to_an_end)
{
  forget_credentials();
  for (int i = 1; i < NODES; i++)
    tap.deaf[i] = true;
  DrtKey target = test_key_byte(0x95);
  uint32_t ticket = test_cluster_find(c, 0, &target);
  test_cluster_run(c, 30 * DRT_SECOND);
  cr_expect(test_cluster_result(c, ticket)->over);
  cr_expect(eq(u32, test_cluster_result(c, ticket)->results, 0));
  cr_expect(strchr(said(UINT32_MAX), 'L') == NULL, "%s", said(UINT32_MAX));
  const DrtNode *node = test_cluster_node(c, 0);
  for (uint32_t i = 0; i < node->asked_n; i++)
    cr_expect(drt_node_pending_at(node, i)->deferred == DRT_BLOB_NONE);
  end();
}

/* They say that they do not serve that key any more, or prove another: the search goes on elsewhere. */
Test(node_secure, what_waits_for_a_no_comes_to_an_end)
{
  for (int how = 0; how < 2; how++) {
    forget_credentials();
    bulky.refuses[how == 0 ? TEST_BULKY_PACK : TEST_BULKY_UNPACK] = true;
    DrtKey target = test_key_byte(0x95);
    uint32_t ticket = test_cluster_find(c, 0, &target);
    test_cluster_run(c, 30 * DRT_SECOND);
    cr_expect(test_cluster_result(c, ticket)->over, "%d", how);
    cr_expect(eq(u32, test_cluster_result(c, ticket)->results, 0));
    cr_expect(strchr(said(UINT32_MAX), 'L') == NULL, "%d: %s", how, said(UINT32_MAX));
    bulky.refuses[TEST_BULKY_PACK] = bulky.refuses[TEST_BULKY_UNPACK] = false;
    test_cluster_run(c, 600 * DRT_SECOND);
    expect_whole("how", (uint32_t)how);
    end();
  }
}

/* A FLOOD waits in the same way: the key that node 0 registers then is known to all in the end. */
Test(node_secure, a_flood_waits_too)
{
  forget_credentials();
  DrtKey key = test_key_byte(0x55);
  test_cluster_register(c, 0, &key);
  test_cluster_run(c, 60 * DRT_SECOND);
  expect_whole("keys", 5);
  end();
}

/* A search that is over or an instance that is closed while something waits leaves nothing behind:
 * test_cluster_free looks. */
Test(node_secure, whoever_waits_may_be_gone)
{
  for (int how = 0; how < 4; how++) {
    forget_credentials();
    DrtKey target = test_key_byte(0x95), key = test_key_byte(0x55);
    for (int i = 1; i < NODES && how != 0; i++)
      tap.deaf[i] = true;
    test_cluster_register(c, 0, &key);
    test_cluster_find(c, 0, &target);
    test_cluster_run(c, 60 * DRT_MILLISECOND);
    if (how == 0)
      test_cluster_close(c, 0);
    else if (how == 1)
      test_cluster_crash(c, 0);
    else if (how == 2)
      test_cluster_disconnect(c, 0);
    test_cluster_run(c, 20 * DRT_SECOND);
    end();
  }
}

/* Each function of the profile refuses for a while, everywhere: nothing breaks, and all is well
 * again some time after. */
Test(node_secure, a_profile_may_refuse_anything)
{
  for (DrtMode mode = DRT_MODE_MEMBERSHIP; mode <= DRT_MODE_CONFIDENTIAL; mode++) {
    for (int call = 0; call < 7; call++) {
      begin(mode, LARGE);
      join(2);
      bulky.refuses[call] = true;
      join_from(2, NODES);
      finds(0, 1);
      test_cluster_run(c, 30 * DRT_SECOND);
      bulky.refuses[call] = false;
      end();
    }
  }
}
