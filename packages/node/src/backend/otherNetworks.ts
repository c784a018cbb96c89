import type { Network } from "@festina/network";
import type { OtherNetwork } from "@festina/rpc";

type Stranger = ReturnType<Network["strangers"]>[number];

/** What a status tells of; whoever dials in under many ids could name any number of networks. */
const NETWORKS_MAX = 8;

function describeGroup({ code, theirs, ours }: Stranger, peers: number): string {
  const nodes = peers === 1 ? "1 peer" : `${peers} peers`;
  const [speaks, belongs, goes] = peers === 1 ? ["speaks", "belongs", "goes"] : ["speak", "belong", "go"];
  const one = (text: string): string => (theirs === null ? `ours is ${ours}` : `${text} ${theirs}, ours ${ours}`);
  if (code === "VERSION_MISMATCH") return `${nodes} ${speaks} another protocol version: ${one("version")}`;
  if (code === "GENESIS_MISMATCH") return `${nodes} ${belongs} to another network: ${one("genesis")}`;
  return `${nodes} ${goes} by another chain spec: ${one("hash")}`;
}

/** Nodes that were turned away, by what they belong to; the network that most of them share comes first. */
export function otherNetworks(strangers: readonly Stranger[]): readonly OtherNetwork[] {
  const groups = new Map<string, Stranger[]>();
  for (const stranger of strangers) {
    const key = `${stranger.code} ${stranger.theirs}`;
    groups.set(key, [...(groups.get(key) ?? []), stranger]);
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, NETWORKS_MAX)
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { code, theirs, ours } = first;
      return [{ code, theirs, ours, peers: group.length, message: describeGroup(first, group.length) }];
    });
}
