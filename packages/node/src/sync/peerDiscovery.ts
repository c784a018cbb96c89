// What finding peers needs to know of a node: its chain, its part in it, who sits in the committee, where the address book
// is kept.
import { type DiscoveryOptions, type PeerAddress, parsePeerAddress } from "@festina/network";
import { bytesToHex, type Hex, OperationError } from "@festina/primitives";
import type { NodeAdapters } from "../adaptersPort.ts";
import { parseAnnounced } from "../config/announced.ts";
import type { NodeConfig } from "../config/nodeConfig.ts";
import type { NodeParts } from "../nodeParts.ts";

const BOOK_FILE = "peers.book";

export function parsePeerAddresses(texts: readonly string[]): readonly PeerAddress[] {
  return texts.map((text) => {
    const address = parsePeerAddress(text);
    if (!address.ok) throw new OperationError("PEER_ADDRESS_INVALID", `${text}: ${address.error.message}`);
    return address.value;
  });
}

function readBook(disk: NodeAdapters["disk"]): Uint8Array | null {
  if (!disk.exists(BOOK_FILE)) return null;
  const file = disk.open(BOOK_FILE);
  try {
    return file.readAll();
  } finally {
    file.close();
  }
}

/** `null`: this node's peers are only those configured. */
export function discoveryOf(
  { network }: Pick<NodeConfig, "network">,
  { recordKeys, disk, nowMs }: Pick<NodeAdapters, "recordKeys" | "disk" | "nowMs">,
  parts: NodeParts,
): DiscoveryOptions | null {
  if (network === null || recordKeys === undefined || network.discovery === false) return null;
  const { committed, sessions, signer } = parts;
  const ownKey: Hex | null = signer === null ? null : bytesToHex(signer.publicKey);
  const committee = () => committed.head.committee;
  const sits = (publicKey: Hex): boolean => committee().members.some((member) => member.publicKey === publicKey);
  return {
    keys: recordKeys,
    genesisHash: committed.genesisHash,
    bootnodes: parsePeerAddresses(network.bootnodes ?? []),
    announced: (network.announce ?? []).flatMap((text) => parseAnnounced(text) ?? []),
    part: () => ({ role: parts.role, seat: parts.ownProof() }),
    nowMs,
    seats: {
      epoch: () => committee().epoch,
      verify: (nodeId, proof) => {
        if (!sits(bytesToHex(proof.publicKey))) return "notSeated";
        return sessions.isProven(nodeId, proof) ? "seated" : "forged";
      },
      ownKey: () => (ownKey !== null && sits(ownKey) ? ownKey : null),
    },
    stored: readBook(disk),
    save: (book) => disk.replace(BOOK_FILE, book),
  };
}
