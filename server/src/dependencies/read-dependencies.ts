import { type Flag, type Item, type Segment, segmentReferences } from '@bunting/core';

/** Something that a ruleset names: `flag:checkout`, `segment:beta`. */
type NodeId = `${'flag' | 'segment'}:${string}`;

/** `from` names `to`, and so depends on it. */
export interface Reference {
  readonly from: NodeId;
  readonly to: NodeId;
  /** What the flag `to` must be for `from`. Absent: `from` asks whether someone is in the segment. */
  readonly wants?: 'on' | 'off' | 'value';
}

/** Documents read between two turns. */
const STRIDE = 50;

/** What flags and segments of a ruleset name, each pair once: a step for every so many of them, and the result at the end. */
export function* readDependencies(items: readonly Item[]): Generator<void, Reference[]> {
  const found = new Map<string, Reference>();
  let read = 0;
  for (const { kind, key, json } of items) {
    if (kind !== 'flag' && kind !== 'segment') continue;
    // Most name nothing, and need not be parsed to see that.
    if (!json.includes('"prerequisites"') && !json.includes('"segment"')) continue;
    const document = JSON.parse(json) as Flag | Segment;
    const references = 'variants' in document ? ofFlag(document) : ofSegment(document);
    for (const { to, wants } of references) {
      const from: NodeId = `${kind}:${key}`;
      found.set(`${from} ${to}`, { from, to, ...(wants && { wants }) });
    }
    if (++read % STRIDE === 0) yield;
  }
  // By name: a ruleset has no order that means anything.
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reference]) => reference);
}

type Named = Pick<Reference, 'to' | 'wants'>;

function ofFlag({ prerequisites = [], rules = [] }: Flag): Named[] {
  return [
    ...prerequisites.map(({ flag, state }): Named => ({ to: `flag:${flag}`, wants: state ?? 'value' })),
    ...rules
      .flatMap(({ when }) => segmentReferences(when, ''))
      .map(({ segment }): Named => ({ to: `segment:${segment}` })),
  ];
}

function ofSegment({ when }: Segment): Named[] {
  const references = when === undefined ? [] : segmentReferences(when, '');
  return references.map(({ segment }) => ({ to: `segment:${segment}` }));
}
