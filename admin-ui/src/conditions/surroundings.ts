import type { Finding } from '@bunting/core';
import { createContext, useContext } from 'react';
import type { Attribute, Environment } from '../api/types.ts';

/** What every part of a condition may look at. */
export interface Surroundings {
  readonly project: string;
  readonly environment: Environment;
  /** Of contexts that were seen; empty: none was, or none is told. */
  readonly attributes: readonly Attribute[];
}

const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

export const SurroundingsProvider = SurroundingsContext.Provider;

export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (surroundings === undefined) throw new Error('a part of a condition is shown outside of its surroundings');
  return surroundings;
}

/**
 * What is wrong or doubtful about a draft, each with its place in its document. Apart from the rest, since it is another
 * one with each key that is pressed: only what shows findings is then rendered anew.
 */
const FindingsContext = createContext<readonly Finding[]>([]);

export const FindingsProvider = FindingsContext.Provider;

export function useFindings(): readonly Finding[] {
  return useContext(FindingsContext);
}

/** Those of a place and of what is inside it. */
export function findingsIn(findings: readonly Finding[], place: string): Finding[] {
  return findings.filter(({ path }) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`));
}
