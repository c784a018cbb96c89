// CPU time of other processes, from /proc; nothing where there is none.
import { readdirSync, readFileSync } from "node:fs";

/** Kernel clock ticks per second; 100 on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

/** Process ids by the part of the command line that names a node's folder. */
export function findProcesses(folders) {
  const found = new Map();
  let entries;
  try {
    entries = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return found;
  }
  for (const pid of entries) {
    let line = "";
    try {
      line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      continue; // it has just ended
    }
    const folder = folders.find((candidate) => line.includes(candidate));
    if (folder !== undefined && line.includes("start")) found.set(folder, Number(pid));
  }
  return found;
}

/** Milliseconds of all threads of a process since it began. */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Fields after the name, which is in brackets and may hold anything: user and system time are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}
