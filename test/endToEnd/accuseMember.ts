import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSignatureSuite } from "@festina/adapters";
import { DEFAULT_SIGNATURE_SUITE } from "@festina/chainspec";
import { signingMessage } from "@festina/crypto";
import { bytesToHex, type Hash32, type Hex, hexToBytes } from "@festina/primitives";
import { accuseMember, encodeEvidence, type SignedStatement } from "@festina/types";
import type { DevnetProcess } from "./devnetProcess.ts";

interface CommitteeAnswer {
  readonly epoch: string;
  readonly members: readonly { readonly address: string; readonly publicKey: string }[];
}

/** Signs two blocks of one view with a member's own key. Answers with the member's address and the encoded proof. */
export async function proveDoubleVote(
  devnet: DevnetProcess,
  member: string,
): Promise<{ readonly address: string; readonly evidence: Hex }> {
  const client = devnet.rpc();
  const suite = createSignatureSuite(DEFAULT_SIGNATURE_SUITE);
  const key = hexToBytes(readFileSync(join(devnet.dataDir, member, "signing.key"), "utf8").trim() as Hex);
  const publicKey = bytesToHex(suite.publicKey(key));
  const committee = await client.call<CommitteeAnswer>("committee_get", ["current"]);
  const genesis = await client.call<{ hash: Hash32 }>("eth_getBlockByNumber", ["0x0", false]);
  const chainId = BigInt(await client.call<Hex>("eth_chainId"));
  const position = committee.members.findIndex((entry) => entry.publicKey === publicKey);
  const epoch = Number(committee.epoch);
  const context = { chainId, genesisHash: genesis.hash, epoch };
  const [first, second] = ["0a", "0b"].map((byte): SignedStatement => {
    const blockHash = `0x${byte.repeat(32)}` as Hash32;
    return { kind: "commit", blockHash, signature: suite.sign(key, signingMessage(context, "commit", 1, blockHash)) };
  });
  if (first === undefined || second === undefined) throw new Error("two statements are signed");
  const evidence = accuseMember({ epoch, view: 1, member: position }, first, second);
  const address = committee.members[position]?.address;
  if (evidence === null || address === undefined) throw new Error(`${member} does not sit in the committee`);
  return { address, evidence: bytesToHex(encodeEvidence(evidence)) };
}
