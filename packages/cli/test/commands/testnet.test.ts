import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { specHash } from "@festina/types";
import { afterAll, describe, expect, it } from "@jest/globals";
import { loadChainSpec, loadNodeConfig } from "../../src/nodeFiles.ts";
import { readSeatFolder } from "../../src/seat/seatFolder.ts";
import { runCommand } from "../runCommand.ts";

const home = mkdtempSync(join(tmpdir(), "festina-cli-testnet-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
process.env["FESTINA_PASSWORD"] = "festina";

const OWN = `0x${"12".repeat(20)}`;
/** Forge's scripts create contracts by it. */
const DETERMINISTIC_DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c";

describe("festina testnet", () => {
  it("writes a folder for each process, with the hosts and ports of the others", async () => {
    const out = join(home, "net");
    const hosts = ["--hosts", "10.0.0.1,10.0.0.2,node.example.org"];
    const ports = ["--rpc-port", "8000", "--network-port", "9000"];
    const size = ["--members", "2", "--miners", "2", "--fund", OWN];
    const { code, out: said } = await runCommand("testnet", "--out", out, ...size, ...hosts, ...ports, "--json");
    expect(code).toBe(0);
    const answer = JSON.parse(said);
    const names = ["member-1", "member-2", "miner-1", "miner-2"];
    expect(readdirSync(out).sort()).toEqual([...names, "network.json"]);
    const places = ["10.0.0.1:9000", "10.0.0.2:9000", "node.example.org:9000", "node.example.org:9001"];
    const addresses = answer.nodes.map(({ address }: { address: string }) => address);
    expect(addresses.map((address: string) => address.split("@")[1])).toEqual(places);
    names.forEach((name, index) => {
      const config = loadNodeConfig(join(out, name, "config.json"));
      expect(config.network).toMatchObject({
        host: "0.0.0.0",
        port: 9_000 + (index === 3 ? 1 : 0),
        peers: addresses.filter((_: string, other: number) => other !== index),
      });
      expect(config.rpc).toMatchObject({ host: "127.0.0.1", port: 8_000 + (index === 3 ? 1 : 0) });
      const announced = index < 2 ? [places[index]] : undefined;
      expect(config.network?.announce).toEqual(announced);
      expect(config.developmentAccounts).toBe(0);
      expect([config.validator === null, config.miner === null]).toEqual([index >= 2, index < 2]);
      expect(specHash(loadChainSpec(config.chainSpecFile))).toBe(answer.specHash);
    });
    const spec = loadChainSpec(join(out, "miner-1/chainspec.json"));
    const seats = ["member-1", "member-2"].map((name) => readSeatFolder(join(out, name, "keys")).address);
    expect(spec.genesisValidators.map(({ address }) => address)).toEqual(seats);
    expect(spec.genesisAccounts.map(({ address }) => address)).toEqual([OWN, ...seats, DETERMINISTIC_DEPLOYER]);
    expect(loadNodeConfig(join(out, "miner-1/config.json")).miner).toMatchObject({ payout: OWN, supports: seats });
    expect(JSON.parse(readFileSync(join(out, "member-1/config.json"), "utf8"))).not.toHaveProperty("password");
  });

  it.each([
    ["a host that is none", ["--hosts", "10.0.0.1,a b"], "HOST_INVALID", 2],
    ["more hosts than processes", ["--members", "1", "--miners", "0", "--hosts", "a,b"], "HOSTS_TOO_MANY", 2],
    ["ports beyond the last", ["--rpc-port", "65534"], "PORTS_TOO_HIGH", 2],
    ["an account that is none", ["--fund", "0x12"], "ADDRESS_INVALID", 2],
    ["a folder that is there", ["--out", home], "FOLDER_EXISTS", 1],
  ])("given %s writes nothing", async (_what, args, reason, exitCode) => {
    const out = join(home, "never");
    const { code, err } = await runCommand("testnet", "--out", out, ...args);
    expect({ code, err }).toEqual({ code: exitCode, err: expect.stringContaining(`[${reason}]`) });
    expect(existsSync(out)).toBe(false);
  });
});
