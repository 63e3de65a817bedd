import type { Evaluation, Json } from '@bunting/core';

/** What flags answer instead, by key. */
export type OverrideValues = ReadonlyMap<string, Evaluation>;

/** @param problems is told of each value that no flag could have; the others hold */
export function toOverrides(where: string, given: unknown, problems: string[]): OverrideValues {
  const values = new Map<string, Evaluation>();
  if (given === undefined) return values;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    problems.push(`${where} must be an object of values by flag key, such as {"new-checkout": true}; ignored`);
    return values;
  }
  for (const [key, value] of Object.entries(given)) {
    if (isValue(value)) values.set(key, evaluationOf(value));
    else problems.push(`${where}: the value of "${key}" must be a boolean, string, number or object; ignored`);
  }
  return values;
}

/** As `toOverrides`, of JSON text. Undefined when it is none. */
export function parseOverrides(where: string, text: string, problems: string[]): OverrideValues | undefined {
  try {
    return toOverrides(where, JSON.parse(text), problems);
  } catch (cause) {
    problems.push(`${where} must be JSON such as {"new-checkout": true} (${(cause as Error).message}); ignored`);
    return undefined;
  }
}

function isValue(value: unknown): value is Json {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'boolean' || typeof value === 'string' || (typeof value === 'object' && value !== null);
}

function evaluationOf(value: Json): Evaluation {
  const metadata = { cause: 'override' };
  const noError = { errorCode: undefined, errorMessage: undefined };
  return { value, variant: 'override', reason: 'STATIC', ...noError, metadata, exposures: 0 };
}
