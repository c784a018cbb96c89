// Threads run the built worker file, so this drives the built package; `npm test` builds first.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CompileAnswer } from "@festina/tvm";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type CompileThread, type CompileThreadOptions, createCompileThread, kernelInput } from "../../src/index.ts";
import { ADVERSARIAL_CODES } from "./adversarialCodes.ts";

const built = new URL("../../dist/compiler/compileWorker.js", import.meta.url);
const isBuilt = existsSync(built);

describe("the compiling thread", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-compiler-"));
  const open: CompileThread[] = [];
  afterAll(async () => {
    for (const thread of open) await thread.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (options: Partial<CompileThreadOptions>): CompileThread => {
    const thread = createCompileThread({ input: kernelInput(), worker: built, ...options });
    open.push(thread);
    return thread;
  };
  const workerThat = (does: string): URL => {
    const file = join(folder, `worker-${open.length}.mjs`);
    writeFileSync(
      file,
      `import { parentPort } from "node:worker_threads";\nparentPort.on("message", () => { ${does} });\n`,
    );
    return pathToFileURL(file);
  };
  const compile = (thread: CompileThread, code: Uint8Array): Promise<CompileAnswer> =>
    new Promise((answer) => {
      // What waits for the thread must keep the test alive: the thread does not.
      const alive = setInterval(() => undefined, 1_000);
      thread.compile(code, (given) => {
        clearInterval(alive);
        answer(given);
      });
    });

  it("answers with modules that this thread can use, and with refusals", async () => {
    if (!isBuilt) {
      console.warn("packages/adapters is not built: the compiling thread was not tested");
      return;
    }
    const thread = start({});
    const answer = await compile(thread, Uint8Array.of(0x60, 1, 0x5b));
    if (answer.kind !== "compiled") throw new Error(`refused: ${answer.reason}`);
    expect(String(answer.module)).toBe("[object WebAssembly.Module]");
    expect([...answer.functions].map((entry) => entry !== 0)).toEqual([true, false, true, false]);
    const refused = await compile(thread, ADVERSARIAL_CODES["jumpDestinations"] as Uint8Array);
    expect(refused).toMatchObject({ kind: "refused", reason: "TOO_MANY_FUNCTIONS" });
    expect(await compile(thread, Uint8Array.of(0))).toMatchObject({ kind: "compiled" });
  }, 20_000);

  it("gives up on what takes too long, and compiles the next one in another thread", async () => {
    const thread = start({ worker: workerThat("for (;;) {}"), timeoutMs: 300 });
    expect(await compile(thread, Uint8Array.of(0))).toMatchObject({ kind: "refused", reason: "TOO_SLOW" });
    expect(await compile(thread, Uint8Array.of(0))).toMatchObject({ kind: "refused", reason: "TOO_SLOW" });
  }, 20_000);

  it("outlives a thread that throws, ends, or takes too much memory", async () => {
    const refused = { kind: "refused", reason: "COMPILER_FAILED" };
    for (const does of [
      'throw new Error("no")',
      "process.exit(3)",
      "const all = []; for (;;) all.push(Array(1_000).fill(0.5))",
    ]) {
      const thread = start({ worker: workerThat(does), timeoutMs: 15_000, heapMbMax: 16 });
      expect(await compile(thread, Uint8Array.of(0))).toMatchObject(refused);
    }
  }, 30_000);

  it("answers nothing once it is closed", async () => {
    const thread = start({ worker: workerThat("") });
    let answers = 0;
    thread.compile(Uint8Array.of(0), () => {
      answers += 1;
    });
    await thread.close();
    thread.compile(Uint8Array.of(0), () => {
      answers += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answers).toBe(0);
  });
});
