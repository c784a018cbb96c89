import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { JsonStream } from "../../src/server/jsonStream.ts";

const BYTES_MAX = 1_000;

/** What comes of a text that arrives in chunks that end at these places. */
function takeAll(text: string, cuts: readonly number[], bytesMax = BYTES_MAX) {
  const stream = new JsonStream(bytesMax);
  const bytes = Buffer.from(text);
  const ends = [...new Set(cuts.filter((cut) => cut > 0 && cut < bytes.length)), bytes.length].sort((a, b) => a - b);
  const texts: string[] = [];
  let begin = 0;
  for (const end of ends) {
    const taken = stream.take(bytes.subarray(begin, end));
    texts.push(...taken.texts);
    if (taken.failure !== null) return { texts, failure: taken.failure };
    begin = end;
  }
  return { texts, failure: null };
}

describe("a stream of requests", () => {
  it("is the same requests, wherever it is cut and whatever stands between them", () => {
    const request = fc.oneof(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), fc.array(fc.jsonValue()));
    fc.assert(
      fc.property(
        fc.array(request),
        fc.constantFrom("", "\n", " \r\n\t"),
        fc.array(fc.nat()),
        (requests, gap, cuts) => {
          const texts = requests.map((value) => JSON.stringify(value)).filter((text) => text.length < BYTES_MAX / 4);
          expect(takeAll(texts.join(gap), cuts)).toEqual({ texts, failure: null });
        },
      ),
    );
  });

  it("keeps a request that is not whole", () => {
    const stream = new JsonStream(BYTES_MAX);
    for (const part of ['{"a', '":"}', "\\", '"]', '"']) expect(stream.take(Buffer.from(part)).texts).toEqual([]);
    expect(stream.take(Buffer.from("}{")).texts).toEqual(['{"a":"}\\"]"}']);
    expect(stream.take(Buffer.from("}")).texts).toEqual(["{}"]);
  });

  it("counts each request for itself", () => {
    const text = '["0123456789"]'.repeat(8);
    const cuts = Array.from({ length: 30 }, (_, index) => 4 * index);
    expect(takeAll(text, cuts, 14)).toEqual({ texts: Array(8).fill('["0123456789"]'), failure: null });
  });

  it("ends with what is no JSON, or too large, after what was before it", () => {
    expect(takeAll('{"a":1} GET / HTTP/1.1', [])).toEqual({ texts: ['{"a":1}'], failure: "no JSON" });
    expect(takeAll("}", [])).toEqual({ texts: [], failure: "no JSON" });
    expect(takeAll("[1]]", [])).toEqual({ texts: ["[1]"], failure: "no JSON" });
    expect(takeAll(`["${"x".repeat(20)}"]`, [], 24).failure).toBeNull();
    expect(takeAll(`["${"x".repeat(21)}"]`, [], 24).failure).toBe("too large");
    expect(takeAll(`["${"x".repeat(21)}"]`, [5, 9], 24).failure).toBe("too large");
    expect(takeAll(`["${"x".repeat(30)}`, [3], 24).failure).toBe("too large");
  });
});
