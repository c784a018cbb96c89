import type { ChainSpec } from "@festina/chainspec";
import { checkClock, checkDisk, checkPorts, checkProgram } from "../doctor/checkMachine.ts";
import {
  checkChain,
  checkKeys,
  convertData,
  describeBroken,
  isMendable,
  openData,
  repairData,
} from "../doctor/checkNode.ts";
import { type Finding, finding, looking, messageOf } from "../doctor/finding.ts";
import { loadChainSpec, loadNodeConfig } from "../nodeFiles.ts";
import { EXIT } from "../output/exitCodes.ts";
import { type CommandContext, report } from "./context.ts";

export interface DoctorOptions {
  readonly config: string;
  /** A trusted node whose clock to compare with. */
  readonly from?: string;
  readonly passwordFile?: string;
  readonly blocks: number;
  readonly repair?: boolean;
  readonly json?: boolean;
}

const MARK = { ok: "ok  ", warn: "WARN", bad: "BAD " } as const;

/** What to do about a configuration or a chain spec that cannot be used. */
const CONFIGURATION_CURES: Readonly<Record<string, string>> = {
  FILE_UNREADABLE: "; festina init makes the folder of a node, and this user must be allowed to read it",
  FILE_INVALID: "; put it back from a copy, or take it from a new folder of festina init",
};

type Config = ReturnType<typeof loadNodeConfig>;

interface Looked {
  readonly state: "none" | "running" | "stopped";
  readonly findings: readonly Finding[];
}

/** @throws OperationError when the store does not open, or breaks off while it is read */
async function lookThrough(config: Config, spec: ChainSpec, options: DoctorOptions): Promise<Looked> {
  const opened = await openData(config);
  const said = (message: string) => [finding("data", "ok", message)];
  if (opened === "running")
    return { state: "running", findings: said("in use by the running node; stop it to look through its data") };
  if (opened === "none") return { state: "none", findings: said("none yet; the first start fetches it") };
  try {
    const converted = options.repair === true ? await convertData(opened) : null;
    const findings = [...(converted === null ? [] : [converted]), ...checkChain(spec, opened, options)];
    return { state: "stopped", findings };
  } finally {
    await opened.close();
  }
}

async function lookAtData(config: Config, spec: ChainSpec, options: DoctorOptions): Promise<Looked> {
  try {
    return await lookThrough(config, spec, options);
  } catch (error) {
    if (options.repair !== true || !isMendable(error))
      return { state: "stopped", findings: [describeBroken(error, false)] };
  }
  const repaired = await repairData(config);
  try {
    const { state, findings } = await lookThrough(config, spec, options);
    return { state, findings: [repaired, ...findings] };
  } catch (error) {
    return { state: "stopped", findings: [repaired, describeBroken(error, true)] };
  }
}

async function lookAtNode(config: Config, options: DoctorOptions): Promise<readonly Finding[]> {
  const spec = loadChainSpec(config.chainSpecFile);
  const { state, findings } = await lookAtData(config, spec, options);
  const isRunning = state === "running";
  const place = { isRunning, hasChain: state !== "none" };
  return [
    ...(await looking("ports", () => checkPorts(config, isRunning))),
    ...(await looking("keys", () => checkKeys(config, place, options.passwordFile))),
    ...findings,
  ];
}

/**
 * `festina doctor`: looks at everything that keeps a node from running well, and says what to do. Answers with the exit
 * code: 1 when something must be mended first.
 */
export async function doctor(context: CommandContext, options: DoctorOptions): Promise<number> {
  const findings: Finding[] = [checkProgram()];
  try {
    const config = loadNodeConfig(options.config);
    findings.push(finding("configuration", "ok", options.config));
    findings.push(await checkClock(options.from));
    if (config.dataDir !== null) findings.push(...checkDisk(config.dataDir));
    findings.push(...(await lookAtNode(config, options)));
  } catch (error) {
    if ((error as { code?: unknown }).code === undefined) throw error;
    const cure = CONFIGURATION_CURES[String((error as { code: unknown }).code)] ?? "";
    findings.push(finding("configuration", "bad", `${messageOf(error)}${cure}`));
  }
  const isWell = findings.every(({ verdict }) => verdict !== "bad");
  report(
    context,
    options.json,
    { isWell, findings },
    findings.map(({ check, verdict, message }) => `${MARK[verdict]}  ${check.padEnd(13)}  ${message}`),
  );
  return isWell ? EXIT.done : EXIT.failed;
}
