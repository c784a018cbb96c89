// One line over time.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
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

function options(element: HTMLElement): uPlot.Options {
  const axis = {
    stroke: () => colour(element, "--quiet"),
    font: FONT,
    grid: { stroke: () => colour(element, "--line"), width: 1 },
  };
  return {
    width: Math.max(200, element.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, ticks: { show: false }, size: 24, space: 90, values: (_plot, values) => values.map(clockTime) },
      { ...axis, ticks: { show: false }, size: 52, values: (_plot, values) => values.map(formatShort) },
    ],
    series: [{}, { stroke: () => colour(element, "--accent"), width: 1.5, points: { show: false } }],
  };
}

/** The newest value is told in words too; the drawing is hidden from screen readers. */
export function Chart(props: {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly Point[];
  /** How the newest value reads, where its unit is not enough. */
  readonly format?: (value: number) => string;
}): JSX.Element {
  const { points, title, unit } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const made = new uPlot(options(element), [[], []], element);
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
  const last = points.at(-1)?.value;
  return (
    <figure class="chart">
      <figcaption>
        {title} <strong>{last === undefined ? "–" : (props.format?.(last) ?? `${formatShort(last)} ${unit}`)}</strong>
      </figcaption>
      <div ref={holder} aria-hidden="true" />
    </figure>
  );
}
