import type { TestValue } from './flag-document.ts';
import { createTestFlags, type TestFlags } from './test-flags.ts';

/**
 * Runs a test for every combination of the flags' values, one after the other, each with flags of its own.
 *
 * ```ts
 * await forEachCombination({ 'new-checkout': [true, false], theme: ['light', 'dark'] }, async (flags) => {
 *   expect(await totalOf(flags, cart)).toBe(42);
 * });
 * ```
 *
 * @throws Error that names the combination that failed, with the failure as its `cause`
 */
export async function forEachCombination<const Values extends Readonly<Record<string, readonly TestValue[]>>>(
  values: Values,
  run: (flags: TestFlags, combination: { readonly [Key in keyof Values]: Values[Key][number] }) => unknown,
): Promise<void> {
  for (const combination of combine(Object.entries(values))) {
    try {
      await run(createTestFlags(combination), combination as never);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Failed with ${JSON.stringify(combination)}: ${message}`, { cause });
    }
  }
}

function* combine(
  [first, ...others]: readonly (readonly [string, readonly TestValue[]])[],
  chosen: Readonly<Record<string, TestValue>> = {},
): Generator<Readonly<Record<string, TestValue>>> {
  if (first === undefined) {
    yield chosen;
    return;
  }
  const [key, values] = first;
  if (values.length === 0) throw new TypeError(`forEachCombination: '${key}' has no values; give it at least one`);
  for (const value of values) yield* combine(others, { ...chosen, [key]: value });
}
