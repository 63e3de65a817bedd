import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Dependency, DependencyNode } from '../../api/types.ts';
import { flagPath, releasePath, segmentPath } from '../../paths.ts';

export const kindWords: Record<DependencyNode['kind'], MessageDescriptor> = {
  flag: msg`Flag`,
  segment: msg`Segment`,
  release: msg`Release`,
};

export const stateWords: Record<DependencyNode['state'], MessageDescriptor> = {
  on: msg`on`,
  off: msg`off`,
  killed: msg`killed`,
  missing: msg`not there`,
  used: msg`used`,
  'under-way': msg`under way`,
};

/** Why one depends on the other, as the sentence "A ... B". */
export const whyWords: Record<Dependency['why'], MessageDescriptor> = {
  on: msg`needs it to be on`,
  off: msg`needs it to be off`,
  value: msg`needs a value of it`,
  segment: msg`asks whether someone is in it`,
  release: msg`moves it`,
};

/** Where a thing has its page. */
export function nodePath(project: string, environment: string, { kind, key }: DependencyNode) {
  if (kind === 'release') return releasePath(project, key);
  return kind === 'segment' ? segmentPath(project, environment, key) : flagPath(project, key);
}
