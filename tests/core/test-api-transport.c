/* Making and deleting transports (drt-api 1.5). */
#include "test-query.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;

static void
set_up(void)
{
  host = test_host_new(1, 2);
}

static void
tear_down(void)
{
  test_host_free(host);
}

TestSuite(api_transport, .init = set_up, .fini = tear_down);

static HRESULT
create(DRT_SCOPE scope, USHORT *port, HDRT_TRANSPORT *transport)
{
  return DrtCreateIpv6UdpTransport(scope, 0, 300, port, transport);
}

/* B180, B181, B182, B183, B184, B185b; and in this order. */
Test(api_transport, arguments_are_checked_in_order)
{
  static const struct {
    const char *name;
    int scope;
    bool has_port, has_place;
    USHORT port;
    HRESULT hr;
  } cases[] = {
    { "no port, nor anything else", 0, false, false, 0, DRT_E_INVALID_PORT },
    { "no place, nor a scope", 0, true, false, 0, DRT_E_INVALID_TRANSPORT_PROVIDER },
    { "scope 0", 0, true, true, 0, DRT_E_INVALID_SCOPE },
    { "scope 4", 4, true, true, 0, DRT_E_INVALID_SCOPE },
    { "scope -1", -1, true, true, 0, DRT_E_INVALID_SCOPE },
    { "port 1", 1, true, true, 1, DRT_E_INVALID_PORT },
    { "port 1023", 1, true, true, 1023, DRT_E_INVALID_PORT },
    { "port 1024", 1, true, true, 1024, S_OK },
    { "port 65535", 1, true, true, 65535, S_OK },
    { "any port, global", 1, true, true, 0, S_OK },
    { "any port, site", 2, true, true, 0, S_OK },
    { "any port, link", 3, true, true, 0, S_OK },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    HDRT_TRANSPORT transport = &host;
    USHORT port = cases[i].port;
    size_t pieces = test_host_memory(host)->pieces;
    HRESULT hr = create((DRT_SCOPE)cases[i].scope, cases[i].has_port ? &port : NULL,
                        cases[i].has_place ? &transport : NULL);
    cr_expect(eq(i32, hr, cases[i].hr), "%s", cases[i].name);
    if (hr == S_OK) {
      cr_expect(transport != NULL, "%s", cases[i].name);
      if (cases[i].port == 0)
        cr_expect(ge(u16, port, 1024), "%s", cases[i].name);
      else
        cr_expect(eq(u16, port, cases[i].port), "%s", cases[i].name);
      cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(transport), S_OK), "%s", cases[i].name);
    } else {
      cr_expect(eq(u16, port, cases[i].port), "%s", cases[i].name);
      if (cases[i].has_place)
        cr_expect(transport == NULL, "%s", cases[i].name);
      cr_expect(eq(sz, test_host_memory(host)->pieces, pieces), "%s", cases[i].name);
    }
  }
}

/* B185a: what the system says is passed on; the port is free again after deleting. */
Test(api_transport, a_port_is_bound_once)
{
  HDRT_TRANSPORT first, second = &host, third;
  USHORT port = 0;
  cr_assert(eq(i32, create(DRT_GLOBAL_SCOPE, &port, &first), S_OK));
  USHORT same = port, other = 0;
  size_t pieces = test_host_memory(host)->pieces;
  HRESULT hr = create(DRT_GLOBAL_SCOPE, &same, &second);

  cr_expect(eq(u32, (uint32_t)hr, 0x80072740));
  cr_expect(second == NULL);
  cr_expect(eq(sz, test_host_memory(host)->pieces, pieces));
  cr_expect(eq(i32, create(DRT_GLOBAL_SCOPE, &other, &third), S_OK));
  cr_expect(ne(u16, other, port));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(first), S_OK));
  cr_expect(eq(i32, create(DRT_GLOBAL_SCOPE, &same, &first), S_OK));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(first), S_OK));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(third), S_OK));
}

Test(api_transport, without_memory_or_library_there_is_none)
{
  TestMemory *memory = test_host_memory(host);
  DrtLibrary *library = test_host_library(host);
  HDRT_TRANSPORT transport = NULL;
  USHORT port = 0;
  HRESULT hr = E_OUTOFMEMORY;
  uint32_t failed = 0;
  for (; failed < 20; failed++) {
    size_t pieces = memory->pieces;
    memory->fail_at = memory->takes + 1 + failed;
    hr = create(DRT_GLOBAL_SCOPE, &port, &transport);
    memory->fail_at = 0;
    if (hr == S_OK)
      break;
    cr_expect(eq(i32, hr, E_OUTOFMEMORY));
    cr_expect(transport == NULL);
    cr_expect(le(sz, memory->pieces, pieces + 1), "the table of handles may have grown");
  }
  cr_assert(eq(i32, hr, S_OK));
  cr_expect(gt(u32, failed, 0));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(transport), S_OK));
  library->shutting_down = true;
  cr_expect(eq(i32, create(DRT_GLOBAL_SCOPE, &port, &transport), E_UNEXPECTED));
  library->shutting_down = false;
}

/* B186 */
Test(api_transport, what_is_deleted_must_be_a_transport)
{
  HDRT_TRANSPORT transport;
  USHORT port = 0;
  HANDLE event = DrtEventCreate(FALSE, FALSE);
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(NULL), DRT_E_INVALID_TRANSPORT_PROVIDER));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(&port), DRT_E_INVALID_TRANSPORT_PROVIDER));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(event), DRT_E_INVALID_TRANSPORT_PROVIDER));
  cr_assert(eq(i32, create(DRT_GLOBAL_SCOPE, &port, &transport), S_OK));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(transport), S_OK));
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(transport), DRT_E_INVALID_TRANSPORT_PROVIDER));
  DrtEventClose(event);
}

/* B187, B190 */
Test(api_transport, an_open_instance_keeps_its_transport)
{
  TestApp apps[2];
  test_app_cloud(apps, 2, host);
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(apps[1].transport), DRT_E_TRANSPORT_STILL_BOUND));
  cr_expect(test_app_finds(&apps[0], test_app_key(32), false, "\x01"));
  test_host_run(host, 30 * SECOND);
  cr_expect(eq(i32, test_app_status(&apps[1]), DRT_ACTIVE));
  test_app_close(&apps[1]);
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(apps[1].transport), S_OK));
  /* The last revokes are still on their way, through a socket without a handle. */
  cr_expect(
    eq(i32, DrtDeleteIpv6UdpTransport(apps[1].transport), DRT_E_INVALID_TRANSPORT_PROVIDER));
  uint64_t sent = test_host_sent(host);
  test_host_run(host, SECOND + SECOND / 2);
  cr_expect(ge(u64, test_host_sent(host), sent));
  apps[1].transport = NULL;
  test_host_run(host, 5 * SECOND);
  cr_expect(test_host_library(host)->transports != NULL);
  cr_expect(test_host_library(host)->transports->next == NULL, "the socket is gone as well");
  test_app_cloud_clear(apps, 2);
}

static void
delete_inside(TestSecurity *security, TestSecurityCall call, void *data)
{
  TestApp *app = data;
  (void)security;
  if (call == TEST_SECURITY_VALIDATE)
    app->settings.cbKey = (ULONG)DrtDeleteIpv6UdpTransport(app->transport);
}

/* B188: a security provider is asked while a datagram is taken in. */
Test(api_transport, none_is_deleted_from_inside_itself)
{
  TestApp apps[2];
  TestSecurity security;
  test_app_init(&apps[0], host, 0);
  test_app_init(&apps[1], host, 1);
  test_security_init(&security);
  test_app_use_security(&apps[1], &security);
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  test_app_register(&apps[0], test_app_key(16), "a");
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  security.hook = delete_inside;
  security.hook_data = &apps[1];
  cr_assert(test_app_until(&apps[1], DRT_ACTIVE, 60));
  cr_expect(eq(i32, (HRESULT)apps[1].settings.cbKey, DRT_E_TRANSPORT_EXECUTING_CALLBACK));
  security.hook = NULL;
  test_app_cloud_clear(apps, 2);
  test_security_clear(&security);
}

/* B189, B188: the order of the codes is DEC-52. No function of ours leaves a reference. */
Test(api_transport, who_holds_a_transport_keeps_it)
{
  HDRT_TRANSPORT handle;
  USHORT port = 0;
  cr_assert(eq(i32, create(DRT_GLOBAL_SCOPE, &port, &handle), S_OK));
  DrtTransport *transport = drt_handle_get(test_host_library(host), DRT_TYPE_TRANSPORT, handle);
  transport->references = 1;
  transport->bound = transport->in_callback = true;
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(handle), DRT_E_TRANSPORT_EXECUTING_CALLBACK));
  transport->in_callback = false;
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(handle), DRT_E_TRANSPORT_STILL_BOUND));
  transport->bound = false;
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(handle), DRT_E_TRANSPORTPROVIDER_IN_USE));
  transport->references = 0;
  cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(handle), S_OK));
}
