// A running digest over everything observable. Not cryptographic: it tells whether two runs were the same run.

export class TraceDigest {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  number(value: number): void {
    // Times have fractions; both halves of the double count.
    const whole = Math.floor(value);
    this.#mix(whole >>> 0);
    this.#mix(Math.floor(whole / 2 ** 32) ^ Math.floor((value - whole) * 2 ** 30));
  }

  text(value: string): void {
    for (let index = 0; index < value.length; index++) this.#mix(value.charCodeAt(index));
    this.#mix(value.length);
  }

  event(atMs: number, who: number, what: string): void {
    this.#count += 1;
    this.number(atMs);
    this.number(who);
    this.text(what);
  }

  /** The same for what happens all the time, without words. */
  count3(atMs: number, a: number, b: number, c: number): void {
    this.#count += 1;
    this.number(atMs);
    this.#mix(a);
    this.#mix(b);
    this.#mix(c);
  }

  get hex(): string {
    return [this.#a, this.#b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #mix(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193) ^ (this.#b >>> 15);
    this.#b = Math.imul(this.#b + this.#a, 0xc2b2ae35) ^ (this.#b << 7);
  }
}
