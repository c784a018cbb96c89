// Whether counts and pay are what shares of the work make them, by chance alone.

/** Chi-square with two degrees of freedom exceeds this once in a thousand. */
export const CHI_SQUARE_MAX = 13.82;
/** A normal deviate exceeds this, either way, once in a thousand. */
export const DEVIATIONS_MAX = 3.29;

const add = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** @param {readonly number[]} counts @param {readonly number[]} shares that add up to 1 */
export function chiSquare(counts, shares) {
  const total = add(counts);
  return add(counts.map((count, index) => (count - total * shares[index]) ** 2 / (total * shares[index])));
}

export function sharesOf(numbers) {
  const total = add(numbers);
  return numbers.map((number) => number / total);
}

/**
 * How many standard deviations each miner's pay lies from its share of all pay. Every fruit and every block is a draw of
 * its own; pay per fruit and per packed block are taken as their means.
 *
 * @param {{ pay: number[], fruits: number[], blocks: number[], fruitPay: number }} earned pay in coins
 */
export function payDeviations({ pay, fruits, blocks, fruitPay }, shares) {
  const total = add(pay);
  const blockPay = (total - add(fruits) * fruitPay) / Math.max(1, add(blocks));
  return pay.map((coins, index) => {
    const chance = shares[index] * (1 - shares[index]);
    const deviation = Math.sqrt(chance * (add(fruits) * fruitPay ** 2 + add(blocks) * blockPay ** 2));
    return (coins - total * shares[index]) / deviation;
  });
}
