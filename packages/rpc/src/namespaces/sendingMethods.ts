import { type AccountSigner, createAccountSigner, keccak256, keccakHash, signHash } from "@festina/crypto";
import { type Address, asciiToBytes, bytesToHex, concatBytes } from "@festina/primitives";
import {
  encodeTransaction,
  impersonate,
  type RecoveredTransaction,
  signTransactionAs,
  TRANSACTION_TYPE,
  type TransactionFields,
} from "@festina/types";
import { formatPendingTransaction } from "../format/formatTransaction.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { optionalQuantity, Params } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError, refusal } from "../jsonRpc/rpcError.ts";
import { hashTypedData } from "../jsonRpc/typedData.ts";
import type { CallPlace, CallRequest, DevelopmentAccount, RpcBackend } from "../ports.ts";
import { requireState } from "./blockTag.ts";
import { parseCallRequest, requireSuccess } from "./callRequest.ts";

/** Offered when a sender names no priority: enough to come before transactions that pay nothing. */
export const DEFAULT_PRIORITY_WEI = 1_000_000_000n;

function developmentAccount(backend: RpcBackend, address: string): DevelopmentAccount {
  const account = backend.developmentAccounts.find((candidate) => candidate.address === address);
  if (account === undefined)
    throw new RpcError(RPC_CODE.server, `unknown account: ${address} is not an unlocked development account`);
  return account;
}

/** Knowing whose key it is costs as much as signing. */
const signers = new WeakMap<DevelopmentAccount, AccountSigner>();

function signerOf(account: DevelopmentAccount): AccountSigner {
  const signer = account.signer ?? signers.get(account) ?? createAccountSigner(account.secretKey);
  signers.set(account, signer);
  return signer;
}

/** Twice the base fee plus the tip, so that a few full blocks do not strand the transaction. */
function defaultMaxFee(backend: RpcBackend, priorityWei: bigint): bigint {
  return backend.chain.nextBaseFeeWei() * 2n + priorityWei;
}

export async function estimateGas(backend: RpcBackend, request: CallRequest, place: CallPlace): Promise<bigint> {
  const outcome = requireState(await backend.execution.estimateGas(request, place));
  return requireSuccess(outcome).gasUsed;
}

async function fillTransaction(
  backend: RpcBackend,
  fields: Readonly<Record<string, unknown>>,
): Promise<TransactionFields> {
  const request = parseCallRequest(fields);
  const chainId = optionalQuantity(fields["chainId"], "chainId");
  if (chainId !== null && chainId !== backend.chain.chainId)
    throw invalidParams(`chainId: this is chain ${backend.chain.chainId}, not ${chainId}`);
  const gasPrice = optionalQuantity(fields["gasPrice"], "gasPrice");
  const priority =
    gasPrice ?? optionalQuantity(fields["maxPriorityFeePerGas"], "maxPriorityFeePerGas") ?? DEFAULT_PRIORITY_WEI;
  const maxFee =
    gasPrice ?? optionalQuantity(fields["maxFeePerGas"], "maxFeePerGas") ?? defaultMaxFee(backend, priority);
  const gasLimit = request.gas ?? (await estimateGas(backend, request, { number: backend.chain.head(), isNext: true }));
  const { authorizations } = request;
  if (gasPrice !== null && authorizations !== undefined)
    throw invalidParams("authorizationList: such a transaction has no gasPrice");
  const unpriced = authorizations === undefined ? TRANSACTION_TYPE.feeMarket : TRANSACTION_TYPE.setCode;
  return {
    type: gasPrice === null ? unpriced : TRANSACTION_TYPE.legacy,
    chainId: backend.chain.chainId,
    nonce: optionalQuantity(fields["nonce"], "nonce") ?? backend.pool.nextNonce(request.from),
    maxFeePerGasWei: maxFee,
    maxPriorityFeePerGasWei: priority > maxFee ? maxFee : priority,
    gasLimit,
    to: request.to,
    valueWei: request.valueWei,
    data: request.data,
    accessList: gasPrice === null ? request.accessList : [],
    authorizations: authorizations ?? [],
    sponsorship: null,
  };
}

async function submit(backend: RpcBackend, encoded: Uint8Array, signedBy?: Address): Promise<string> {
  const submitted = await backend.pool.submit(encoded, signedBy);
  if (!submitted.ok) throw refusal(submitted.error);
  return submitted.value;
}

const UNSIGNED = { r: 0n, s: 0n, yParity: 0 } as const;

/** By a key that this node holds for development, or in a name that the developer has taken. */
async function signedTransaction(
  backend: RpcBackend,
  fields: Readonly<Record<string, unknown>>,
): Promise<RecoveredTransaction> {
  const { from } = parseCallRequest(fields);
  if (backend.development?.isImpersonated(from) === true)
    return impersonate(await fillTransaction(backend, fields), from);
  const account = developmentAccount(backend, from);
  return signTransactionAs(await fillTransaction(backend, fields), signerOf(account));
}

/** r, s and v one after the other, as wallets answer. */
function signBy(account: DevelopmentAccount, hash: Uint8Array): string {
  const { r, s, yParity } = signHash(hash, account.secretKey);
  const digits = r.toString(16).padStart(64, "0") + s.toString(16).padStart(64, "0");
  return `0x${digits}${(27 + yParity).toString(16)}`;
}

/** EIP-191: what wallets sign when they sign a message. */
function personalSign(account: DevelopmentAccount, message: Uint8Array): string {
  const prefix = asciiToBytes(`\x19Ethereum Signed Message:\n${message.length}`);
  return signBy(account, keccak256(concatBytes(prefix, message)));
}

/** EIP-712 data as an object, or as its JSON. */
function typedDataHash(value: unknown): Uint8Array {
  if (typeof value !== "string") return hashTypedData(value);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw invalidParams("typedData: not JSON");
  }
  return hashTypedData(parsed);
}

/** Sending, and signing by the keys of development accounts. */
export function sendingMethods(backend: RpcBackend): Record<string, Method> {
  return {
    eth_accounts: () => backend.developmentAccounts.map(({ address }) => address),
    eth_sendRawTransaction: (values) => submit(backend, new Params(values).bytes(0, "transaction")),
    eth_sendTransaction: async (values) => {
      const { encoded, sender } = await signedTransaction(backend, new Params(values).object(0, "transaction"));
      return submit(backend, encoded, sender);
    },
    eth_signTransaction: async (values) => {
      const signed = await signedTransaction(backend, new Params(values).object(0, "transaction"));
      return { raw: bytesToHex(signed.encoded), tx: formatPendingTransaction(signed) };
    },
    /** What `eth_sendTransaction` would send, not signed. */
    eth_fillTransaction: async (values) => {
      const asked = new Params(values).object(0, "transaction");
      const fields = await fillTransaction(backend, asked);
      const encoded = encodeTransaction(fields, UNSIGNED, null);
      const sender = parseCallRequest(asked).from;
      const signature = { signature: UNSIGNED, payerSignature: null };
      const filled = { ...fields, ...signature, encoded, hash: keccakHash(encoded), sender };
      return { raw: bytesToHex(encoded), tx: formatPendingTransaction(filled) };
    },
    eth_sign: (values) => {
      const params = new Params(values);
      return personalSign(developmentAccount(backend, params.address(0, "address")), params.bytes(1, "message"));
    },
    eth_signTypedData_v4: (values) => {
      const account = developmentAccount(backend, new Params(values).address(0, "address"));
      return signBy(account, typedDataHash(values[1]));
    },
    personal_sign: (values) => {
      const params = new Params(values);
      return personalSign(developmentAccount(backend, params.address(1, "address")), params.bytes(0, "message"));
    },
  };
}
