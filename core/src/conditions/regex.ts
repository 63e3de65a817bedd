import { RE2JS } from 're2js';
import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { type Check, FINE, problem, text } from '../validate/check.ts';
import type { OperatorDefinition } from './matcher.ts';

/**
 * A regular expression of the RE2 class runs in time proportional to (program size x text length). Both are bounded, so
 * that no pattern and no text can hold an SDK up: longer text is unknown, greater patterns are refused.
 */
const MAX_TEXT = 2048;
const MAX_PROGRAM = 1000;

const source = text(1, 1000);

/** Whether a text is a pattern that core takes: RE2 syntax, not too large. */
export const checkPattern: Check = (value) => {
  const problems = source(value);
  if (problems !== FINE) return problems;
  try {
    const { size } = compilePattern(String(value), false);
    return size <= MAX_PROGRAM
      ? FINE
      : problem(`is too large a pattern (${size} steps, at most ${MAX_PROGRAM}): lower its repetition counts`);
  } catch (error) {
    return problem(`is no regular expression of RE2 syntax: ${error instanceof Error ? error.message : 'it fails'}`);
  }
};

export const MATCHES: OperatorDefinition = {
  minValues: 1,
  maxValues: 20,
  checkValue: checkPattern,
  compile({ values, ignoreCase }) {
    const find = patternFinder(values.map(String), ignoreCase === true);
    return (value) => {
      if (typeof value !== 'string' || value.length > MAX_TEXT) return UNKNOWN;
      return find(value) ? TRUE : FALSE;
    };
  },
};

/** Says whether any of the patterns, which were checked, is somewhere in a text. None is in one of more than 2 048 characters. */
export function patternFinder(values: readonly string[], ignoreCase = false): (text: string) => boolean {
  const patterns = values.map((value) => compilePattern(value, ignoreCase).pattern);
  return (text) => {
    if (text.length > MAX_TEXT) return false;
    for (const pattern of patterns) if (pattern.test(text)) return true;
    return false;
  };
}

function compilePattern(value: string, ignoreCase: boolean): { pattern: RE2JS; size: number } {
  const pattern = RE2JS.compile(value, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  return { pattern, size: pattern.programSize() };
}
