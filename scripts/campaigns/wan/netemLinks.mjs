// Links as pairs of virtual Ethernet devices, one between any two namespaces, delayed by the kernel's netem.
import { command, hostOf } from "./namespaces.mjs";

/** Packets that may be on their way over one link; the default of 1,000 would lose some of a block. */
const QUEUE_PACKETS = 100_000;
const deviceOf = (from, to) => `wan${from + 1}x${to + 1}`;

/** A mesh: each node has one address, on its loopback device, and a route per peer. */
function connectAll(names) {
  for (const [from, name] of names.entries())
    command("ip", "-n", name, "address", "add", `${hostOf(from)}/32`, "dev", "lo");
  for (const [from, name] of names.entries()) {
    for (const [to, other] of names.entries()) {
      if (to <= from) continue;
      const ends = [deviceOf(from, to), deviceOf(to, from)];
      command("ip", "-n", name, "link", "add", ends[0], "type", "veth", "peer", "name", ends[1], "netns", other);
      for (const [at, own, peer, device] of [
        [name, from, to, ends[0]],
        [other, to, from, ends[1]],
      ]) {
        command("ip", "-n", at, "link", "set", device, "up");
        command("ip", "-n", at, "route", "add", `${hostOf(peer)}/32`, "dev", device, "src", hostOf(own));
      }
    }
  }
}

/** @param {{ namespaces: import("./namespaces.mjs").Namespaces }} place @throws Error where the kernel has no netem */
export async function openNetemLinks({ namespaces: { names } }) {
  command("tc", "-n", names[0], "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms");
  command("tc", "-n", names[0], "qdisc", "delete", "dev", "lo", "root");
  connectAll(names);
  return {
    kind: "netem",
    hasLoss: true,
    set(from, to, { delayMs, loss, isCut }) {
      const shape = ["delay", `${delayMs}ms`, "loss", `${isCut ? 100 : loss * 100}%`, "limit", QUEUE_PACKETS];
      command("tc", "-n", names[from], "qdisc", "replace", "dev", deviceOf(from, to), "root", "netem", ...shape);
    },
    async counts() {
      const sum = { passed: 0, lost: 0 };
      for (const [from, name] of names.entries()) {
        for (const { dev, packets = 0, drops = 0 } of JSON.parse(
          command("tc", "-s", "-j", "-n", name, "qdisc", "show"),
        )) {
          if (!String(dev).startsWith(`wan${from + 1}x`)) continue;
          sum.passed += packets;
          sum.lost += drops;
        }
      }
      return sum;
    },
    close: () => undefined,
  };
}
