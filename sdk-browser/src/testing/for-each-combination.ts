import type { Json } from '../protocol.ts';
import { createTestFlags, type TestFlags } from './test-flags.ts';

/**
 * Runs a test for every combination of the flags' values, one after the other, each with flags of its own.
 *
 * ```ts
 * await forEachCombination({ 'new-checkout': [true, false], theme: ['light', 'dark'] }, async (flags) => {
 *   expect(render(<Checkout />, flags)).toContain('Pay');
 * });
 * ```
 *
 * @throws Error that names the combination that failed, with the failure as its `cause`
 */
export async function forEachCombination<const Values extends Readonly<Record<string, readonly Json[]>>>(
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

function combine(values: readonly (readonly [string, readonly Json[]])[]): Record<string, Json>[] {
  let combinations: Record<string, Json>[] = [{}];
  for (const [key, choices] of values) {
    if (choices.length === 0) throw new TypeError(`forEachCombination: '${key}' has no values; give it at least one`);
    combinations = combinations.flatMap((chosen) => choices.map((value) => ({ ...chosen, [key]: value })));
  }
  return combinations;
}
