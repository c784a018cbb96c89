// Both chains side by side: fast blocks stream on the upper line, fruits ripen between, snail blocks gather them on the
// lower line, and a curve leads from each to the fast block it anchors.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type ChainMap, layOut } from "../data/fruitMap.ts";
import type { Overview } from "../data/overview.ts";
import { formatCount } from "../format/formatNumber.ts";
import { routeTo } from "../route/route.ts";

const HEIGHT = 250;
const WIDTH_MIN = 320;
const BLOCK_HEIGHT = 26;
const SNAIL_SIZE = 40;

/** Fuller blocks are darker; full is full at a tenth, for most blocks of most chains are nearly empty. */
function fullness(gasUsed: number, gasLimit: number): number {
  return gasUsed === 0 ? 0.25 : 0.45 + 0.55 * Math.min(1, (gasUsed / Math.max(1, gasLimit)) * 10);
}

function describe({ fast, snail, fruits }: Overview): string {
  const newest = snail.at(-1);
  const anchored = newest === undefined ? "" : `, snail block ${newest.number} anchors block ${newest.anchorNumber}`;
  return `Fast block ${fast.at(-1)?.number ?? 0}, ${fruits.length} fruits wait${anchored}`;
}

function Anchors({ map }: { readonly map: ChainMap }): JSX.Element {
  const top = map.fastY + BLOCK_HEIGHT / 2;
  const bottom = map.snailY - SNAIL_SIZE / 2;
  const bend = (bottom - top) * 0.5;
  return (
    <g class="anchors">
      {map.snail
        .filter(({ isAnchorShown }) => isAnchorShown)
        .map(({ row, x, anchorX }) => (
          <path key={row.hash} d={`M${x} ${bottom}C${x} ${bottom - bend} ${anchorX} ${top + bend} ${anchorX} ${top}`} />
        ))}
    </g>
  );
}

function Fruits({ map }: { readonly map: ChainMap }): JSX.Element {
  return (
    <g class="fruits">
      {map.fruits.map(({ row, x, y, packedX }) => (
        <a key={row.hash} href={routeTo("fruit", row.hash)} tabindex={-1}>
          {packedX === null ? null : (
            <line class="packing" x1={x} y1={y} x2={packedX} y2={map.snailY - SNAIL_SIZE / 2} />
          )}
          <circle class={packedX === null ? "waiting" : "packed"} cx={x} cy={y} r={4}>
            <title>
              Fruit that pins block {formatCount(row.anchorNumber)}
              {packedX === null ? ", in the pool" : ", packed"}
            </title>
          </circle>
        </a>
      ))}
    </g>
  );
}

function SnailLine({ map }: { readonly map: ChainMap }): JSX.Element {
  return (
    <g class="snails">
      {map.snail.map(({ row, x }) => (
        <a key={row.hash} href={routeTo("snail", row.number)} tabindex={-1}>
          <rect x={x - SNAIL_SIZE / 2} y={map.snailY - SNAIL_SIZE / 2} width={SNAIL_SIZE} height={SNAIL_SIZE} rx={11} />
          <title>
            Snail block {formatCount(row.number)} anchors block {formatCount(row.anchorNumber)} and packs{" "}
            {row.fruits.length} fruits
          </title>
          <text x={x} y={map.snailY + 5}>
            {row.number}
          </text>
        </a>
      ))}
    </g>
  );
}

export function ChainPicture({ overview }: { readonly overview: Overview }): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(WIDTH_MIN);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const measure = (): void => setWidth(Math.max(WIDTH_MIN, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const map = layOut(overview, { width, height: HEIGHT });
  const head = overview.fast.at(-1);
  return (
    <div ref={holder} class="picture">
      <p class="visuallyHidden">{describe(overview)}</p>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} aria-hidden="true">
        <text class="lane" x={16} y={12}>
          fast chain
        </text>
        <text class="lane end" x={width - 16} y={12}>
          {head === undefined ? "" : `block ${formatCount(head.number)}`}
        </text>
        <text class="lane" x={16} y={HEIGHT - 4}>
          snail chain
        </text>
        <line class="rail" x1={0} x2={width} y1={map.fastY} y2={map.fastY} />
        <line class="rail" x1={0} x2={width} y1={map.snailY} y2={map.snailY} />
        <Anchors map={map} />
        <Fruits map={map} />
        <g class="fastBlocks">
          {map.fast.map(({ row, x, width: blockWidth }) => (
            <a key={row.number} href={routeTo("block", row.number)} tabindex={-1}>
              <rect
                x={x - blockWidth / 2}
                y={map.fastY - BLOCK_HEIGHT / 2}
                width={blockWidth}
                height={BLOCK_HEIGHT}
                rx={Math.min(4, blockWidth / 3)}
                opacity={fullness(row.gasUsed, row.gasLimit)}
              >
                <title>
                  Block {formatCount(row.number)}, {formatCount(row.transactions)} transactions
                </title>
              </rect>
            </a>
          ))}
        </g>
        <SnailLine map={map} />
      </svg>
      <p class="legend" aria-hidden="true">
        <span class="key fastKey" /> final block <span class="key waitingKey" /> fruit in the pool{" "}
        <span class="key packedKey" /> packed fruit <span class="key snailKey" /> snail block, its curve leads to what
        it anchors
      </p>
    </div>
  );
}
