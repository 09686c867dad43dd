/* A host for the whole API in virtual time: machines, a network, names, and nothing else.
 *
 * Defines the port functions of drt-port.h. Tests call the functions of drt.h in the name of one
 * machine at a time. One host at a time. */
#pragma once
#include "drt-port.h"
#include "drt.h"

#include "test-memory.h"

typedef struct TestHost TestHost;

/* What may happen to a datagram on its way: return false to lose it. */
typedef bool (*TestHostFilter)(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n,
                               void *data);

TestHost *test_host_new(uint64_t seed, uint32_t machines);
/* Frees the library; ends the test if a piece of memory was not given back. */
void test_host_free(TestHost *host);
DrtLibrary *test_host_library(TestHost *host);
TestMemory *test_host_memory(TestHost *host);
/* The calls that follow are made by an application on this machine. */
void test_host_enter(TestHost *host, uint32_t machine);
uint32_t test_host_machine(const TestHost *host);
void test_host_filter(TestHost *host, TestHostFilter filter, void *data);
/* The machine's network cable, and whether its addresses are in the wanted scope. */
void test_host_connect(TestHost *host, uint32_t machine, bool connected);
void test_host_scope(TestHost *host, uint32_t machine, bool in_scope);
/* The address of a machine; a socket address with this port (for bootstrap lists). */
SOCKADDR_STORAGE test_host_address(uint32_t machine, USHORT port);
/* The name "machineN" is found; any other is not. */
/* Runs until this much time has passed, or handles the next event. */
void test_host_run(TestHost *host, int64_t nanoseconds);
bool test_host_step(TestHost *host);
int64_t test_host_now(const TestHost *host);
/* Lets time pass until the event is set or so many milliseconds are over. True: it was set. */
bool test_host_wait(TestHost *host, HANDLE event, ULONG milliseconds);
/* How often an event object was set so far. */
uint32_t test_host_signals(const TestHost *host);
/* Hands a datagram to the transport bound to this port of the machine. */
void test_host_inject(TestHost *host, uint32_t machine, USHORT port, const uint8_t from[18],
                      const uint8_t *bytes, uint32_t n);
/* The calendar is this many seconds ahead of where it began, TEST_HOST_EPOCH, and time that passed. */
#define TEST_HOST_EPOCH INT64_C(1767225600) /* 2026-01-01 */
void test_host_set_calendar(TestHost *host, int64_t ahead);
/* How often keys were used so far. */
uint64_t test_host_crypto(const TestHost *host, DrtCryptoWork work);
/* Datagrams sent so far, and a copy of the last one. */
uint64_t test_host_sent(const TestHost *host);
