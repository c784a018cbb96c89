import { Contract, ContractFactory, JsonRpcProvider, NonceManager, Wallet } from "ethers";
import { compileToken } from "./compileToken.ts";
import type { DevnetProcess } from "./devnetProcess.ts";
import { waitForReceipt } from "./receipts.ts";
import { GWEI, sendSigned, signSponsored } from "./sponsoredTransaction.ts";

export interface TrafficTrace {
  readonly token: string;
  readonly creator: string;
}

/**
 * Sends one transaction of every type that the chain takes, creations, logs and a failure among them, and then plain
 * payments, each waited for, until the chain has `blocks` blocks.
 */
export async function makeMixedTraffic(devnet: DevnetProcess, blocks: number): Promise<TrafficTrace> {
  const provider = new JsonRpcProvider(devnet.url(), undefined, { staticNetwork: true });
  provider.pollingInterval = 50;
  const wallet = new NonceManager(new Wallet(devnet.accounts[0]!.secretKey, provider));
  const authority = new Wallet(devnet.accounts[3]!.secretKey, provider);
  const to = devnet.accounts[7]!.address;
  const token = compileToken();
  const deployed = await new ContractFactory(token.abi, token.bytecode, wallet).deploy("Mixed", 1_000n);
  await deployed.waitForDeployment();
  const tokenAddress = await deployed.getAddress();
  const contract = new Contract(tokenAddress, token.abi, wallet);
  await (await contract.getFunction("transfer")(to, 5n)).wait();
  const gasPrice = 10n * GWEI;
  const authorization = await authority.authorize({ address: tokenAddress, nonce: 0n });
  const storageKeys = [`0x${"00".repeat(32)}`];
  const gasLimit = 200_000n;
  for (const request of [
    { type: 0, to, value: 1n, gasPrice },
    { type: 1, to: tokenAddress, gasPrice, gasLimit, accessList: [{ address: tokenAddress, storageKeys }] },
    { type: 2, to, value: 2n, data: "0xfe" },
    { type: 4, to, value: 3n, gasLimit, authorizationList: [authorization] },
  ]) {
    // The token takes no plain payment: type 1 here is mined and fails.
    await (await wallet.sendTransaction(request)).wait().catch(() => undefined);
  }
  const rpc = devnet.rpc();
  const [, sender, payer] = devnet.accounts;
  const sponsored = { sender: sender!, payer: payer!, to, valueWei: 7n, feeWei: 9n };
  await waitForReceipt(rpc, await sendSigned(rpc, await signSponsored(rpc, sponsored)));
  while ((await devnet.head()) < blocks) {
    const sent = [await wallet.sendTransaction({ to, value: 1n }), await wallet.sendTransaction({ to, value: 2n })];
    for (const { hash } of sent) await waitForReceipt(rpc, hash);
  }
  provider.destroy();
  return { token: tokenAddress, creator: devnet.accounts[0]!.address };
}
