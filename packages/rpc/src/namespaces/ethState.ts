import { type Address, bytesToHex } from "@festina/primitives";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, parseAddressParam, parseArray, parseSlot, toQuantity } from "../jsonRpc/params.ts";
import type { RpcBackend } from "../ports.ts";
import type { AccountView } from "../statePorts.ts";
import { requireState, stateNumber } from "./blockTag.ts";

const PROOF_SLOTS_MAX = 1_024;

function word(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/** As geth echoes it: 32 bytes when all of them were written out, a quantity otherwise. */
function proofKey(asked: unknown, slot: bigint): string {
  return typeof asked === "string" && asked.length === 66 ? word(slot) : toQuantity(slot);
}

type AskedSlots = readonly (readonly [name: string, address: Address, slots: readonly bigint[]])[];

function parseSlotsByAccount(fields: Readonly<Record<string, unknown>>): AskedSlots {
  let left = PROOF_SLOTS_MAX;
  return Object.entries(fields).map(([name, value]) => {
    const slots = parseArray(value, "slots", left).map((slot) => parseSlot(slot, "slots"));
    left -= slots.length;
    return [name, parseAddressParam(name, "slots"), slots];
  });
}

/** Of the block to come they are as what waits will leave them, where a node runs that beforehand. */
async function accountsAt(backend: RpcBackend, tag: unknown): Promise<AccountView> {
  const next = tag === "pending" ? await backend.pendingState?.() : undefined;
  if (next !== undefined) return next;
  const { state } = backend;
  const number = stateNumber(backend, tag);
  return {
    balance: (address) => requireState(state.balance(address, number)),
    code: (address) => requireState(state.code(address, number)),
    storage: (address, slot) => requireState(state.storage(address, slot, number)),
  };
}

/** `pending` counts what waits, on every network. */
function nonceAt(backend: RpcBackend, address: Address, tag: unknown): bigint {
  if (tag === "pending") return backend.pool.nextNonce(address);
  return requireState(backend.state.nonce(address, stateNumber(backend, tag)));
}

/** Accounts, code, storage and their proofs. */
export function ethStateMethods(backend: RpcBackend): Record<string, Method> {
  const { state } = backend;
  return {
    eth_getBalance: async (values) => {
      const address = new Params(values).address(0, "address");
      return toQuantity((await accountsAt(backend, values[1])).balance(address));
    },
    eth_getTransactionCount: (values) =>
      toQuantity(nonceAt(backend, new Params(values).address(0, "address"), values[1])),
    eth_getCode: async (values) => {
      const address = new Params(values).address(0, "address");
      return bytesToHex((await accountsAt(backend, values[1])).code(address));
    },
    eth_getStorageAt: async (values) => {
      const address = new Params(values).address(0, "address");
      const slot = parseSlot(values[1], "slot");
      return word((await accountsAt(backend, values[2])).storage(address, slot));
    },
    /** All of what is known of an account but its storage and code; eth_getProof without the proof. */
    eth_getAccount: (values) => {
      const address = new Params(values).address(0, "address");
      const { balanceWei, nonce, codeHash, storageRoot } = requireState(
        state.proof(address, [], stateNumber(backend, values[1])),
      );
      return { balance: toQuantity(balanceWei), codeHash, nonce: toQuantity(nonce), storageRoot };
    },
    eth_getAccountInfo: async (values) => {
      const address = new Params(values).address(0, "address");
      const accounts = await accountsAt(backend, values[1]);
      return {
        balance: toQuantity(accounts.balance(address)),
        code: bytesToHex(accounts.code(address)),
        nonce: toQuantity(nonceAt(backend, address, values[1])),
      };
    },
    /** ({ address: [slot, ...], ... }, block): what is in slots of several accounts. */
    eth_getStorageValues: async (values) => {
      const asked = parseSlotsByAccount(new Params(values).object(0, "slots"));
      const accounts = await accountsAt(backend, values[1]);
      return Object.fromEntries(
        asked.map(([name, address, slots]) => [name, slots.map((slot) => word(accounts.storage(address, slot)))]),
      );
    },
    eth_getProof: (values) => {
      const address = new Params(values).address(0, "address");
      const keys = parseArray(values[1], "storageKeys", PROOF_SLOTS_MAX);
      const slots = keys.map((key) => parseSlot(key, "storageKeys"));
      const proof = requireState(state.proof(address, slots, stateNumber(backend, values[2])));
      return {
        address,
        accountProof: proof.accountProof.map(bytesToHex),
        balance: toQuantity(proof.balanceWei),
        codeHash: proof.codeHash,
        nonce: toQuantity(proof.nonce),
        storageHash: proof.storageRoot,
        storageProof: proof.storageProofs.map((entry, index) => ({
          key: proofKey(keys[index], entry.slot),
          value: toQuantity(entry.value),
          proof: entry.proof.map(bytesToHex),
        })),
      };
    },
  };
}
