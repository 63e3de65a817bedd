import {
  type ChangesMessage,
  type Flag,
  flagItem,
  type Json,
  type Revision,
  type SnapshotMessage,
} from '@bunting/core';

export function revision(number: number, incarnation = 'first'): Revision {
  return { incarnation, number, hash: `hash-${incarnation}-${number}` };
}

/** A boolean flag that is on for everyone. */
export function onFlag(key: string): Flag {
  return flagOf(key, 'boolean', { on: true, off: false });
}

/** The same flag, switched off. */
export function offFlag(key: string): Flag {
  return { ...onFlag(key), enabled: false };
}

/** A flag that serves the first of its variants; the last is its off variant. */
export function flagOf(key: string, type: Flag['type'], values: Readonly<Record<string, Json>>): Flag {
  const variants = Object.entries(values).map(([name, value]) => ({ name, value }));
  const first = variants[0]?.name ?? '';
  return {
    key,
    type,
    variants,
    enabled: true,
    offVariant: variants.at(-1)?.name ?? '',
    defaultRule: { variant: first },
  };
}

/** A boolean flag that is on for a share of the subjects. */
export function rolloutFlag(key: string, per100k: number): Flag {
  return { ...onFlag(key), defaultRule: { split: { ranges: [{ variant: 'on', from: 0, to: per100k }] } } };
}

export function snapshot(number: number, flags: readonly Flag[], incarnation?: string): SnapshotMessage {
  return { type: 'snapshot', ...header(number, incarnation), kills: [], items: flags.map(flagItem) };
}

export function changes(
  from: number,
  to: number,
  flags: readonly Flag[],
  removed: readonly string[] = [],
): ChangesMessage {
  const gone = removed.map((key) => ({ kind: 'flag', key }) as const);
  return { type: 'changes', ...header(to), from, delete: gone, items: flags.map(flagItem) };
}

function header(number: number, incarnation?: string) {
  return { revision: revision(number, incarnation), committedAtMs: Date.now() - 5, timeMs: Date.now() };
}
