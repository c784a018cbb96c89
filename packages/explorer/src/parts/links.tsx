// Links to what a hash, an address or a number names.
import type { JSX } from "preact";
import { shortHash } from "../format/formatHash.ts";
import { formatCount } from "../format/formatNumber.ts";
import { routeTo, type View } from "../route/route.ts";
import { Copy } from "./copy.tsx";

export function HashLink(props: {
  readonly view: View;
  readonly hash: string;
  readonly isWhole?: boolean;
}): JSX.Element {
  const { view, hash, isWhole } = props;
  if (isWhole !== true)
    return (
      <a class="hash" href={routeTo(view, hash)} title={hash}>
        {shortHash(hash)}
      </a>
    );
  return (
    <>
      <a class="hash whole" href={routeTo(view, hash)}>
        {hash}
      </a>
      <Copy text={hash} name={hash.length === 42 ? "address" : "hash"} />
    </>
  );
}

export function NumberLink(props: { readonly view: View; readonly number: number }): JSX.Element {
  return <a href={routeTo(props.view, props.number)}>{formatCount(props.number)}</a>;
}

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

interface Named {
  readonly address: string | null | undefined;
  readonly isWhole?: boolean;
}

function named(view: View, { address, isWhole }: Named): JSX.Element {
  if (address === null || address === undefined) return <span class="quiet">none</span>;
  if (address === ZERO_ADDRESS) return <span class="quiet">the zero address</span>;
  return <HashLink view={view} hash={address} isWhole={isWhole === true} />;
}

export const Account = (props: Named): JSX.Element => named("account", props);

/** The same address, where it stands for a member, a candidate or who is supported. */
export const Validator = (props: Named): JSX.Element => named("validator", props);
