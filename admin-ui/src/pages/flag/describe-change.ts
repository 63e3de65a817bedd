import type { Json } from '@bunting/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Flag, Serve } from '../../api/types.ts';
import { describeCondition } from '../../flags/describe-condition.ts';
import { describeServe } from '../../flags/describe-serve.ts';

/** One thing that an audit event changed. An absent side did not exist. */
export interface Difference {
  readonly place: string;
  readonly before?: string;
  readonly after?: string;
}

/** Fields that change with every change and say nothing about it. */
const bookkeeping = new Set(['version', 'updatedAt', 'createdAt', 'environments']);

/** What differs between the two states of an audit event, in words that a person reads. */
export function describeChange(before: unknown, after: unknown, flag: Pick<Flag, 'type' | 'variants'>): Difference[] {
  if (!isRecord(before) || !isRecord(after)) return [];
  const places = new Set([...Object.keys(before), ...Object.keys(after)]);
  const differences: Difference[] = [];
  for (const place of places) {
    if (bookkeeping.has(place) || sameJson(before[place], after[place])) continue;
    const [was, is] = [describeValue(before, place, flag), describeValue(after, place, flag)];
    // What is no different in so few words, as a ramp that is held, is told by an event of its own.
    if (was !== undefined && was === is) continue;
    differences.push({
      place: wordsFor(place),
      ...(was !== undefined && { before: was }),
      ...(is !== undefined && { after: is }),
    });
  }
  return differences;
}

const words: Readonly<Record<string, MessageDescriptor>> = {
  enabled: msg`state`,
  offVariant: msg`off variant`,
  safeVariant: msg`safe variant`,
  defaultRule: msg`default rule`,
  clientVisible: msg`visible to browsers`,
  archivedAt: msg`archived`,
};

function wordsFor(place: string): string {
  const known = words[place];
  return known === undefined ? place : t(known);
}

function describeValue(
  state: Readonly<Record<string, unknown>>,
  place: string,
  flag: Pick<Flag, 'type' | 'variants'>,
): string | undefined {
  const value = state[place];
  if (value === undefined || value === null) return undefined;
  if (place === 'enabled') return value === true ? t`on` : t`off`;
  const offVariant = typeof state.offVariant === 'string' ? state.offVariant : '';
  if (place === 'defaultRule' && isServe(value)) return describeServe(value, flag, offVariant);
  if (place === 'rules' && Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map((rule) => describeRule(rule, flag, offVariant)).join('; ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value as Json);
}

function describeRule(rule: unknown, flag: Pick<Flag, 'type' | 'variants'>, offVariant: string): string {
  if (!isRecord(rule) || !isServe(rule.serve)) return JSON.stringify(rule);
  return t`if ${describeCondition(rule.when)}: ${describeServe(rule.serve, flag, offVariant)}`;
}

function isServe(value: unknown): value is Serve {
  if (!isRecord(value)) return false;
  if (typeof value.variant === 'string') return true;
  return isRecord(value.split) && Array.isArray(value.split.ranges);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Both sides were written by one serialiser, so equal content is equal text. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
