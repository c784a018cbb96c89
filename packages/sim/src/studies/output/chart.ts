// Line charts as SVG text: what a browser shows as it is.

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  /** Becomes the file's name. */
  readonly name: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Powers of ten on the vertical axis; what is not above 0 is left out. */
  readonly isLogarithmic?: boolean;
  readonly series: readonly Series[];
}

const WIDTH = 800;
const HEIGHT = 420;
const MARGIN = { left: 80, right: 190, top: 40, bottom: 50 };
const TICKS = 5;
const COLOURS: readonly string[] = [
  "#1f5fa8",
  "#c0392b",
  "#27864b",
  "#8e44ad",
  "#d68910",
  "#117a8b",
  "#7f8c8d",
  "#2c3e50",
];

interface Axis {
  readonly low: number;
  readonly high: number;
  place(value: number): number;
}

function axisOf(values: readonly number[], from: number, to: number): Axis {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const span = high > low ? high - low : 1;
  return { low, high: low + span, place: (value) => from + ((value - low) / span) * (to - from) };
}

const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const rounded = (value: number): string => String(Number(value.toPrecision(3)));

function textAt(x: number, y: number, text: string, more = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escapeText(text)}</text>`;
}

export function drawChart(chart: Chart): string {
  const scale = (y: number): number => (chart.isLogarithmic ? Math.log10(y) : y);
  const shown = chart.series.map(({ name, points }) => ({
    name,
    points: points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(scale(y))),
  }));
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const all = shown.flatMap(({ points }) => points);
  const x = axisOf(all.length === 0 ? [0] : all.map(([at]) => at), MARGIN.left, right);
  const y = axisOf(all.length === 0 ? [0] : all.map(([, value]) => scale(value)), bottom, MARGIN.top);
  const parts: string[] = [];
  for (let tick = 0; tick <= TICKS; tick++) {
    const atX = x.low + ((x.high - x.low) * tick) / TICKS;
    const atY = y.low + ((y.high - y.low) * tick) / TICKS;
    const line = y.place(atY).toFixed(1);
    parts.push(`<line x1="${MARGIN.left}" x2="${right}" y1="${line}" y2="${line}" stroke="#ddd"/>`);
    parts.push(
      textAt(MARGIN.left - 6, y.place(atY) + 4, rounded(chart.isLogarithmic ? 10 ** atY : atY), 'text-anchor="end"'),
    );
    parts.push(textAt(x.place(atX), bottom + 18, rounded(atX), 'text-anchor="middle"'));
  }
  for (const [index, { name, points }] of shown.entries()) {
    const colour = COLOURS[index % COLOURS.length] ?? "#000";
    const path = points.map(([px, py]) => `${x.place(px).toFixed(1)},${y.place(scale(py)).toFixed(1)}`).join(" ");
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
    parts.push(textAt(right + 12, MARGIN.top + 16 * index + 10, name, `fill="${colour}"`));
  }
  parts.push(textAt(WIDTH / 2, 22, chart.title, 'text-anchor="middle" font-size="15"'));
  parts.push(textAt((MARGIN.left + right) / 2, HEIGHT - 12, chart.xLabel, 'text-anchor="middle"'));
  parts.push(textAt(MARGIN.left, MARGIN.top - 8, chart.yLabel, ""));
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`;
  const ground = '<rect width="100%" height="100%" fill="#fff"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">\n${ground}\n${parts.join("\n")}\n</svg>\n`;
}
