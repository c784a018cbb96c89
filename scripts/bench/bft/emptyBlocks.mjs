// Empty blocks back to back: with a heartbeat of 1 ms a leader that has nothing to do proposes at once all the same.
import { DevnetUnderTest } from "../../campaigns/devnet/devnetUnderTest.mjs";
import { sleep } from "../../campaigns/devnet/patience.mjs";
import { median } from "../../statistics.mjs";
import { cpuMs, findProcesses } from "./cpuTime.mjs";

/** The first blocks are made by code that is still being compiled. */
const WARM_UP = { blocks: 300, msMax: 60_000 };

export async function measureEmptyBlocks(dataDir, { seconds, suite, rpcPort }) {
  const network = new DevnetUnderTest(dataDir, ["--miners", "0", "--suite", suite, "--heartbeat-ms", "1"]);
  try {
    await network.start(rpcPort);
    await warmUp(network);
    const members = network.placed.filter(({ name }) => network.members.includes(name));
    const processes = [...findProcesses(members.map(({ layout }) => layout.folder)).values()];
    const before = { ms: performance.now(), head: await network.head("member-1"), cpu: processes.map(cpuMs) };
    await sleep(seconds * 1_000);
    const after = { ms: performance.now(), head: await network.head("member-1"), cpu: processes.map(cpuMs) };
    const blocks = after.head - before.head;
    const perBlock = after.cpu.map((ms, index) => (ms - before.cpu[index]) / blocks);
    return { blocks, blocksPerSecond: (blocks * 1_000) / (after.ms - before.ms), cpuMsPerBlock: median(perBlock) };
  } finally {
    await network.stop();
  }
}

async function warmUp(network) {
  const untilMs = performance.now() + WARM_UP.msMax;
  while (performance.now() < untilMs && (await network.head("member-1")) < WARM_UP.blocks) await sleep(250);
}
