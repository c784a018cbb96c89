import { type ChainSpec, checkChainSpec, parseChainSpecJson } from "@festina/chainspec";
import type { NetworkInvitation, RpcClient } from "@festina/rpc";
import { specHash } from "@festina/types";
import { CliError } from "../output/cliError.ts";
import { orThrow } from "./context.ts";

/** A node that listens on every interface is reached where its RPC was. */
const WILDCARD = /@(0\.0\.0\.0|::|\[::\]):/;

/** What a node tells whoever wants to join. */
export interface Network {
  readonly spec: ChainSpec;
  readonly peers: readonly string[];
}

/** @throws CliError when what answers is no node, or contradicts itself */
export async function askNetwork(client: RpcClient): Promise<Network> {
  const { url } = client;
  const invitation = await client.call<NetworkInvitation | null>("festina_invitation", []);
  if (!Array.isArray(invitation?.peers) || !invitation.peers.every((peer) => typeof peer === "string"))
    throw new CliError("INVITATION_INVALID", `${url} does not answer as a node of Festina does`);
  const spec = orThrow(checkChainSpec(parseChainSpecJson(JSON.stringify(invitation.chainSpec))));
  if (specHash(spec) !== invitation.specHash)
    throw new CliError("SPEC_HASH_MISMATCH", `${url} serves a chain spec that is not the one it runs`);
  const { hostname } = new URL(url);
  return { spec, peers: invitation.peers.map((peer) => peer.replace(WILDCARD, `@${hostname}:`)) };
}
