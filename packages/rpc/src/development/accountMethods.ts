import type { Address } from "@festina/primitives";
import type { AccountChange } from "@festina/types";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { invalidParams } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";
import type { DevelopmentGate } from "./developmentPort.ts";
import { parseCode, parseWord } from "./parseControl.ts";

/** What a block can carry, beside everything else in it. */
const CODE_BYTES_MAX = 2 * 1024 * 1024;

function changeOf(address: Address, change: Partial<AccountChange>): AccountChange {
  return { address, balanceWei: null, nonce: null, code: null, storage: [], ...change };
}

/** Accounts set to whatever is wanted, and senders whose keys nobody has. */
export function accountMethods(backend: Pick<RpcBackend, "chain" | "state">, gate: DevelopmentGate) {
  const set = async (change: AccountChange): Promise<true> => {
    await gate.change([change]);
    return true;
  };
  const methods: Record<string, Method> = {
    setBalance: (values) => {
      const params = new Params(values);
      return set(changeOf(params.address(0, "address"), { balanceWei: params.quantity(1, "balance") }));
    },
    addBalance: (values) => {
      const params = new Params(values);
      const address = params.address(0, "address");
      const heldWei = backend.state.balance(address, backend.chain.head()) ?? 0n;
      return set(changeOf(address, { balanceWei: limitWord(heldWei + params.quantity(1, "amount"), "balance") }));
    },
    setCode: (values) => {
      const code = parseCode(values[1], "code", CODE_BYTES_MAX);
      return set(changeOf(new Params(values).address(0, "address"), { code }));
    },
    setNonce: (values) => {
      const params = new Params(values);
      const address = params.address(0, "address");
      const nonce = params.quantity(1, "nonce");
      if (nonce >= 2n ** 64n) throw invalidParams("nonce: exceeds 8 bytes");
      return set(changeOf(address, { nonce }));
    },
    setStorageAt: (values) => {
      const slot = [parseWord(values[1], "slot"), parseWord(values[2], "value")] as const;
      return set(changeOf(new Params(values).address(0, "address"), { storage: [slot] }));
    },
    impersonateAccount: (values) => {
      gate.impersonate(new Params(values).address(0, "address"));
      return true;
    },
    stopImpersonatingAccount: (values) => gate.stopImpersonating(new Params(values).address(0, "address")),
    autoImpersonateAccount: (values) => {
      gate.impersonateAll(new Params(values).boolean(0, "enabled"));
      return true;
    },
  };
  return methods;
}

function limitWord(value: bigint, name: string): bigint {
  if (value >= 2n ** 256n) throw invalidParams(`${name}: exceeds 32 bytes`);
  return value;
}
