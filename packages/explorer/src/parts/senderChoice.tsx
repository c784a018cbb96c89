import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { failureText } from "../data/rpcCaller.ts";
import { shortHash } from "../format/formatHash.ts";
import { useFeed, usePage } from "../page/context.ts";
import { developmentSenders, injectedWallet, type Sender, walletSenders } from "../page/senders.ts";

/** The sender that is chosen, and the choice to be shown. */
export function useSender(): { readonly sender: Sender | null; readonly choice: JSX.Element } {
  const { call } = usePage();
  const { chainId } = useFeed().overview;
  const [senders, setSenders] = useState<readonly Sender[]>([]);
  const [chosen, setChosen] = useState(0);
  const [problem, setProblem] = useState("");
  const wallet = injectedWallet(globalThis as { readonly ethereum?: unknown });
  useEffect(() => {
    developmentSenders(call).then(setSenders, () => undefined);
  }, [call]);

  function connect(): void {
    if (wallet === null) return;
    walletSenders(wallet, { chainId, rpcUrl: location.origin }).then(
      (found) => {
        setSenders((known) => [...found, ...known.filter(({ name }) => name !== "wallet")]);
        setChosen(0);
        setProblem("");
      },
      (error: unknown) => setProblem(failureText(error)),
    );
  }

  const choice = (
    <div class="sender">
      {senders.length === 0 ? (
        <p>
          Without a wallet in this browser, or accounts of the node's own, contracts can be read but not written to.
        </p>
      ) : (
        <label>
          Send as{" "}
          <select value={chosen} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
            {senders.map(({ name, address }, index) => (
              <option key={`${name} ${address}`} value={index}>
                {name} {shortHash(address)}
              </option>
            ))}
          </select>
        </label>
      )}{" "}
      {wallet === null ? null : (
        <button type="button" onClick={connect}>
          Connect wallet
        </button>
      )}
      {problem === "" ? null : <p role="alert">{problem}</p>}
    </div>
  );
  return { sender: senders[chosen] ?? null, choice };
}
