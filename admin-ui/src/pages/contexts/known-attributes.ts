import type { Attribute, SampledContext } from '../../api/types.ts';

/** An attribute, once, whatever types it came with and whoever told of it. */
export interface KnownAttribute {
  readonly path: string;
  readonly types: readonly string[];
  /** No service told of it: pages can make up any. */
  readonly isOfPages: boolean;
  readonly lastSeenAt: string;
}

/** By path, as they come. */
export function knownAttributes(seen: readonly Attribute[]): KnownAttribute[] {
  const known = new Map<string, KnownAttribute>();
  for (const { path, type, source, lastSeenAt } of seen) {
    const before = known.get(path);
    known.set(path, {
      path,
      types: [...new Set([...(before?.types ?? []), type])],
      isOfPages: source === 'page' && (before?.isOfPages ?? true),
      lastSeenAt: before && before.lastSeenAt > lastSeenAt ? before.lastSeenAt : lastSeenAt,
    });
  }
  return [...known.values()];
}

/** More say no more of what an attribute is. */
const maxExamples = 3;
/** Of an example, characters. */
const maxLength = 40;

/** Values that contexts had at a path, as JSON, each once; none at paths that only lead to others. */
export function examplesOf(contexts: readonly SampledContext['context'][], path: string): string[] {
  const examples = new Set<string>();
  for (const context of contexts) {
    const value = path.split('.').reduce<unknown>(stepInto, context);
    if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) continue;
    const text = JSON.stringify(value);
    examples.add(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
    if (examples.size === maxExamples) break;
  }
  return [...examples];
}

function stepInto(value: unknown, name: string): unknown {
  const isRecord = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isRecord ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
