// One line over time.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Point } from "../data/overview.ts";
import { formatShort } from "../format/formatNumber.ts";
import { formatTime } from "../format/formatTime.ts";

const HEIGHT = 120;
const FONT = "11px system-ui, sans-serif";

function colour(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** 23:05:09, UTC. */
function clockTime(seconds: number): string {
  return formatTime(Math.floor(seconds) * 1_000).slice(11, 19);
}

const POINTS_MIN = 2;

interface ChartWays {
  readonly format: (value: number) => string;
  readonly onPoint: (index: number | null) => void;
}

function options(element: HTMLElement, { format, onPoint }: ChartWays): uPlot.Options {
  const axis = {
    stroke: () => colour(element, "--quiet"),
    font: FONT,
    grid: { stroke: () => colour(element, "--line"), width: 1 },
  };
  return {
    width: Math.max(200, element.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    // The value under the pointer is told above the chart.
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, ticks: { show: false }, size: 24, space: 90, values: (_plot, values) => values.map(clockTime) },
      { ...axis, ticks: { show: false }, size: 52, values: (_plot, values) => values.map(format) },
    ],
    series: [{}, { stroke: () => colour(element, "--accent"), width: 1.5, points: { show: false } }],
  };
}

/** The newest value is told in words too; the drawing is hidden from screen readers. */
export function Chart(props: {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly Point[];
  /** How values read, where a number before the unit is not enough. */
  readonly format?: (value: number) => string;
}): JSX.Element {
  const { points, title, unit, format } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const made = new uPlot(
      options(element, { format: format ?? ((value) => formatShort(value)), onPoint: setPointed }),
      [[], []],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }),
    );
    observer.observe(element);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const redraw = (): void => made.redraw(false);
    scheme.addEventListener("change", redraw);
    addEventListener("schemechange", redraw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", redraw);
      removeEventListener("schemechange", redraw);
      made.destroy();
    };
  }, []);
  useEffect(() => {
    plot.current?.setData([points.map(({ at }) => at), points.map(({ value }) => value)]);
  }, [points]);
  const under = pointed === null ? undefined : points[pointed];
  const value = (under ?? points.at(-1))?.value;
  return (
    <figure class="chart">
      <figcaption>
        {title} <strong>{value === undefined ? "–" : (format?.(value) ?? `${formatShort(value)} ${unit}`)}</strong>
        {under === undefined ? null : <span class="quiet"> at {clockTime(under.at)} UTC</span>}
      </figcaption>
      {points.length < POINTS_MIN ? <p class="quiet">Nothing to draw yet.</p> : null}
      <div ref={holder} aria-hidden="true" hidden={points.length < POINTS_MIN} />
    </figure>
  );
}
