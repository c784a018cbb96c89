// Links to what a hash, an address or a number names.
import type { JSX } from "preact";
import { shortHash } from "../format/formatHash.ts";
import { formatCount } from "../format/formatNumber.ts";
import { routeTo, type View } from "../route/route.ts";

export function HashLink(props: {
  readonly view: View;
  readonly hash: string;
  readonly isWhole?: boolean;
}): JSX.Element {
  const { view, hash, isWhole } = props;
  return (
    <a class={isWhole === true ? "hash whole" : "hash"} href={routeTo(view, hash)} title={hash}>
      {isWhole === true ? hash : shortHash(hash)}
    </a>
  );
}

export function NumberLink(props: { readonly view: View; readonly number: number }): JSX.Element {
  return <a href={routeTo(props.view, props.number)}>{formatCount(props.number)}</a>;
}

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

export function Account(props: {
  readonly address: string | null | undefined;
  readonly isWhole?: boolean;
}): JSX.Element {
  const { address, isWhole } = props;
  if (address === null || address === undefined) return <span class="quiet">none</span>;
  if (address === ZERO_ADDRESS) return <span class="quiet">the zero address</span>;
  return <HashLink view="account" hash={address} isWhole={isWhole === true} />;
}
