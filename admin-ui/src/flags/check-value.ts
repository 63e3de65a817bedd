import { type Schema, Validator } from '@cfworker/json-schema';
import { msg, t } from '@lingui/core/macro';
import type { Flag, FlagType } from '../api/types.ts';

/**
 * Why a variant cannot have a value that was typed as JSON; undefined: nothing is known against it. The server has the
 * last word: patterns are checked there alone, where one that takes for ever is stopped.
 */
export function checkValue(text: string, { type, schema }: Pick<Flag, 'type' | 'schema'>): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : t`It is no JSON.`;
  }
  if (!isOf(type, value)) return t`It must be ${t(typeWords[type])}.`;
  if (schema === undefined) return undefined;
  try {
    const draft = String((schema as { $schema?: unknown }).$schema ?? '').includes('draft-07') ? '7' : '2020-12';
    const { valid, errors } = new Validator(withoutPatterns(schema) as Schema | boolean, draft).validate(value);
    if (valid) return undefined;
    // The last is the innermost: the others only say that something inside is wrong.
    const last = errors.at(-1);
    if (last === undefined) return t`The schema does not allow it.`;
    const place = last.instanceLocation.replace(/^#/, '');
    return place === '' ? t`It: ${last.error}` : `${place}: ${last.error}`;
  } catch {
    return undefined;
  }
}

const typeWords = {
  boolean: msg`true or false`,
  string: msg`a text`,
  number: msg`a number`,
  object: msg`an object or a list`,
};

function isOf(type: FlagType, value: unknown): boolean {
  return type === 'object' ? typeof value === 'object' && value !== null : typeof value === type;
}

function withoutPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPatterns);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key, value]) => key !== 'patternProperties' && !(key === 'pattern' && typeof value === 'string'),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutPatterns(value)]));
}
