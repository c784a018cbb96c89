// Hardhat's evm_setIntervalMining takes milliseconds, anvil's seconds: the name that the chain gives itself decides.
import { createRpcClient, createRpcServer } from "@festina/rpc";
import { expect, it } from "@jest/globals";
import { createDev } from "./devFixture.ts";

it.each([
  ["anvil/v1", 20],
  ["HardhatNetwork/2", 0.02],
  ["Festina/0", 0.02],
])("a chain named %s makes a block every %d s when it is told 20", async (name, seconds) => {
  const chain = createDev({ modes: { isAutomatic: false } });
  await chain.start();
  const backend = { ...chain.createBackend(), clientVersion: () => name };
  const server = await createRpcServer(backend, { host: "127.0.0.1", port: 0, clock: chain.clock });
  const { call } = createRpcClient(server.url);
  try {
    expect(await call("evm_setIntervalMining", [20])).toBe(true);
    expect(await call("anvil_getIntervalMining", [])).toBe(seconds);
    await call("anvil_setIntervalMining", [30]);
    expect(await call("anvil_getIntervalMining", [])).toBe(30);
  } finally {
    await server.close();
    await chain.stop();
  }
});
