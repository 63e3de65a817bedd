import { readdirSync, readFileSync } from 'node:fs';
import { type Evaluation, type EvaluationContext, type Item, type Ruleset, toItem } from '@bunting/core';

/** One file of the suite; README.md describes the format. */
export interface Topic {
  readonly name: string;
  readonly description: string;
  readonly ruleset: Ruleset;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly description: string;
  readonly flagKey: string;
  /** Usually an object; some cases hand in what is none. */
  readonly context: EvaluationContext;
  /** The injected clock, milliseconds since 1970, UTC. */
  readonly nowMs?: number;
  /** How old the contact with a server that vouches for leases is, in milliseconds. Absent: leases stand. */
  readonly contactAgeMs?: number;
  readonly expected: Expected;
}

/** What must be answered. A field that is not named is not looked at, but for the first four of an evaluation. */
export type Expected = Partial<Pick<Evaluation, 'value' | 'variant' | 'errorCode' | 'metadata'>> &
  Pick<Evaluation, 'reason'>;

/** All topics, in the order of their numbers. */
export function loadTopics(): Topic[] {
  const folder = new URL('.', import.meta.url);
  return readdirSync(folder)
    .filter((file) => /^\d\d-.*\.json$/.test(file))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Topic);
}

/** The part of an answer that a case speaks about: absent means undefined for value, variant and errorCode. */
export function comparable(answer: Expected, expected: Expected): Expected {
  const { value, variant, reason, errorCode, metadata } = answer;
  return { value, variant, reason, errorCode, ...(expected.metadata === undefined ? {} : { metadata }) };
}

/** A topic's documents as they travel. */
export function itemsOf({ flags, segments = [], keyPages = [], layers = [], holdouts = [] }: Ruleset): Item[] {
  return [
    ...flags.map((flag) => toItem('flag', flag)),
    ...segments.map((segment) => toItem('segment', segment)),
    ...keyPages.map((page) => toItem('keys', page)),
    ...layers.map((layer) => toItem('layer', layer)),
    ...holdouts.map((holdout) => toItem('holdout', holdout)),
  ];
}
