import { checkFlag, type Flag, type Json, KEY_PATTERN } from '@bunting/core';

/** What a test may give a flag: the value that everyone is served, or the flag's whole document, rules and all. */
export type TestValue = Json | Flag;

const KEY = new RegExp(KEY_PATTERN);

const shown = { enabled: true, clientVisible: true } as const;

/** @throws TypeError when it can be neither */
export function toFlag(key: string, value: TestValue): Flag {
  const flag = isDocument(value) ? value : flagThatServes(key, value);
  const problems = checkFlag(flag).map(({ path, message }) => `${path} ${message}`.trim());
  if (!KEY.test(key)) problems.push('keys are lower-case letters, digits, dots, dashes and underscores');
  if (problems.length > 0) throw new TypeError(`The flag '${key}' cannot be set: ${problems.join('; ')}`);
  if (flag.key !== key) throw new TypeError(`The document given for the flag '${key}' is that of '${flag.key}'`);
  return flag;
}

/** A value that has variants and a default rule is meant to be a document, if not always a good one. */
function isDocument(value: TestValue): value is Flag {
  return typeof value === 'object' && value !== null && 'variants' in value && 'defaultRule' in value;
}

/** For everyone, also on pages. */
function flagThatServes(key: string, value: Json): Flag {
  if (typeof value === 'boolean') {
    const variants = [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ];
    const variant = value ? 'on' : 'off';
    return { key, type: 'boolean', variants, offVariant: 'off', defaultRule: { variant }, ...shown };
  }
  const type = typeof value;
  const isServable = type === 'string' || type === 'object' || Number.isFinite(value);
  if (!isServable)
    throw new TypeError(`The flag '${key}' cannot be set to ${type} ${String(value)}; give a JSON value`);
  const variants = [{ name: 'set', value }];
  const flagType = type as Flag['type'];
  return { key, type: flagType, variants, offVariant: 'set', defaultRule: { variant: 'set' }, ...shown };
}
