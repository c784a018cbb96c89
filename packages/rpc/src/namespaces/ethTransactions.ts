import { type AccountSigner, createAccountSigner, keccak256, signHash } from "@festina/crypto";
import { asciiToBytes, bytesToHex, concatBytes } from "@festina/primitives";
import { impersonate, signTransactionAs, TRANSACTION_TYPE, type TransactionFields } from "@festina/types";
import type { Method } from "../jsonRpc/dispatch.ts";
import { optionalQuantity, Params, toQuantity } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError, refusal } from "../jsonRpc/rpcError.ts";
import type { CallRequest, DevelopmentAccount, RpcBackend } from "../ports.ts";
import { requireState, stateNumber } from "./blockTag.ts";
import { parseCallRequest, requireSuccess } from "./callRequest.ts";
import { parseOverrides } from "./parseOverrides.ts";

/** Offered when a sender names no priority: enough to come before transactions that pay nothing. */
const DEFAULT_PRIORITY_WEI = 1_000_000_000n;

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

async function estimate(backend: RpcBackend, request: CallRequest, number: number): Promise<bigint> {
  const outcome = requireState(await backend.execution.estimateGas(request, number));
  return requireSuccess(outcome).gasUsed;
}

async function fillTransaction(
  backend: RpcBackend,
  fields: Readonly<Record<string, unknown>>,
): Promise<TransactionFields> {
  const request = parseCallRequest(fields);
  if (fields["authorizationList"] !== undefined)
    throw invalidParams("authorizationList: sign and use eth_sendRawTransaction");
  const chainId = optionalQuantity(fields["chainId"], "chainId");
  if (chainId !== null && chainId !== backend.chain.chainId)
    throw invalidParams(`chainId: this is chain ${backend.chain.chainId}, not ${chainId}`);
  const gasPrice = optionalQuantity(fields["gasPrice"], "gasPrice");
  const priority =
    gasPrice ?? optionalQuantity(fields["maxPriorityFeePerGas"], "maxPriorityFeePerGas") ?? DEFAULT_PRIORITY_WEI;
  const maxFee =
    gasPrice ?? optionalQuantity(fields["maxFeePerGas"], "maxFeePerGas") ?? defaultMaxFee(backend, priority);
  const gasLimit = request.gas ?? (await estimate(backend, request, backend.chain.head()));
  return {
    type: gasPrice === null ? TRANSACTION_TYPE.feeMarket : TRANSACTION_TYPE.legacy,
    chainId: backend.chain.chainId,
    nonce: optionalQuantity(fields["nonce"], "nonce") ?? backend.pool.nextNonce(request.from),
    maxFeePerGasWei: maxFee,
    maxPriorityFeePerGasWei: priority > maxFee ? maxFee : priority,
    gasLimit,
    to: request.to,
    valueWei: request.valueWei,
    data: request.data,
    accessList: gasPrice === null ? request.accessList : [],
    authorizations: [],
    sponsorship: null,
  };
}

async function submit(backend: RpcBackend, encoded: Uint8Array): Promise<string> {
  const submitted = await backend.pool.submit(encoded);
  if (!submitted.ok) throw refusal(submitted.error);
  return submitted.value;
}

/** EIP-191: what wallets sign when they sign a message. */
function personalSign(account: DevelopmentAccount, message: Uint8Array): string {
  const prefix = asciiToBytes(`\x19Ethereum Signed Message:\n${message.length}`);
  const { r, s, yParity } = signHash(keccak256(concatBytes(prefix, message)), account.secretKey);
  const digits = r.toString(16).padStart(64, "0") + s.toString(16).padStart(64, "0");
  return `0x${digits}${(27 + yParity).toString(16)}`;
}

/** (transaction, block, state overrides, block overrides) */
function overriddenCall(values: readonly unknown[]): CallRequest {
  const request = parseCallRequest(new Params(values).object(0, "transaction"));
  return { ...request, overrides: parseOverrides(values[2], values[3]) };
}

/** Calls, estimates and sending. */
export function ethTransactionMethods(backend: RpcBackend): Record<string, Method> {
  const { chain, execution } = backend;
  return {
    eth_call: async (values) => {
      const request = overriddenCall(values);
      const outcome = requireState(await execution.call(request, stateNumber(backend, values[1])));
      return bytesToHex(requireSuccess(outcome).output);
    },
    eth_estimateGas: async (values) => {
      const request = overriddenCall(values);
      return toQuantity(await estimate(backend, request, stateNumber(backend, values[1])));
    },
    eth_createAccessList: async (values) => {
      const request = overriddenCall(values);
      const outcome = requireState(await execution.accessList(request, stateNumber(backend, values[1])));
      if (outcome.kind === "refused") throw refusal(outcome.error);
      const { accessList, gasUsed, failure } = outcome;
      return { accessList, gasUsed: toQuantity(gasUsed), ...(failure !== null && { error: failure }) };
    },
    eth_gasPrice: () => toQuantity(chain.nextBaseFeeWei() + DEFAULT_PRIORITY_WEI),
    eth_maxPriorityFeePerGas: () => toQuantity(DEFAULT_PRIORITY_WEI),
    eth_sendRawTransaction: (values) => submit(backend, new Params(values).bytes(0, "transaction")),
    eth_accounts: () => backend.developmentAccounts.map(({ address }) => address),
    eth_sendTransaction: async (values) => {
      const fields = new Params(values).object(0, "transaction");
      const { from } = parseCallRequest(fields);
      if (backend.development?.isImpersonated(from) === true)
        return submit(backend, impersonate(await fillTransaction(backend, fields), from).encoded);
      const account = developmentAccount(backend, from);
      return submit(backend, signTransactionAs(await fillTransaction(backend, fields), signerOf(account)).encoded);
    },
    eth_sign: (values) => {
      const params = new Params(values);
      return personalSign(developmentAccount(backend, params.address(0, "address")), params.bytes(1, "message"));
    },
    personal_sign: (values) => {
      const params = new Params(values);
      return personalSign(developmentAccount(backend, params.address(1, "address")), params.bytes(0, "message"));
    },
  };
}
