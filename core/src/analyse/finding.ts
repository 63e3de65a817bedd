import type { ItemKind } from '../sync/messages.ts';

/** Something about a ruleset that its author should look at. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: it cannot do what it says. `warning`: it probably does not do what was meant. `info`: worth a look. */
  readonly severity: 'error' | 'warning' | 'info';
  /** The document, and the place in it as a JSON path. */
  readonly kind: ItemKind;
  readonly key: string;
  readonly path: string;
  readonly message: string;
}

export type FindingCode =
  /** The document is malformed; nothing else is said about it. */
  | 'malformed'
  /** A reference to a flag, segment, page of keys, layer or holdout that the ruleset does not have. */
  | 'unknown-reference'
  /** No subject can come this far. */
  | 'rule-unreachable'
  /** Everyone who comes this far matches. */
  | 'rule-always-matches'
  /** The condition can never be true. */
  | 'condition-contradictory'
  /** Some buckets belong to no variant. */
  | 'split-incomplete'
  /** A split in a layer on which its flag has no claim. */
  | 'layer-unclaimed'
  /** The prerequisite can never hold. */
  | 'prerequisite-impossible'
  /** Prerequisites or segments that lead back to themselves. */
  | 'cycle'
  /** Keys that are both included and excluded. */
  | 'segment-overlap'
  /** Keys of a segment that are on a page where nobody looks for them. */
  | 'key-misplaced'
  /** An attribute that nothing else asks for: perhaps a typing mistake. */
  | 'attribute-used-once';
