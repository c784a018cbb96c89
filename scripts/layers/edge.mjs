// May one package of ours use another? The rule itself, the same for imports and manifests.

/** @returns {{ code: string, text: string } | null} what is wrong with `from` using `to` */
export function edgeProblem(table, from, to) {
  const source = table[from];
  const target = table[to];
  if (target === undefined) return { code: "unknown-package", text: `@festina/${to} is not in scripts/layers.json` };
  if ((source.neverImports ?? []).includes(to)) {
    return { code: "forbidden-import", text: `${from} never imports ${to}` };
  }
  if (target.layer < source.layer || (source.alsoImports ?? []).includes(to)) return null;
  const word = target.layer === source.layer ? "same-layer-import" : "upward-import";
  return { code: word, text: `${from} (layer ${source.layer}) may not use ${to} (layer ${target.layer})` };
}
