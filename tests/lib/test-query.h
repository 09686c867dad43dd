/* What searches are asked: the ranges of DRT_SEARCH_INFO by name, clouds with chosen keys, and a
 * search under way, hop by hop and result by result. */
#pragma once
#include "test-app.h"

/* A search info with what it points to. */
typedef struct {
  DRT_SEARCH_INFO info;
  TestAppKey least, most;
  DRT_DATA minimum, maximum;
} TestQuery;

/* Fills and returns q->info: @results of the keys from @least to @most, both included. */
DRT_SEARCH_INFO *test_query(TestQuery *q, TestAppKey least, TestAppKey most, ULONG results);
/* The whole ring; exactly one key. */
DRT_SEARCH_INFO *test_query_all(TestQuery *q, ULONG results);
DRT_SEARCH_INFO *test_query_exactly(TestQuery *q, TestAppKey key);

/* A key of this value: small numbers from below, or from the top of the ring, -1 being 2^256 - 1. */
TestAppKey test_query_number(int64_t value);
/* @key on the ring, @add further up. */
TestAppKey test_query_beside(TestAppKey key, int64_t add);

bool test_query_is(const BYTE bytes[32], TestAppKey key);

/* Machines 0 to n - 1, opened one after another, and run until all are ACTIVE. The keys of machine i
 * are tops[i], put through test_app_key; its data is the letter 'a' + i. Cleared by
 * test_app_cloud_clear. */
void test_query_cloud(TestApp *apps, uint32_t n, TestHost *host, const uint64_t *tops);
/* The machines alone: no keys, nobody waited for. */
void test_query_open(TestApp *apps, uint32_t n, TestHost *host);
/* Lets time pass until each of them is ACTIVE; ends the test if that takes a minute. */
void test_query_settle(TestApp *apps, uint32_t n);

/* A search under way, with a manual-reset event of its own. */
typedef struct {
  TestApp *app;
  HANDLE event;
  HDRT_SEARCH_CONTEXT handle;
} TestSearch;

/* Starts it with @app as its context; the result of DrtStartSearch. */
HRESULT test_search_start(TestSearch *search, TestApp *app, TestAppKey target,
                          const DRT_SEARCH_INFO *info, ULONG timeout);
/* The next result without waiting; or why there is none. */
HRESULT test_search_take(TestSearch *search, TestAppResult *ret_result);
/* The same, once the event is set, which may take so many milliseconds. */
HRESULT test_search_next(TestSearch *search, TestAppResult *ret_result, ULONG milliseconds);
/* Takes everything until its end; the number of results that are not hops, their last in
 * @ret_result. Hops are continued and counted. The end code goes to @ret_end. */
uint32_t test_search_walk(TestSearch *search, TestAppResult *ret_result, uint32_t *ret_hops,
                          HRESULT *ret_end);
/* The path of the result taken last, in a piece of memory for free(). */
DRT_ADDRESS_LIST *test_search_path(TestSearch *search);
/* Ends it and closes its event. */
void test_search_end(TestSearch *search);
