import fc from 'fast-check';
import { expect, test } from 'vitest';
import { depthOf } from './json-body.ts';

function measure(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(measure));
}

test('the depth of JSON text is that of its value, whatever its strings hold', () => {
  const json = fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.array(fc.constantFrom('[[', '{"', '\\"{', '"', ']\\\\')));
  fc.assert(
    fc.property(json, (value) => {
      expect(depthOf(JSON.stringify(value))).toBe(measure(value));
    }),
  );
});
