import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Contract, ContractFactory, JsonRpcProvider, Wallet, WebSocketProvider } from "ethers";
import { createPublicClient, createWalletClient, defineChain, http, parseEventLogs, webSocket } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type CompiledContract, compileToken } from "./compileToken.ts";
import { type DevnetAccount, type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { cast, forgeScript } from "./foundry.ts";
import { waitFor } from "./waitFor.ts";

// The four clients that contract developers use, unchanged, each with a token of its own on one devnet.

const CHAIN_ID = 19_330;
const SUPPLY = 1_000_000n;

describe("Ethereum clients", () => {
  let devnet: DevnetProcess;
  let token: CompiledContract;
  const account = (index: number): DevnetAccount => devnet.accounts[index]!;
  const hex = (text: string): `0x${string}` => text as `0x${string}`;

  beforeAll(async () => {
    token = compileToken();
    devnet = await startDevnet();
  }, 120_000);

  afterAll(async () => {
    expect(await devnet.stop()).toEqual({ exitCode: 0, leftOver: [] });
  }, 60_000);

  it("viem deploys, transfers, reads logs and hears of blocks over WebSocket", async () => {
    const rpcUrls = { default: { http: [devnet.url()], webSocket: [devnet.webSocketUrl()] } };
    const nativeCurrency = { name: "Festina", symbol: "FST", decimals: 18 };
    const chain = defineChain({ id: CHAIN_ID, name: "Festina devnet", nativeCurrency, rpcUrls });
    const sender = privateKeyToAccount(hex(account(0).secretKey));
    const receiver = hex(account(5).address);
    const reader = createPublicClient({ chain, transport: http(), pollingInterval: 100 });
    const wallet = createWalletClient({ chain, transport: http(), account: sender });
    const listener = createPublicClient({ chain, transport: webSocket() });
    const heard: bigint[] = [];
    const stopListening = listener.watchBlockNumber({ onBlockNumber: (number) => heard.push(number) });
    const { abi, bytecode } = token as unknown as { abi: []; bytecode: `0x${string}` };

    const creation = await wallet.deployContract({ abi, bytecode, args: ["Viem", SUPPLY] as never });
    const created = await reader.waitForTransactionReceipt({ hash: creation, timeout: 20_000 });
    expect(created.status).toBe("success");
    const address = hex(created.contractAddress!);
    const functionCall = { address, abi, functionName: "transfer", args: [receiver, 100n] } as never;
    const moved = await reader.waitForTransactionReceipt({ hash: await wallet.writeContract(functionCall) });

    expect(moved.status).toBe("success");
    const logs = parseEventLogs({ abi: abi as never, logs: moved.logs, eventName: "Transfer" as never }) as {
      args: { value: bigint };
    }[];
    expect(logs.map(({ args }) => args.value)).toEqual([100n]);
    const found = await reader.getLogs({ address, fromBlock: created.blockNumber, toBlock: moved.blockNumber });
    expect(found.map(({ transactionHash }) => transactionHash)).toEqual([creation, moved.transactionHash]);
    const balance = { address, abi, functionName: "balanceOf", args: [receiver] } as never;
    expect(await reader.readContract(balance)).toBe(100n);
    await waitFor("two heads", 20_000, () => (heard.length >= 2 ? true : null));
    expect(heard).toEqual([...heard].sort((a, b) => Number(a - b)));
    stopListening();
    await listener.transport.getRpcClient().then((client) => client.close());
  }, 60_000);

  it("ethers deploys, transfers, reads logs and hears of blocks over WebSocket", async () => {
    // By default it gives the same answer again for 250 ms, also to a question for the next nonce; a transaction is final here sooner.
    const options = { staticNetwork: true, polling: true, cacheTimeout: -1 };
    const provider = new JsonRpcProvider(devnet.url(), CHAIN_ID, options);
    provider.pollingInterval = 100;
    const wallet = new Wallet(account(1).secretKey, provider);
    const receiver = account(5).address;
    const listener = new WebSocketProvider(devnet.webSocketUrl());
    const heard: number[] = [];
    await listener.on("block", (number: number) => heard.push(number));

    const deployed = await new ContractFactory(token.abi, token.bytecode, wallet).deploy("Ethers", SUPPLY);
    await deployed.waitForDeployment();
    const contract = new Contract(await deployed.getAddress(), token.abi, wallet);
    const sent = await contract.getFunction("transfer")(receiver, 77n);
    const receipt = await sent.wait(1, 20_000);

    expect(receipt.status).toBe(1);
    expect(await contract.getFunction("balanceOf")(receiver)).toBe(77n);
    expect(await contract.getFunction("balanceOf")(wallet.address)).toBe(SUPPLY - 77n);
    const logs = await contract.queryFilter("Transfer", 0, "latest");
    expect(logs.map((log) => log.transactionHash)).toEqual([deployed.deploymentTransaction()?.hash, receipt.hash]);
    // A refused call keeps its reason: OpenZeppelin's custom error, decoded from the revert data.
    const tooMuch = contract.getFunction("transfer").staticCall(receiver, SUPPLY);
    await expect(tooMuch).rejects.toMatchObject({ revert: { name: "ERC20InsufficientBalance" } });
    await waitFor("two heads", 20_000, () => (heard.length >= 2 ? true : null));
    await listener.destroy();
    provider.destroy();
  }, 60_000);

  it("cast deploys, transfers and reads logs", async () => {
    const url = devnet.url("member-2");
    const from = ["--rpc-url", url, "--private-key", account(2).secretKey, "--json"];
    const args = (await cast(["abi-encode", "f(string,uint256)", "Cast", `${SUPPLY}`])).slice(2);
    const created = JSON.parse(await cast(["send", ...from, "--create", `${token.bytecode}${args}`]));
    expect(created.status).toBe("0x1");
    const address: string = created.contractAddress;
    const receiver = account(5).address;
    const moved = JSON.parse(await cast(["send", ...from, address, "transfer(address,uint256)", receiver, "42"]));

    expect(moved.status).toBe("0x1");
    const balance = await cast(["call", "--rpc-url", url, address, "balanceOf(address)(uint256)", receiver]);
    expect(balance).toBe("42");
    const filter = ["--address", address, "--from-block", "0", "Transfer(address,address,uint256)"];
    const logs = JSON.parse(await cast(["logs", "--rpc-url", url, "--json", ...filter]));
    expect(logs.map((log: { transactionHash: string }) => log.transactionHash)).toEqual([
      created.transactionHash,
      moved.transactionHash,
    ]);
    expect(await cast(["receipt", "--rpc-url", url, moved.transactionHash, "status"])).toMatch(/^(1|true|0x1)/);
    expect(await cast(["chain-id", "--rpc-url", url])).toBe(`${CHAIN_ID}`);
  }, 90_000);

  it("forge script deploys and transfers", async () => {
    const receiver = account(5).address;
    const env = { SECRET_KEY: account(3).secretKey, RECEIVER: receiver };
    const broadcast = await forgeScript({ url: devnet.url(), chainId: CHAIN_ID, env });

    expect(broadcast.receipts.map(({ status }) => status)).toEqual(["0x1", "0x1"]);
    const address = broadcast.transactions[0]?.contractAddress;
    const provider = new JsonRpcProvider(devnet.url(), CHAIN_ID, { staticNetwork: true });
    const contract = new Contract(address!, token.abi, provider);
    expect(await contract.getFunction("name")()).toBe("Forged");
    expect(await contract.getFunction("balanceOf")(receiver)).toBe(250n);
    expect(await contract.getFunction("balanceOf")(account(3).address)).toBe(SUPPLY - 250n);
    const logs = await contract.queryFilter("Transfer", 0, "latest");
    expect(logs.map((log) => log.transactionHash)).toEqual(broadcast.transactions.map(({ hash }) => hash));
    provider.destroy();
  }, 120_000);

  it("a token's transfers are traced as geth traces them", async () => {
    const provider = new JsonRpcProvider(devnet.url(), CHAIN_ID, { staticNetwork: true, cacheTimeout: -1 });
    provider.pollingInterval = 100;
    const wallet = new Wallet(account(4).secretKey, provider);
    const deployed = await new ContractFactory(token.abi, token.bytecode, wallet).deploy("Traced", SUPPLY);
    await deployed.waitForDeployment();
    const contract = new Contract(await deployed.getAddress(), token.abi, wallet);
    const sent = await contract.getFunction("transfer")(account(5).address, 9n);
    const receipt = await sent.wait(1, 20_000);
    const to = (await deployed.getAddress()).toLowerCase();
    const from = wallet.address.toLowerCase();
    const trace = (config?: object) => provider.send("debug_traceTransaction", [receipt.hash, config]);
    const word = `0x${"1".padStart(64, "0")}`;

    const steps = await trace({ enableMemory: true });
    expect(steps).toMatchObject({ gas: Number(receipt.gasUsed), failed: false, returnValue: word });
    for (const [index, { gas, gasCost, depth }] of steps.structLogs.entries()) {
      expect(depth).toBe(1);
      const next = steps.structLogs[index + 1];
      if (next !== undefined) expect(next.gas).toBe(gas - gasCost);
    }
    const stores = steps.structLogs.filter(({ op }: { op: string }) => op === "SSTORE");
    expect(stores.map(({ storage }: { storage: object }) => Object.keys(storage).length)).toEqual([1, 2]);

    const call = await trace({ tracer: "callTracer", tracerConfig: { withLog: true } });
    const [log] = receipt.logs;
    expect(call).toEqual({
      ...{ type: "CALL", from, to, value: "0x0", input: sent.data, output: word },
      ...{ gas: `0x${sent.gasLimit.toString(16)}`, gasUsed: `0x${receipt.gasUsed.toString(16)}` },
      logs: [{ address: to, topics: [...log.topics], data: log.data, position: "0x0" }],
    });

    const difference = await trace({ tracer: "prestateTracer", tracerConfig: { diffMode: true } });
    expect(difference.pre[from]).toMatchObject({ nonce: 1 });
    expect(difference.post[from]).toMatchObject({ nonce: 2 });
    for (const [state, block] of [
      [difference.pre, receipt.blockNumber - 1],
      [difference.post, receipt.blockNumber],
    ]) {
      const balance = await provider.send("eth_getBalance", [from, `0x${block.toString(16)}`]);
      expect(state[from].balance).toBe(balance);
      for (const [slot, value] of Object.entries(state[to].storage))
        expect(await provider.send("eth_getStorageAt", [to, slot, `0x${block.toString(16)}`])).toBe(value);
    }
    expect(Object.keys(difference.post[to].storage)).toHaveLength(2);
    expect(difference.post[to]).not.toHaveProperty("balance");

    const block = await provider.send("debug_traceBlockByHash", [receipt.blockHash, { tracer: "callTracer" }]);
    const { logs: _, ...plain } = call;
    expect(block).toContainEqual({ txHash: receipt.hash, result: plain });
    const tooMuch = await contract.getFunction("transfer").populateTransaction(account(5).address, SUPPLY);
    const options = { tracer: "callTracer" };
    const refused = await provider.send("debug_traceCall", [{ from, to, data: tooMuch.data }, "latest", options]);
    expect(refused).toMatchObject({ error: "execution reverted", output: expect.stringMatching(/^0xe450d38c/) });
    expect(refused).not.toHaveProperty("revertReason");
    provider.destroy();
  }, 60_000);
});
