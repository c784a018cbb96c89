import { bytesToHex, EMPTY_BYTES, ZERO_ADDRESS } from "@festina/primitives";
import type { AccessListEntry, Authorization } from "@festina/types";
import {
  optionalQuantity,
  parseAddressParam,
  parseArray,
  parseBytes,
  parseHashParam,
  parseQuantity,
} from "../jsonRpc/params.ts";
import { decodeRevertReason } from "../jsonRpc/revertReason.ts";
import { invalidParams, RPC_CODE, RpcError, refusal, reverted } from "../jsonRpc/rpcError.ts";
import { NO_OVERRIDES } from "../overrides.ts";
import type { CallOutcome, CallRequest } from "../ports.ts";

const ACCESS_LIST_MAX = 4_096;

export function parseAccessList(value: unknown): readonly AccessListEntry[] {
  if (value === undefined || value === null) return [];
  return parseArray(value, "accessList", ACCESS_LIST_MAX).map((entry, index) => {
    const item = entry as { address?: unknown; storageKeys?: unknown } | null;
    const keys = parseArray(item?.storageKeys ?? [], `accessList[${index}].storageKeys`, ACCESS_LIST_MAX);
    return {
      address: parseAddressParam(item?.address, `accessList[${index}].address`),
      storageKeys: keys.map((key) => parseHashParam(key, `accessList[${index}].storageKeys`)),
    };
  });
}

/** `input` and its older name `data`; both may be there when they agree. */
function callData(fields: Readonly<Record<string, unknown>>): Uint8Array {
  // An empty text is empty data, as in geth.
  const [input, data] = [fields["input"], fields["data"]].map((value) => (value === "" ? "0x" : (value ?? null)));
  if (input === null && data === null) return EMPTY_BYTES;
  const bytes = input === null ? parseBytes(data, "input") : parseBytes(input, "input");
  if (data !== null && bytesToHex(parseBytes(data, "data")) !== bytesToHex(bytes)) {
    throw invalidParams('both "data" and "input" are set and not equal');
  }
  return bytes;
}

const AUTHORIZATIONS_MAX = 1_024;

/** EIP-7702, signed. */
function parseAuthorizations(value: unknown): readonly Authorization[] {
  const entries = parseArray(value, "authorizationList", AUTHORIZATIONS_MAX);
  if (entries.length === 0) throw invalidParams("authorizationList: empty");
  return entries.map((entry, index) => {
    const name = `authorizationList[${index}]`;
    if (entry === null || typeof entry !== "object") throw invalidParams(`${name}: expected an object`);
    const fields = entry as Readonly<Record<string, unknown>>;
    const quantity = (field: string): bigint => parseQuantity(fields[field], `${name}.${field}`);
    const yParity = quantity("yParity");
    if (yParity > 1n) throw invalidParams(`${name}.yParity: expected 0 or 1`);
    const nonce = quantity("nonce");
    if (nonce >= 1n << 64n) throw invalidParams(`${name}.nonce: exceeds 64 bits`);
    return {
      chainId: quantity("chainId"),
      address: parseAddressParam(fields["address"], `${name}.address`),
      nonce,
      yParity: yParity === 0n ? 0 : 1,
      r: quantity("r"),
      s: quantity("s"),
    };
  });
}

/** @throws RpcError as geth refuses prices that contradict each other */
function priceOf(fields: Readonly<Record<string, unknown>>): bigint {
  const gasPrice = optionalQuantity(fields["gasPrice"], "gasPrice");
  const fee = optionalQuantity(fields["maxFeePerGas"], "maxFeePerGas");
  const priority = optionalQuantity(fields["maxPriorityFeePerGas"], "maxPriorityFeePerGas");
  if (gasPrice !== null && (fee !== null || priority !== null))
    throw new RpcError(RPC_CODE.server, "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
  if (fee !== null && priority !== null && priority > fee)
    throw refusal({ code: "TX_PRIORITY_FEE_ABOVE_FEE", message: `${priority} is above ${fee}` });
  return gasPrice ?? fee ?? 0n;
}

const GAS_MAX = (1n << 64n) - 1n;

function gasOf(value: unknown): bigint | null {
  const gas = optionalQuantity(value, "gas");
  if (gas !== null && gas > GAS_MAX) throw invalidParams("gas: exceeds 64 bits");
  return gas;
}

/** @throws RpcError when the request is for another chain */
export function requireChain(fields: Readonly<Record<string, unknown>>, chainId: bigint): void {
  const asked = optionalQuantity(fields["chainId"], "chainId");
  if (asked === null || asked === chainId) return;
  throw new RpcError(RPC_CODE.server, `chainId does not match node's (have=${asked}, want=${chainId})`);
}

/** The transaction object of `eth_call`, `eth_estimateGas` and `eth_sendTransaction`. */
export function parseCallRequest(fields: Readonly<Record<string, unknown>>): CallRequest {
  const to = fields["to"];
  return {
    from:
      fields["from"] === undefined || fields["from"] === null
        ? ZERO_ADDRESS
        : parseAddressParam(fields["from"], "from"),
    to: to === undefined || to === null ? null : parseAddressParam(to, "to"),
    data: callData(fields),
    valueWei: optionalQuantity(fields["value"], "value") ?? 0n,
    gas: gasOf(fields["gas"]),
    gasPriceWei: priceOf(fields),
    accessList: parseAccessList(fields["accessList"]),
    ...(fields["authorizationList"] != null && { authorizations: parseAuthorizations(fields["authorizationList"]) }),
    overrides: NO_OVERRIDES,
  };
}

/** The outcome when it succeeded; otherwise the error geth would answer. */
export function requireSuccess(outcome: CallOutcome): Extract<CallOutcome, { kind: "success" }> {
  switch (outcome.kind) {
    case "success":
      return outcome;
    case "revert":
      throw reverted(bytesToHex(outcome.output), decodeRevertReason(outcome.output));
    case "halt":
      throw new RpcError(RPC_CODE.server, outcome.reason);
    case "refused":
      throw refusal(outcome.error);
  }
}
