import type { Dependency, DependencyNode } from '../../api/types.ts';
import { flagPath, releasePath, segmentPath } from '../../paths.ts';

export const kindWords: Record<DependencyNode['kind'], string> = {
  flag: 'Flag',
  segment: 'Segment',
  release: 'Release',
};

export const stateWords: Record<DependencyNode['state'], string> = {
  on: 'on',
  off: 'off',
  killed: 'killed',
  missing: 'not there',
  used: '',
  'under-way': 'under way',
};

/** Why one depends on the other, as the sentence "A ... B". */
export const whyWords: Record<Dependency['why'], string> = {
  on: 'needs it to be on',
  off: 'needs it to be off',
  value: 'needs a value of it',
  segment: 'asks whether someone is in it',
  release: 'moves it',
};

/** Where a thing has its page. */
export function nodePath(project: string, environment: string, { kind, key }: DependencyNode) {
  if (kind === 'release') return releasePath(project, key);
  return kind === 'segment' ? segmentPath(project, environment, key) : flagPath(project, key);
}
