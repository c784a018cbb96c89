// Whether the balances after a block add up to what the node says the supply is, and that to its own parts.

/** Small, so that a devnet's state takes several pages. */
const PAGE_ACCOUNTS = 16;
const PAGES_MAX = 1_000_000;
const FIRST_KEY = `0x${"00".repeat(32)}`;

async function addBalances(ask, tag) {
  const sum = { wei: 0n, accounts: 0, pages: 0, root: "", findings: /** @type {string[]} */ ([]) };
  let previousKey = "";
  for (let start = FIRST_KEY; start !== null && sum.pages < PAGES_MAX; sum.pages++) {
    const page = await ask("debug_accountRange", tag, start, PAGE_ACCOUNTS);
    sum.root = page.root;
    const entries = Object.values(page.accounts).sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { key, balance } of entries) {
      // Strictly rising over all pages: no account counts twice.
      if (key <= previousKey) sum.findings.push(`account key ${key} comes twice`);
      previousKey = key;
      sum.wei += BigInt(balance);
      sum.accounts++;
    }
    start = page.next;
  }
  return sum;
}

/** @throws Error for a block that the node does not have */
export async function checkSupply(ask, tag) {
  const served = await ask("festina_supply", tag);
  if (served === null) throw new Error(`no block ${Number(tag)}`);
  const wei = Object.fromEntries(Object.entries(served).map(([name, value]) => [name, BigInt(value)]));
  const total = wei.genesis + wei.rewards - wei.baseFeeBurned - wei.slashBurned - wei.selfDestructBurned;
  const { stateRoot } = await ask("eth_getBlockByNumber", tag, false);
  const sum = await addBalances(ask, tag);
  const findings = [...sum.findings];
  if (sum.root !== stateRoot) findings.push(`the pages are of state ${sum.root}, the block has ${stateRoot}`);
  if (total !== wei.total) findings.push(`the parts add up to ${total} wei, the node says ${wei.total}`);
  if (sum.wei !== wei.total) findings.push(`the balances differ from the supply by ${sum.wei - wei.total} wei`);
  return { wei, sum, findings };
}

/** The same for every block from genesis to `last`; findings name their block. */
export async function checkSupplies(ask, last) {
  const findings = [];
  for (let number = 0; number <= last; number++) {
    const checked = await checkSupply(ask, `0x${number.toString(16)}`);
    findings.push(...checked.findings.map((finding) => `block ${number}: ${finding}`));
  }
  return findings;
}
