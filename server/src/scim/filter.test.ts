import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFilter } from './filter.ts';
import { readOperations } from './patch.ts';
import { ScimError } from './scim-error.ts';

const ATTRIBUTES = ['userName', 'externalId'] as const;

test('any values are read back as they were written, however many', () => {
  const comparison = fc.record({ attribute: fc.constantFrom(...ATTRIBUTES), value: fc.string({ unit: 'binary' }) });
  fc.assert(
    fc.property(fc.array(comparison, { minLength: 1, maxLength: 4 }), (comparisons) => {
      const text = comparisons.map(({ attribute, value }) => `${attribute} eq ${JSON.stringify(value)}`).join(' and ');
      expect(readFilter(text, ATTRIBUTES)).toEqual(comparisons);
    }),
  );
});

test('whatever comes is read or refused in the words of SCIM, and at once', () => {
  const anyText = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('userName', ' eq ', '"', '\\', 'and', ' ', '[', ']', 'value', 'urn:', '.'), {
        maxLength: 40,
      })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      for (const read of [
        () => readFilter(text, ATTRIBUTES),
        () => readOperations([{ op: 'add', path: text, value: {} }]),
      ]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
        }
      }
    }),
  );
  const long = `userName eq "${'\\"'.repeat(400)}`;
  expect(() => readFilter(long, ATTRIBUTES)).toThrow(ScimError);
});
