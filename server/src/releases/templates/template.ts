import type { WrittenStage } from '../complete-stages.ts';
import type { Spec } from '../spec.ts';

/** A way to release, without what it is done to: flags, traffic and migration are named when a release is made of it. */
export type Template = Pick<
  Spec,
  'strategy' | 'needs' | 'watch' | 'leaseSeconds' | 'bakeSeconds' | 'rollbackWindowSeconds'
> & {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly stages: readonly WrittenStage[];
};
