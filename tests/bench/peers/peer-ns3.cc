// The same work as peer-drtsim, on ns-3:
//
//   peer-ns3 stack N SECONDS   UDP sockets and the IPv4 stack, on a channel that hands a packet to the
//                              one device that it is for
//   peer-ns3 bytes N SECONDS   the scheduler alone, each event with a copy of 96 bytes
//   peer-ns3 bare N SECONDS    the scheduler alone
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace ns3;

static const uint32_t bytes = 96, port = 50000;
static uint32_t count;
static uint64_t arrived, checked;
static Ptr<UniformRandomVariable> chance;

static Time
delay()
{
  return NanoSeconds(chance->GetInteger(20000000, 60000000));
}

// ---- The stack. ----

static const uint32_t first_address = 0x0a000001;

class DirectChannel : public SimpleChannel
{
public:
  void Send(Ptr<Packet> packet, uint16_t protocol, Mac48Address to, Mac48Address from,
            Ptr<SimpleNetDevice>) override
  {
    Ipv4Header header;
    packet->PeekHeader(header);
    Ptr<SimpleNetDevice> device = devices[header.GetDestination().Get() - first_address];
    Simulator::ScheduleWithContext(device->GetNode()->GetId(), delay(), &SimpleNetDevice::Receive, device,
                                   packet->Copy(), protocol, to, from);
  }
  std::vector<Ptr<SimpleNetDevice>> devices;
};

static std::vector<Ptr<Socket>> sockets;

static void
receive(Ptr<Socket> socket)
{
  while (Ptr<Packet> packet = socket->Recv()) {
    uint8_t copy[bytes];
    packet->CopyData(copy, bytes);
    arrived++;
    checked += copy[bytes - 1];
  }
}

static void
tick(uint32_t node)
{
  uint8_t payload[bytes];
  memset(payload, 1, bytes);
  InetSocketAddress to(Ipv4Address(first_address + chance->GetInteger(0, count - 1)), port);
  sockets[node]->SendTo(Create<Packet>(payload, bytes), 0, to);
  Simulator::Schedule(Seconds(1), &tick, node);
}

static void
build_stack()
{
  NodeContainer nodes;
  nodes.Create(count);
  Ptr<DirectChannel> channel = CreateObject<DirectChannel>();
  InternetStackHelper internet;
  internet.SetIpv6StackInstall(false);
  Ipv4StaticRoutingHelper routing;
  internet.SetRoutingHelper(routing);
  internet.Install(nodes);
  for (uint32_t i = 0; i < count; i++) {
    Ptr<SimpleNetDevice> device = CreateObject<SimpleNetDevice>();
    device->SetAttribute("PointToPointMode", BooleanValue(true)); // nobody has to be asked by ARP
    device->SetAddress(Mac48Address::Allocate());
    device->SetChannel(channel);
    nodes.Get(i)->AddDevice(device);
    channel->devices.push_back(device);
    Ptr<Ipv4> ip = nodes.Get(i)->GetObject<Ipv4>();
    uint32_t interface = ip->AddInterface(device);
    ip->AddAddress(interface, Ipv4InterfaceAddress(Ipv4Address(first_address + i), "255.0.0.0"));
    ip->SetUp(interface);
    Ptr<Socket> socket = Socket::CreateSocket(nodes.Get(i), UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    socket->SetRecvCallback(MakeCallback(&receive));
    sockets.push_back(socket);
    Simulator::ScheduleWithContext(i, NanoSeconds(chance->GetInteger(0, 999999999)), &tick, i);
  }
}

// ---- The scheduler alone. ----

static bool carries;

static void
arrive(uint32_t, std::shared_ptr<std::vector<uint8_t>> payload)
{
  arrived++;
  checked += payload ? payload->back() : 1;
}

static void
bare_tick(uint32_t node)
{
  uint32_t to = chance->GetInteger(0, count - 1);
  auto payload = carries ? std::make_shared<std::vector<uint8_t>>(bytes, 1) : nullptr;
  Simulator::ScheduleWithContext(to, delay(), &arrive, to, payload);
  Simulator::Schedule(Seconds(1), &bare_tick, node);
}

int
main(int argc, char **argv)
{
  if (argc != 4) {
    fprintf(stderr, "usage: peer-ns3 stack|bytes|bare N SECONDS\n");
    return 2;
  }
  std::string kind = argv[1];
  count = atoi(argv[2]);
  chance = CreateObject<UniformRandomVariable>();
  carries = kind == "bytes";
  if (kind == "stack")
    build_stack();
  else
    for (uint32_t i = 0; i < count; i++)
      Simulator::ScheduleWithContext(i, NanoSeconds(chance->GetInteger(0, 999999999)), &bare_tick, i);
  Simulator::Stop(Seconds(atoi(argv[3])));
  auto began = std::chrono::steady_clock::now();
  Simulator::Run();
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("ns-3-%s %.0f datagrams/s %.0f bytes a node\n", kind.c_str(), arrived / seconds,
         1024.0 * usage.ru_maxrss / count);
  sockets.clear();
  Simulator::Destroy();
  return checked == arrived ? 0 : 1;
}
