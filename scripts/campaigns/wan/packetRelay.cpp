// A network between network namespaces, in user space: one TUN device in each, and this program in the middle, which hands
// each packet on after its link's delay, or not at all. It ends when its standard input does, and the devices with it.
//
//   relay NAMESPACE...            device "wan0" in each; the node in the n-th (from 0) has the address 10.77.0.(n + 1)
//   link FROM TO MICROSECONDS LOSS CUT   on standard input: loss in millionths, CUT 0 or 1, one direction
//   counts                        answered by one line of JSON: packets passed, lost, cut off, refused by a full queue
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int kPacketBytesMax = 65536;
constexpr int kDestinationOffset = 16;  // of the address in an IPv4 header
constexpr size_t kQueueBytesMax = 64u << 20;
constexpr uint32_t kMillion = 1000000;
constexpr uint64_t kNanosecondsPerMicrosecond = 1000;
constexpr uint64_t kNanosecondsPerSecond = 1000000000;
// Packets read from one device before those that are due are looked at again.
constexpr int kReadsInRow = 64;

struct Link {
  uint64_t delayNanoseconds = 0;
  uint32_t loss = 0;
  bool isCut = false;
};

struct Waiting {
  uint64_t dueNanoseconds;
  uint64_t sequence;
  int to;
  std::vector<uint8_t> packet;
  bool operator>(const Waiting& other) const {
    return dueNanoseconds != other.dueNanoseconds ? dueNanoseconds > other.dueNanoseconds : sequence > other.sequence;
  }
};

uint64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * kNanosecondsPerSecond + static_cast<uint64_t>(time.tv_nsec);
}

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

// The device belongs to the namespace in which it was made, whoever reads it.
int openDevice(const std::string& name) {
  const int space = open(("/var/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
  if (space < 0) fail(name.c_str());
  if (setns(space, CLONE_NEWNET) != 0) fail("setns");
  close(space);
  const int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, "wan0", IFNAMSIZ - 1);
  if (ioctl(device, TUNSETIFF, &request) != 0) fail("TUNSETIFF");
  return device;
}

class Relay {
 public:
  explicit Relay(std::vector<int> devices)
      : devices_(std::move(devices)), links_(devices_.size() * devices_.size()), random_(1) {}

  void run() {
    std::vector<pollfd> polled;
    for (const int device : devices_) polled.push_back({device, POLLIN, 0});
    polled.push_back({STDIN_FILENO, POLLIN, 0});
    while (true) {
      const timespec wait = untilDue();
      if (ppoll(polled.data(), polled.size(), waiting_.empty() ? nullptr : &wait, nullptr) < 0) fail("ppoll");
      deliver();
      for (size_t from = 0; from < devices_.size(); from++)
        if ((polled[from].revents & POLLIN) != 0) receive(from);
      if (polled.back().revents != 0 && !obey()) return;
    }
  }

 private:
  timespec untilDue() const {
    if (waiting_.empty()) return {0, 0};
    const uint64_t due = waiting_.top().dueNanoseconds;
    const uint64_t at = now();
    const uint64_t left = due > at ? due - at : 0;
    return {static_cast<time_t>(left / kNanosecondsPerSecond), static_cast<long>(left % kNanosecondsPerSecond)};
  }

  void deliver() {
    const uint64_t at = now();
    while (!waiting_.empty() && waiting_.top().dueNanoseconds <= at) {
      const Waiting& next = waiting_.top();
      // A receiver that is behind loses packets, as it would of a real network.
      if (write(devices_[next.to], next.packet.data(), next.packet.size()) < 0) refused_++;
      else passed_++;
      queuedBytes_ -= next.packet.size();
      waiting_.pop();
    }
  }

  void receive(size_t from) {
    uint8_t packet[kPacketBytesMax];
    for (int reads = 0; reads < kReadsInRow; reads++) {
      const ssize_t length = read(devices_[from], packet, sizeof packet);
      if (length <= 0) return;
      // IPv6 has neighbours to discover; nobody here has such an address.
      if (length < kDestinationOffset + 4 || packet[0] >> 4 != 4) continue;
      const size_t to = packet[kDestinationOffset + 3] - 1u;
      if (to >= devices_.size() || to == from) continue;
      const Link& link = links_[from * devices_.size() + to];
      if (link.isCut) {
        cut_++;
      } else if (random_() % kMillion < link.loss) {
        lost_++;
      } else if (queuedBytes_ + static_cast<size_t>(length) > kQueueBytesMax) {
        refused_++;
      } else {
        queuedBytes_ += static_cast<size_t>(length);
        waiting_.push({now() + link.delayNanoseconds, sequence_++, static_cast<int>(to), {packet, packet + length}});
      }
    }
  }

  // False at the end of the input.
  bool obey() {
    char text[4096];
    const ssize_t length = read(STDIN_FILENO, text, sizeof text);
    if (length <= 0) return false;
    input_.append(text, static_cast<size_t>(length));
    for (size_t end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
      command(input_.substr(0, end));
      input_.erase(0, end + 1);
    }
    return true;
  }

  void command(const std::string& line) {
    size_t from, to;
    unsigned long microseconds;
    unsigned loss, isCut;
    if (std::sscanf(line.c_str(), "link %zu %zu %lu %u %u", &from, &to, &microseconds, &loss, &isCut) == 5 &&
        from < devices_.size() && to < devices_.size() && loss <= kMillion && isCut <= 1) {
      links_[from * devices_.size() + to] = {microseconds * kNanosecondsPerMicrosecond, loss, isCut == 1};
    } else if (line == "counts") {
      std::printf("{\"passed\":%lu,\"lost\":%lu,\"cut\":%lu,\"refused\":%lu}\n", passed_, lost_, cut_, refused_);
      std::fflush(stdout);
    } else {
      std::fprintf(stderr, "no such command: %s\n", line.c_str());
      std::exit(2);
    }
  }

  std::vector<int> devices_;
  std::vector<Link> links_;
  std::mt19937 random_;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<Waiting>> waiting_;
  std::string input_;
  size_t queuedBytes_ = 0;
  uint64_t sequence_ = 0;
  unsigned long passed_ = 0, lost_ = 0, cut_ = 0, refused_ = 0;
};

}  // namespace

int main(int count, char** names) {
  if (count < 3 || count > 255) {
    std::fprintf(stderr, "usage: relay NAMESPACE NAMESPACE...\n");
    return 2;
  }
  std::vector<int> devices;
  for (int index = 1; index < count; index++) devices.push_back(openDevice(names[index]));
  std::puts("ready");
  std::fflush(stdout);
  Relay(std::move(devices)).run();
  return 0;
}
