// A run as a sequence chart in one HTML file: a line for each process, arrows for messages, time downwards. Needs nothing
// else to be looked at.
import type { NameOf, TraceLine } from "./traceLine.ts";

export interface ChartOptions {
  readonly title: string;
  readonly processes: number;
  readonly nameOf: NameOf;
  readonly lines: readonly TraceLine[];
  /** Words to put on top: what was broken. */
  readonly verdict: readonly string[];
}

/** The last so many: a browser has to draw them. */
const ROWS_MAX = 3_000;
const COLUMN_PX = 190;
const ROW_PX = 18;
const LEFT_PX = 110;
const TOP_PX = 40;

const ESCAPED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeText = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPED[character] ?? "");

const xOf = (who: number): number => LEFT_PX + who * COLUMN_PX;

/** Colour by what it is: votes for, votes to go on, certificates, faults. */
function classOf(what: string): string {
  if (/fault|crash|pause|dies|silent/.test(what)) return "fault";
  if (/viewChange|skipped|VIEW-CHANGE/i.test(what)) return "skip";
  if (/final|committed|commit/i.test(what)) return "commit";
  return /prePrepare|PRE-PREPARE/.test(what) ? "propose" : "prepare";
}

function drawRow({ atMs, who, what, from }: TraceLine, row: number, nameOf: NameOf): string {
  const y = TOP_PX + (row + 1) * ROW_PX;
  const time = `<text class="time" x="4" y="${y + 4}">${(atMs / 1_000).toFixed(3)}</text>`;
  const text = escapeText(what);
  const kind = classOf(what);
  if (from !== null && who >= 0) {
    const middle = (xOf(from) + xOf(who)) / 2;
    const tip = who > from ? xOf(who) - 3 : xOf(who) + 3;
    return (
      `${time}<line class="${kind}" x1="${xOf(from)}" y1="${y}" x2="${tip}" y2="${y}" marker-end="url(#tip)"/>` +
      `<text class="said" x="${middle}" y="${y - 3}">${text}</text>`
    );
  }
  if (who < 0) return `${time}<text class="fault" x="${LEFT_PX}" y="${y + 4}">${nameOf(who)}: ${text}</text>`;
  return `${time}<circle class="${kind}" cx="${xOf(who)}" cy="${y}" r="4"/><text x="${xOf(who) + 8}" y="${y + 4}">${text}</text>`;
}

const STYLE = `body{font:13px system-ui,sans-serif;margin:16px;background:#fff;color:#222}svg text{font:11px ui-monospace,monospace}
.time{fill:#888}.said{text-anchor:middle;fill:#555;font-size:9px}.life{stroke:#ccc}.head{font-weight:bold;text-anchor:middle}
line.prepare,circle.prepare{stroke:#2f6fb0;fill:#2f6fb0}line.propose,circle.propose{stroke:#7a4fb0;fill:#7a4fb0}
line.commit,circle.commit{stroke:#2b8a3e;fill:#2b8a3e}line.skip,circle.skip{stroke:#c77700;fill:#c77700}
line.fault,circle.fault{stroke:#c0392b;fill:#c0392b}text.fault{fill:#c0392b}.broken{color:#c0392b;font-weight:bold}`;

export function drawSequenceChart({ title, processes, nameOf, lines, verdict }: ChartOptions): string {
  const rows = lines.slice(-ROWS_MAX);
  const height = TOP_PX + (rows.length + 2) * ROW_PX;
  const width = xOf(processes);
  const lives = Array.from({ length: processes }, (_, who) => {
    const x = xOf(who);
    return `<text class="head" x="${x}" y="20">${nameOf(who)}</text><line class="life" x1="${x}" y1="28" x2="${x}" y2="${height}"/>`;
  });
  const tip =
    '<defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L6 3L0 6z" fill="#777"/></marker></defs>';
  const broken = verdict.map((each) => `<p class="broken">${escapeText(each)}</p>`);
  const omitted = lines.length > rows.length ? `<p>${lines.length - rows.length} earlier lines are left out.</p>` : "";
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeText(title)}</title><style>${STYLE}</style></head>`,
    `<body><h1>${escapeText(title)}</h1>${broken.join("")}${omitted}`,
    `<svg width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">${tip}${lives.join("")}`,
    ...rows.map((line, row) => drawRow(line, row, nameOf)),
    "</svg></body></html>",
    "",
  ].join("\n");
}
