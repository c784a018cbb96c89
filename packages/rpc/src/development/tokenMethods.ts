import { type Address, bytesToBigint, hexToBytes, ZERO_ADDRESS } from "@festina/primitives";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import { NO_OVERRIDES } from "../overrides.ts";
import type { CallRequest, RpcBackend } from "../ports.ts";
import type { DevelopmentGate } from "./developmentPort.ts";

interface Slot {
  readonly address: Address;
  readonly slot: bigint;
}

const word = (value: bigint): string => value.toString(16).padStart(64, "0");
/** A value that no token has by chance; it fits tokens that keep balances in as little as 64 bits. */
const PROBE = 0x1d2c3b4a59687786n;

/** What a token answers for an account, or for an owner and a spender. */
class TokenReading {
  readonly #backend: RpcBackend;
  readonly #request: CallRequest;

  constructor(backend: RpcBackend, token: Address, selector: string, accounts: readonly Address[]) {
    this.#backend = backend;
    const data = hexToBytes(`0x${selector}${accounts.map((account) => word(BigInt(account))).join("")}`);
    const call = { from: ZERO_ADDRESS, to: token, data, valueWei: 0n, gas: null, gasPriceWei: 0n };
    this.#request = { ...call, accessList: [], overrides: NO_OVERRIDES };
  }

  /** With a slot changed; `null` where no number comes back. */
  async #with({ address, slot }: Slot, value: bigint): Promise<bigint | null> {
    const storage = { isWhole: false, slots: new Map([[slot, value]]) };
    const overrides = { accounts: new Map([[address, { storage }]]), block: {} };
    const place = { number: this.#backend.chain.head(), isNext: true };
    const outcome = await this.#backend.execution.call({ ...this.#request, overrides }, place);
    return outcome?.kind === "success" && outcome.output.length === 32 ? bytesToBigint(outcome.output) : null;
  }

  /** The slot that holds just what the token answers, found by changing one after the other; `null`: there is none. */
  async findSlot(wanted: bigint): Promise<Slot | null> {
    const place = { number: this.#backend.chain.head(), isNext: true };
    const read = await this.#backend.execution.accessList(this.#request, place);
    const list = read?.kind === "found" ? read.accessList : [];
    // The token's own address is in no list of its call unless it reads a slot.
    for (const { address, storageKeys } of list)
      for (const key of storageKeys) {
        const slot = { address, slot: BigInt(key) };
        // A zero might be answered for other reasons than that it is what is held.
        if ((await this.#with(slot, PROBE)) === PROBE && (await this.#with(slot, wanted)) === wanted) return slot;
      }
    return null;
  }
}

const BALANCE_OF = "70a08231";
const ALLOWANCE = "dd62ed3e";

/** What accounts hold of ERC-20 tokens, set at will wherever the token keeps it in one slot. */
export function tokenMethods(backend: RpcBackend, gate: DevelopmentGate): Record<string, Method> {
  const set = async (reading: TokenReading, amount: bigint, what: string): Promise<null> => {
    const found = await reading.findSlot(amount);
    if (found === null) throw new RpcError(RPC_CODE.server, `Unable to set ERC20 ${what}, no slot found`);
    const untouched = { balanceWei: null, nonce: null, code: null };
    await gate.change([{ ...untouched, address: found.address, storage: [[found.slot, amount]] }]);
    return null;
  };
  const dealERC20: Method = (values) => {
    const params = new Params(values);
    const holder = params.address(0, "address");
    const token = params.address(1, "token");
    const amount = params.quantity(2, "balance");
    return set(new TokenReading(backend, token, BALANCE_OF, [holder]), amount, "balance");
  };
  return {
    anvil_dealERC20: dealERC20,
    hardhat_dealERC20: dealERC20,
    anvil_setERC20Balance: dealERC20,
    anvil_setERC20Allowance: (values) => {
      const params = new Params(values);
      const [owner, spender] = [params.address(0, "owner"), params.address(1, "spender")];
      const token = params.address(2, "token");
      const amount = params.quantity(3, "amount");
      return set(new TokenReading(backend, token, ALLOWANCE, [owner, spender]), amount, "allowance");
    },
  };
}
