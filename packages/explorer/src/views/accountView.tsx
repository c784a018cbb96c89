import type { JSX } from "preact";
import type { TransactionAnswer } from "../data/answers.ts";
import { recentTransactions } from "../data/recentTransactions.ts";
import { readToken, type Token, tokensTouched } from "../data/tokens.ts";
import { formatCoins, formatUnits } from "../format/formatAmount.ts";
import { cleanText } from "../format/formatHash.ts";
import { formatCount } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Whole } from "../parts/copy.tsx";
import { Facts } from "../parts/facts.tsx";
import { Account, HashLink, NumberLink } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { pageFrom } from "../parts/pager.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";
import { isAddress } from "../route/subject.ts";

const CODE_SHOWN = 4_000;

interface CreatorAnswer {
  readonly hash: string;
  readonly creator: string;
}

function AccountFacts(props: { readonly address: string; readonly version: number }): JSX.Element {
  const { address, version } = props;
  const reading = useReading(`account ${address}`, version, async (call) => {
    const [balance, nonce, code] = await Promise.all([
      call<string>("eth_getBalance", [address, "latest"]),
      call<string>("eth_getTransactionCount", [address, "latest"]),
      call<string>("eth_getCode", [address, "latest"]),
    ]);
    const [token, creator] =
      code === "0x"
        ? [null, null]
        : await Promise.all([
            readToken(call, address),
            // Nodes that keep no old states cannot say.
            call<CreatorAnswer | null>("ots_getContractCreator", [address]).catch(() => null),
          ]);
    return { balance, nonce, code, token, creator };
  });
  return (
    <Panel title="State" isWide>
      <Read reading={reading}>
        {({ balance, nonce, code, token, creator }) => (
          <>
            <Facts
              facts={[
                ["Address", <Whole key="a" text={address} name="address" />],
                ["Balance", formatCoins(readBigint(balance))],
                ["Nonce", formatCount(readNumber(nonce))],
                [
                  "Kind",
                  code === "0x" ? "account of a key" : `contract of ${formatCount((code.length - 2) / 2)} bytes`,
                ],
                ["Made by", creator === null ? null : <Account key="m" address={creator.creator} isWhole />],
                [
                  "In transaction",
                  creator === null ? null : <HashLink key="x" view="tx" hash={creator.hash} isWhole />,
                ],
                [
                  "Token",
                  token === null ? null : (
                    <a key="t" href={routeTo("token", address)}>
                      {cleanText(token.name)} ({cleanText(token.symbol)})
                    </a>
                  ),
                ],
                [
                  "Call it",
                  code === "0x" ? null : (
                    <a key="c" href={routeTo("contract", address)}>
                      read and write
                    </a>
                  ),
                ],
                [
                  "As a validator",
                  <a key="v" href={routeTo("validator", address)}>
                    seats, votes and pay
                  </a>,
                ],
              ]}
            />
            {code === "0x" ? null : (
              <details>
                <summary>Code</summary>
                <pre>{code.length > CODE_SHOWN ? `${code.slice(0, CODE_SHOWN)}…` : code}</pre>
              </details>
            )}
          </>
        )}
      </Read>
    </Panel>
  );
}

function direction({ from, to }: TransactionAnswer, address: string): string {
  if (from === address) return to === address ? "to itself" : "out";
  return "in";
}

function Recent(props: { readonly address: string; readonly before: number; readonly version: number }): JSX.Element {
  const { address, before, version } = props;
  const reading = useReading(`recent ${address} ${before}`, before === 0 ? version : 0, (call) =>
    recentTransactions(call, address, before),
  );
  return (
    <Panel title={before === 0 ? "Recent transactions" : `Transactions before block ${formatCount(before)}`} isWide>
      <Read reading={reading}>
        {({ transactions, failed, since, olderThan }) => (
          <>
            <Table
              label="Recent transactions"
              columns={["Transaction", "Block", "Way", "From", "To", "Value"]}
              empty="None found."
              rows={transactions.map((transaction) => ({
                key: transaction.hash,
                cells: [
                  <HashLink key="h" view="tx" hash={transaction.hash} />,
                  <NumberLink key="b" view="block" number={readNumber(transaction.blockNumber)} />,
                  failed.has(transaction.hash) ? (
                    <span key="w" class="bad">
                      {direction(transaction, address)}, failed
                    </span>
                  ) : (
                    direction(transaction, address)
                  ),
                  <Account key="f" address={transaction.from} />,
                  transaction.to === null ? "new contract" : <Account key="t" address={transaction.to} />,
                  formatCoins(readBigint(transaction.value)),
                ],
              }))}
            />
            {since === 0 ? null : <p class="quiet">Blocks since {formatCount(since)} were looked through.</p>}
            <nav class="pager" aria-label="Pages">
              {before === 0 ? null : (
                <a class="step" href={routeTo("account", address)}>
                  Newest
                </a>
              )}
              {olderThan === null ? null : (
                <a class="step" href={`${routeTo("account", address)}/${olderThan}`}>
                  Older
                </a>
              )}
            </nav>
          </>
        )}
      </Read>
    </Panel>
  );
}

function Tokens({ address, version }: { readonly address: string; readonly version: number }): JSX.Element {
  const reading = useReading(`tokens ${address}`, version, (call) => tokensTouched(call, address));
  return (
    <Panel title="Tokens" isWide>
      <Read reading={reading}>
        {(held) => (
          <Table
            label="Tokens"
            columns={["Token", "Contract", "Balance"]}
            empty="No transfers in recent blocks."
            rows={held.map(({ token, balance }: { readonly token: Token; readonly balance: bigint }) => ({
              key: token.address,
              cells: [
                <a key="n" href={routeTo("token", token.address)}>
                  {cleanText(token.name, 40)}
                </a>,
                <Account key="c" address={token.address} />,
                `${formatUnits(balance, token.decimals)} ${cleanText(token.symbol, 20)}`,
              ],
            }))}
          />
        )}
      </Read>
    </Panel>
  );
}

/** An account, of a key or of a contract; behind the address a block may stand, to show what was before it. */
export function AccountView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const [address = "", before = ""] = subject.toLowerCase().split("/");
  if (!isAddress(address))
    return (
      <>
        <h1>Account</h1>
        <Missing subject={subject}>Accounts are asked for by their address: 0x and 40 hex digits.</Missing>
      </>
    );
  const head = overview.fast.at(-1)?.number ?? 0;
  return (
    <>
      <h1>Account</h1>
      <AccountFacts address={address} version={Math.floor(head / 4)} />
      <Tokens address={address} version={Math.floor(head / 16)} />
      <Recent address={address} before={pageFrom(before) ?? 0} version={Math.floor(head / 4)} />
    </>
  );
}
