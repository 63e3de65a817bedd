import type { Flag, Targeting } from '@bunting/core';

/** What of a flag can be copied from one environment to another, each apart. */
export const PARTS = [
  'enabled',
  'offVariant',
  'safeVariant',
  'prerequisites',
  'targets',
  'rules',
  'defaultRule',
] as const;
export type Part = (typeof PARTS)[number];

/** The parts in which two environments differ. Lists that are left out are empty. */
export function differingParts(from: Targeting, to: Targeting): Part[] {
  return PARTS.filter((part) => textOf(from, part) !== textOf(to, part));
}

/** `to` with these parts as they are in `from`. */
export function withParts<T extends Targeting>(to: T, from: T, parts: readonly Part[]): T {
  return { ...to, ...Object.fromEntries(parts.map((part) => [part, from[part]])) };
}

function textOf(targeting: Partial<Flag>, part: Part): string {
  return JSON.stringify(targeting[part] ?? (part === 'safeVariant' ? null : []));
}
