import type { AccessList, Address, Client, Hash, Hex, LocalAccount } from "viem";
import { estimateGas, getBlock, getChainId, getTransactionCount, sendRawTransaction } from "viem/actions";
import {
  type SponsoredTransaction,
  serializeSponsoredTransaction,
  sponsoredPayerHash,
  sponsoredSenderHash,
} from "../transaction/sponsoredTransaction.ts";

/** One that can sign a bare hash: of a private key or of a mnemonic. */
type SigningAccount = Pick<LocalAccount, "address" | "sign">;

export interface PrepareSponsoredTransactionParameters {
  readonly from: Address;
  readonly payer: Address;
  /** Absent: a contract is created. */
  readonly to?: Address;
  /** Wei. */
  readonly value?: bigint;
  readonly data?: Hex;
  readonly accessList?: AccessList;
  /** Wei that the sender pays for being served. */
  readonly fee?: bigint;
  /** Asked of the node where they are not given. */
  readonly nonce?: number;
  readonly gas?: bigint;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
  /** Unix seconds; ten minutes after the newest block where it is not given. */
  readonly validUntil?: bigint;
}

const VALIDITY_SECONDS = 600n;
const PRIORITY_FEE_WEI = 1_000_000_000n;

async function sign({ address, sign: signHash }: SigningAccount, hash: Hash): Promise<Hex> {
  if (signHash === undefined) throw new TypeError(`account ${address} cannot sign a hash`);
  return signHash({ hash });
}

/** Transactions whose gas another account pays. */
export function sponsorActions(client: Client) {
  const prepareSponsoredTransaction = async (
    parameters: PrepareSponsoredTransactionParameters,
  ): Promise<SponsoredTransaction> => {
    const { from, payer, to, value = 0n, data = "0x", accessList, fee = 0n, maxFeePerGas } = parameters;
    // Nodes refuse a tip above what may be paid in all.
    const usualTip = maxFeePerGas !== undefined && maxFeePerGas < PRIORITY_FEE_WEI ? maxFeePerGas : PRIORITY_FEE_WEI;
    const maxPriorityFeePerGas = parameters.maxPriorityFeePerGas ?? usualTip;
    const [chainId, block, nonce, gas] = await Promise.all([
      client.chain?.id ?? getChainId(client),
      getBlock(client),
      parameters.nonce ?? getTransactionCount(client, { address: from, blockTag: "pending" }),
      parameters.gas ??
        estimateGas(client, {
          account: from,
          value,
          data,
          ...(to === undefined ? {} : { to }),
          ...(accessList === undefined ? {} : { accessList }),
        }),
    ]);
    return {
      ...{ chainId, nonce, gas, to: to ?? null, value, data, fee, payer, maxPriorityFeePerGas },
      ...(accessList === undefined ? {} : { accessList }),
      maxFeePerGas: maxFeePerGas ?? (block.baseFeePerGas ?? 0n) * 2n + maxPriorityFeePerGas,
      validUntil: parameters.validUntil ?? block.timestamp + VALIDITY_SECONDS,
    };
  };

  return {
    /** Fills in what is not given. */
    prepareSponsoredTransaction,

    /**
     * Has both accounts sign, and sends it. Where they are not in one place, use `sponsoredSenderHash`,
     * `sponsoredPayerHash` and `serializeSponsoredTransaction`.
     */
    sendSponsoredTransaction: async (
      parameters: Omit<PrepareSponsoredTransactionParameters, "from" | "payer"> & {
        readonly account: SigningAccount;
        readonly payer: SigningAccount;
      },
    ): Promise<Hash> => {
      const { account, payer, ...rest } = parameters;
      const transaction = await prepareSponsoredTransaction({ ...rest, from: account.address, payer: payer.address });
      const sender = await sign(account, sponsoredSenderHash(transaction));
      const signatures = { sender, payer: await sign(payer, sponsoredPayerHash(transaction, sender)) };
      const serializedTransaction = serializeSponsoredTransaction(transaction, signatures);
      return sendRawTransaction(client, { serializedTransaction });
    },
  };
}
