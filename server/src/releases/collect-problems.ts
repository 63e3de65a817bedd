import { ApiError, type Problem } from '../http/api-error.ts';

/** What checks would refuse, all of them together. What else they throw is thrown. */
export async function collectProblems(checks: readonly (() => Promise<unknown>)[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'validation_failed') throw error;
      // The details of this code are problems: `validationFailed` alone makes them.
      problems.push(...(error.details as readonly Problem[]));
    }
  }
  return problems;
}
