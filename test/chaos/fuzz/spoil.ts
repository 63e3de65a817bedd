import fc, { type Arbitrary } from 'fast-check';

/*
 * What is done to a good document, so that it is bad. It is done to the text where a parsed value could not say it:
 * numbers that no double holds, a key twice, half a surrogate, bytes that are no text.
 */

/** As text of JSON, or of what only looks like it. */
const STRANGE: readonly string[] = [
  'null',
  'true',
  '""',
  '"x"',
  '[]',
  '{}',
  '[[[]]]',
  '-1',
  '-0',
  '0.1',
  '1e308',
  '1e999',
  '-1e999',
  '9007199254740993',
  '4294967296',
  '99999999999999999999999999999999',
  'NaN',
  'Infinity',
  'undefined',
  '01',
  '"NaN"',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u202eabc\\u2066"',
  '"e\\u0301\\u0301\\u0301"',
  '"\\ufeff"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"../../../../etc/passwd"',
  '"%2e%2e%2f"',
  '"\'; DROP TABLE flags; --"',
  '"<script>alert(1)</script>"',
  '"(a+)+$"',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"toString":1,"hasOwnProperty":null,"valueOf":"x","then":"y","toJSON":1}',
  '{"$ref":"#"}',
  '"-1"',
  '"9999-12-31T23:59:60Z"',
  '"0000-00-00T00:00:00Z"',
  '"+275760-09-13T00:00:00.001Z"',
];

/** Made when it is needed, as they are large. */
const LARGE: readonly (() => string)[] = [
  () => `"${'x'.repeat(100_000)}"`,
  () => `"${'\u{1f3f4}'.repeat(20_000)}"`,
  () => `[${'1,'.repeat(20_000)}1]`,
  () => `${'['.repeat(63)}${']'.repeat(63)}`,
  () => `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  () => `{${Array.from({ length: 5_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`,
  () => '9'.repeat(5_000),
];

const STRANGE_KEYS = ['__proto__', 'constructor', 'prototype', '', 'a.b', '\u0000', '\ud800', 'x'.repeat(5_000), 'id'];

const strangeText: Arbitrary<() => string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...STRANGE).map((text) => () => text) },
  { weight: 1, arbitrary: fc.constantFrom(...LARGE) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 3 }).map((text) => () => text) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }).map((text) => () => JSON.stringify(text)) },
);

/** A document's text, made bad. */
export type Spoil = (document: unknown) => string | Buffer;

const HERE = '@@here@@';

/** Puts something else in the place of one of the document's nodes. */
const replace = fc.record({ at: fc.nat(10_000), text: strangeText }).map(({ at, text }): Spoil => {
  return (document) => withNode(document, at, () => HERE).replace(`"${HERE}"`, text);
});

/** Leaves one of the document's fields out. */
const omit = fc.nat(10_000).map((at): Spoil => {
  return (document) => withNode(document, at, () => undefined);
});

/** Adds a field: of a strange name, or one that is there already. */
const add = fc
  .record({ at: fc.nat(10_000), key: fc.constantFrom(...STRANGE_KEYS), text: strangeText, isTwice: fc.boolean() })
  .map(({ at, key, text, isTwice }): Spoil => {
    return (document) => {
      const grow = (node: unknown) => (isRecord(node) ? { ...node, [HERE]: 0 } : node);
      const name = isTwice && isRecord(document) ? (Object.keys(document)[at % 7] ?? key) : key;
      return withNode(document, at, grow).replace(`"${HERE}":0`, () => `${JSON.stringify(name)}:${text()}`);
    };
  });

/** Ends too early. */
const cut = fc.double({ min: 0, max: 1, noNaN: true }).map((share): Spoil => {
  return (document) => {
    const text = textOf(document);
    return text.slice(0, Math.floor(text.length * share));
  };
});

/** Bytes that are no text, in its middle. */
const garble = fc
  .record({ share: fc.double({ min: 0, max: 1, noNaN: true }), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) })
  .map(({ share, bytes }): Spoil => {
    return (document) => {
      const text = Buffer.from(textOf(document));
      const at = Math.floor(text.length * share);
      return Buffer.concat([text.subarray(0, at), bytes, text.subarray(at)]);
    };
  });

const otherwise: Arbitrary<Spoil> = fc.constantFrom<Spoil>(
  () => '',
  () => ' ',
  () => '\u0000',
  (document) => `\ufeff${textOf(document)}`,
  (document) => Buffer.from(textOf(document), 'utf16le'),
  (document) => `[${textOf(document)}]`,
  (document) => `${textOf(document)}${textOf(document)}`,
  (document) => JSON.stringify(textOf(document)),
  () => `${'['.repeat(100_000)}`,
  () => `"${'x'.repeat(1024 * 1024)}"`,
);

export const spoils: Arbitrary<Spoil> = fc.oneof(
  { weight: 8, arbitrary: replace },
  { weight: 3, arbitrary: omit },
  { weight: 3, arbitrary: add },
  { weight: 1, arbitrary: cut },
  { weight: 1, arbitrary: garble },
  { weight: 1, arbitrary: otherwise },
);

/** Nothing is done. */
export const asItIs: Spoil = (document) => textOf(document);

function textOf(document: unknown): string {
  return JSON.stringify(document) ?? 'null';
}

/** The document's text with its node of number `at` (counted as often round as it takes) changed. */
function withNode(document: unknown, at: number, change: (node: unknown) => unknown): string {
  const target = at % countNodes(document);
  let seen = 0;
  const walk = (node: unknown): unknown => {
    if (seen++ === target) return change(node);
    if (Array.isArray(node)) return node.map(walk);
    if (!isRecord(node)) return node;
    // Entries, and not fields, as a key may be `__proto__`.
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value)]));
  };
  return textOf(walk(document));
}

function countNodes(node: unknown): number {
  const children = Array.isArray(node) ? node : isRecord(node) ? Object.values(node) : [];
  return 1 + children.reduce((sum: number, child) => sum + countNodes(child), 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
