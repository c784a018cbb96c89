import { checkClock, checkDisk, checkPorts, checkProgram } from "../doctor/checkMachine.ts";
import { checkChain, checkKeys, convertData, openData, repairData } from "../doctor/checkNode.ts";
import type { Finding } from "../doctor/finding.ts";
import { EXIT } from "../output/exitCodes.ts";
import { type CommandContext, report } from "./context.ts";
import { loadChainSpec, loadNodeConfig } from "./start.ts";

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

type Config = ReturnType<typeof loadNodeConfig>;

async function lookAtNode(config: Config, options: DoctorOptions): Promise<readonly Finding[]> {
  const spec = loadChainSpec(config.chainSpecFile);
  const findings: Finding[] = [];
  let opened = await openData(config);
  if (typeof opened === "object" && "verdict" in opened && options.repair === true) {
    findings.push(await repairData(config));
    opened = await openData(config);
  }
  const isRunning = opened === "running";
  findings.push(
    ...(await checkPorts(config, isRunning)),
    ...(await checkKeys(config, isRunning, options.passwordFile)),
  );
  if (isRunning)
    findings.push({
      check: "data",
      verdict: "ok",
      message: "in use by the running node; stop it to look through its data",
    });
  else if (opened === "none")
    findings.push({ check: "data", verdict: "ok", message: "none yet; the first start fetches it" });
  else if (typeof opened === "object" && "verdict" in opened) findings.push(opened);
  else if (typeof opened === "object") {
    try {
      const converted = options.repair === true ? await convertData(opened) : null;
      if (converted !== null) findings.push(converted);
      findings.push(...checkChain(spec, opened, options));
    } finally {
      await opened.close();
    }
  }
  return findings;
}

/**
 * `festina doctor`: looks at everything that keeps a node from running well, and says what to do. Answers with the exit
 * code: 1 when something must be mended first.
 */
export async function doctor(context: CommandContext, options: DoctorOptions): Promise<number> {
  const findings: Finding[] = [checkProgram()];
  try {
    const config = loadNodeConfig(options.config);
    findings.push({ check: "configuration", verdict: "ok", message: options.config });
    findings.push(await checkClock(options.from));
    if (config.dataDir !== null) findings.push(...checkDisk(config.dataDir));
    findings.push(...(await lookAtNode(config, options)));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) throw error;
    findings.push({ check: "configuration", verdict: "bad", message: `${message} [${code}]` });
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
