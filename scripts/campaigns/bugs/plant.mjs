/**
 * The text of a file with the edits made.
 * @throws Error unless each fits exactly one place: then the source has changed, and the bug must be planted anew
 */
export function plant(text, edits, file) {
  return edits.reduce((source, { find, put }) => {
    const pieces = source.split(find);
    if (pieces.length !== 2)
      throw new Error(`${file}: the place of a planted bug was found ${pieces.length - 1} times, not once:\n${find}`);
    return pieces.join(put);
  }, text);
}
