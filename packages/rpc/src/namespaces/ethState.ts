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

/** Accounts, code, storage and their proofs. */
export function ethStateMethods(backend: RpcBackend): Record<string, Method> {
  const { state } = backend;
  /** The state of the block to come, where that is another one than the newest block's. */
  const pending = (tag: unknown): Promise<AccountView | undefined> | undefined =>
    tag === "pending" ? backend.pendingState?.() : undefined;
  return {
    eth_getBalance: async (values) => {
      const address = new Params(values).address(0, "address");
      const next = await pending(values[1]);
      if (next !== undefined) return toQuantity(next.balance(address));
      return toQuantity(requireState(state.balance(address, stateNumber(backend, values[1]))));
    },
    eth_getTransactionCount: (values) => {
      const address = new Params(values).address(0, "address");
      if (values[1] === "pending") return toQuantity(backend.pool.nextNonce(address));
      return toQuantity(requireState(state.nonce(address, stateNumber(backend, values[1]))));
    },
    eth_getCode: async (values) => {
      const address = new Params(values).address(0, "address");
      const next = await pending(values[1]);
      if (next !== undefined) return bytesToHex(next.code(address));
      return bytesToHex(requireState(state.code(address, stateNumber(backend, values[1]))));
    },
    eth_getStorageAt: async (values) => {
      const address = new Params(values).address(0, "address");
      const slot = parseSlot(values[1], "slot");
      const next = await pending(values[2]);
      if (next !== undefined) return word(next.storage(address, slot));
      return word(requireState(state.storage(address, slot, stateNumber(backend, values[2]))));
    },
    /** All of what is known of an account but its storage and code; eth_getProof without the proof. */
    eth_getAccount: (values) => {
      const address = new Params(values).address(0, "address");
      const { balanceWei, nonce, codeHash, storageRoot } = requireState(
        state.proof(address, [], stateNumber(backend, values[1])),
      );
      return { balance: toQuantity(balanceWei), codeHash, nonce: toQuantity(nonce), storageRoot };
    },
    eth_getAccountInfo: (values) => {
      const address = new Params(values).address(0, "address");
      const number = stateNumber(backend, values[1]);
      return {
        balance: toQuantity(requireState(state.balance(address, number))),
        code: bytesToHex(requireState(state.code(address, number))),
        nonce: toQuantity(requireState(state.nonce(address, number))),
      };
    },
    /** ({ address: [slot, ...], ... }, block): what is in slots of several accounts. */
    eth_getStorageValues: (values) => {
      const asked = parseSlotsByAccount(new Params(values).object(0, "slots"));
      const number = stateNumber(backend, values[1]);
      const held = asked.map(([name, address, slots]) => [
        name,
        slots.map((slot) => word(requireState(state.storage(address, slot, number)))),
      ]);
      return Object.fromEntries(held);
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
