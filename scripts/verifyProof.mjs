// Verifies eth_getProof of one account and some of its slots against the block's state root, with @ethereumjs/mpt.
//   node scripts/verifyProof.mjs --rpc http://127.0.0.1:8545 --account 0x... --slot 0x0 --slot 0x7
import { createMPTFromProof } from "@ethereumjs/mpt";
import { decodeRlp, encodeRlp, getBytes, keccak256, toBeArray, toBeHex } from "ethers";
import { connectTo, readOptions, runCheck, toQuantity } from "./outside/askNode.mjs";

const EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const EMPTY_CODE_HASH = keccak256("0x");

const { rpc, block, account, slot } = readOptions(
  process.argv.slice(2),
  "verifyProof.mjs --account ADDRESS [--slot KEY]... [--rpc URL] [--block N]",
  { rpc: "http://127.0.0.1:8545", block: "", account: "", slot: [] },
  ["slot"],
);

/** What the proof shows under `key`: RLP in hex, or `null` for proved absence. @throws Error when it does not hold */
async function readProof(root, key, proof) {
  if (root === EMPTY_ROOT) {
    if (proof.length > 0) throw new Error("a proof for an empty trie");
    return null;
  }
  const hashedKey = getBytes(keccak256(key));
  const options = { root: getBytes(root), useRootPersistence: false };
  // The nodes are kept by their hashes, so only what hangs together below the root is found.
  const trie = await createMPTFromProof(proof.map(getBytes), options);
  const value = await trie.get(hashedKey, true);
  return value === null ? null : `0x${Buffer.from(value).toString("hex")}`;
}

function accountRlp({ nonce, balance, storageHash, codeHash }) {
  return encodeRlp([toBeArray(BigInt(nonce)), toBeArray(BigInt(balance)), storageHash, codeHash]);
}

async function checkAccount(root, answer, findings) {
  const proved = await readProof(root, answer.address, answer.accountProof);
  const isEmpty =
    BigInt(answer.nonce) === 0n &&
    BigInt(answer.balance) === 0n &&
    answer.storageHash === EMPTY_ROOT &&
    answer.codeHash === EMPTY_CODE_HASH;
  if (proved === null ? !isEmpty : proved !== accountRlp(answer))
    findings.push(`account ${answer.address}: the proof shows ${proved}`);
  return proved !== null;
}

async function checkSlot(storageHash, { key, value, proof }, findings) {
  const proved = await readProof(storageHash, toBeHex(BigInt(key), 32), proof);
  const shown = proved === null ? 0n : BigInt(/** @type {string} */ (decodeRlp(proved)));
  if (shown !== BigInt(value)) findings.push(`slot ${key}: the proof shows ${shown}, served ${value}`);
  return proved !== null;
}

await runCheck(async () => {
  const ask = connectTo(rpc);
  const tag = toQuantity(block === "" ? Number(await ask("eth_blockNumber")) : Number(block));
  const { stateRoot, number } = await ask("eth_getBlockByNumber", tag, false);
  const answer = await ask("eth_getProof", account, slot, tag);
  const findings = [];
  const isThere = await checkAccount(stateRoot, answer, findings);
  process.stdout.write(`block ${Number(number)}: account ${account} ${isThere ? "present" : "absent"}\n`);
  if (answer.storageProof.length !== slot.length) findings.push("not every slot was answered");
  for (const entry of answer.storageProof) {
    const hasValue = await checkSlot(answer.storageHash, entry, findings);
    process.stdout.write(`slot ${entry.key} ${hasValue ? `present: ${entry.value}` : "absent"}\n`);
  }
  return findings;
});
