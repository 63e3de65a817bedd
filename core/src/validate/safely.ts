import type { Problem } from './check.ts';

/** Runs a check on a document that may be anything, even an object whose getters throw. */
export function safely(check: () => readonly Problem[]): Problem[] {
  try {
    return [...check()];
  } catch (error) {
    return [{ path: '', message: `cannot be read: ${error instanceof Error ? error.message : 'it throws'}` }];
  }
}
