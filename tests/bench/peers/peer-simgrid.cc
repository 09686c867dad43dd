// The same work as peer-drtsim, on SimGrid: two actors a node, one sends, one receives; hosts of a star
// with links of 10 to 30 ms.
//
//   peer-simgrid N SECONDS
#include <simgrid/s4u.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace sg4 = simgrid::s4u;

static const size_t bytes = 96;
static unsigned count;
static double end;
static unsigned long arrived, checked;
static std::mt19937_64 chance(1);
static std::vector<sg4::Mailbox *> boxes;

static void
sender(unsigned)
{
  sg4::this_actor::sleep_for(std::uniform_real_distribution<double>(0, 1)(chance));
  while (sg4::Engine::get_clock() < end) {
    auto *payload = new std::vector<unsigned char>(bytes, 1);
    boxes[chance() % count]->put_init(payload, bytes)->detach();
    sg4::this_actor::sleep_for(1);
  }
}

static void
receiver(unsigned node)
{
  for (;;) {
    auto payload = boxes[node]->get_unique<std::vector<unsigned char>>();
    arrived++;
    checked += payload->back();
  }
}

int
main(int argc, char **argv)
{
  sg4::Engine engine(&argc, argv);
  if (argc != 3) {
    fprintf(stderr, "usage: peer-simgrid N SECONDS\n");
    return 2;
  }
  count = atoi(argv[1]);
  end = atof(argv[2]);
  auto *zone = sg4::create_star_zone("cloud");
  for (unsigned i = 0; i < count; i++) {
    std::string name = "n" + std::to_string(i);
    auto *host = zone->create_host(name, 1e9)->seal();
    auto *link = zone->create_link("l" + name, 1e9)
                   ->set_latency(std::uniform_real_distribution<double>(0.01, 0.03)(chance))
                   ->seal();
    zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, { sg4::LinkInRoute(link) }, true);
    boxes.push_back(sg4::Mailbox::by_name(name));
    boxes.back()->set_receiver(sg4::Actor::create("r" + name, host, receiver, i)->daemonize());
    sg4::Actor::create("s" + name, host, sender, i);
  }
  zone->seal();
  auto began = std::chrono::steady_clock::now();
  engine.run();
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("simgrid %.0f datagrams/s %.0f bytes a node\n", arrived / seconds,
         1024.0 * usage.ru_maxrss / count);
  return checked == arrived ? 0 : 1;
}
