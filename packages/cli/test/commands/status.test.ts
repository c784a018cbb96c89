// `festina status` beside whatever may answer at an address.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createPrng } from "@festina/primitives";
import { afterEach, describe, expect, it } from "@jest/globals";
import { runCommand } from "../runCommand.ts";

const HASH = `0x${"12".repeat(32)}`;
const OWNER = `0x${"34".repeat(20)}`;
const STATUS = {
  ...{ role: "observer", doing: "light: following", headNumber: 90, headHash: HASH, snailNumber: 3, snailHash: HASH },
  ...{ anchoredNumber: 88, epoch: 1, view: 91, quorumSeats: 67, committee: [{ address: OWNER, seats: 100 }] },
  ...{ missing: [], recovery: null, ahead: { fast: null, snail: null }, otherNetworks: [] },
  ...{ peers: 4, pooledTransactions: 1, pooledFruits: 0 },
};

describe("festina status", () => {
  let server: Server | null = null;
  afterEach(() => void server?.close());

  /** A web server that says the same to everybody. */
  async function answering(text: string, status = 200): Promise<string> {
    server = createServer((_request, response) => response.writeHead(status).end(text));
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const ask = (rpc: string) => runCommand("status", "--rpc", rpc);
  const result = (value: unknown): string => JSON.stringify({ jsonrpc: "2.0", id: 1, result: value });

  it("lists what was sent through a light node and waits", async () => {
    const waiting = {
      hash: HASH,
      from: OWNER,
      nonce: 7,
      waitingMs: 12_300,
      sentAgain: 1,
      problem: null,
      isGivenUp: false,
    };
    const stuck = { ...waiting, sentAgain: 30, problem: "POOL_INSUFFICIENT_BALANCE", isGivenUp: true };
    const { code, out } = await ask(await answering(result({ ...STATUS, sent: [waiting, stuck] })));
    expect(code).toBe(0);
    expect(out).toContain(`waiting      ${HASH}  nonce 7 of ${OWNER}, for 12 s, sent again once\n`);
    expect(out).toMatch(
      /sent again 30 times; could not be sent the last time: POOL_INSUFFICIENT_BALANCE; it is not sent any/,
    );
  });

  it("says what an address is that is no node's", async () => {
    for (const [text, status] of [
      ["<html>not found</html>", 404],
      ["", 200],
      ["null", 200],
      ["[]", 200],
      ["{}", 200],
      ['{"error":7}', 200],
      ['{"error":{"code":"x"}}', 500],
    ] as const) {
      const { code, err } = await ask(await answering(text, status));
      expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining("is no node") });
      server?.close();
    }
    for (const address of ["nonsense", "ftp://127.0.0.1", "http://"])
      expect(await ask(address)).toMatchObject({ code: 2, err: expect.stringContaining("is no address") });
    const closed = await answering("");
    await new Promise((resolve) => server?.close(resolve));
    expect(await ask(closed)).toMatchObject({ code: 3, err: expect.stringContaining("festina start --config FILE") });
  });

  it("takes no other result for a status", async () => {
    const random = createPrng(3);
    const keys = Object.keys(STATUS);
    const values: unknown[] = [null, 7, "x", [], {}, { committee: null }];
    for (const key of ["headNumber", "committee", "missing", "otherNetworks", "ahead", "anchoredNumber"])
      values.push({ ...STATUS, [key]: undefined }, { ...STATUS, [key]: "garbage" });
    for (let round = 0; round < 40; round++)
      values.push({ [keys[random.below(keys.length)] as string]: [null, {}, [], -1][random.below(4)] });
    for (const value of values) {
      const { code, err } = await ask(await answering(result(value)));
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("[STATUS_INVALID]") });
      server?.close();
    }
  });
});
