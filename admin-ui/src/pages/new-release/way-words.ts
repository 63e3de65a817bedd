import { plural, t } from '@lingui/core/macro';
import type { ReleaseLint } from '../../api/types.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';

/** How long a release takes if all goes well, and how many people it waits for. */
export function describeLength({ stages, bakeSeconds }: Pick<ReleaseSpec, 'stages' | 'bakeSeconds'>): string {
  const seconds = stages.reduce((sum, { soakSeconds }) => sum + soakSeconds, bakeSeconds);
  const approvals = stages.reduce((sum, stage) => sum + (stage.approvals ?? 0), 0);
  const time = formatSeconds(seconds);
  return approvals === 0
    ? t`It takes ${time} at least.`
    : t`It takes ${time} at least, and waits for ${plural(approvals, { one: '# approval', other: '# approvals' })}.`;
}

/** The ways back of a release, in sentences: what goes back in which order, until when, and from where on nothing does. */
export function describeWaysBack(
  draft: Pick<ReleaseSpec, 'flags' | 'traffic' | 'migration' | 'rollbackWindowSeconds' | 'leaseSeconds'>,
  points: ReleaseLint['pointsOfNoReturn'],
): readonly string[] {
  const { flags, traffic, migration, rollbackWindowSeconds, leaseSeconds } = draft;
  const parts = [flags.length > 0 && t`its flags`, traffic && t`traffic`, migration && t`the migration`];
  const order = parts
    .filter((part) => typeof part === 'string')
    .reduce<string | undefined>(
      (sooner, part) => (sooner === undefined ? part : t`${sooner}, then ${part}`),
      undefined,
    );
  const [point] = points;
  const kept =
    rollbackWindowSeconds === 0
      ? t`When it has succeeded, it cannot be rolled back.`
      : t`When it has succeeded, it can be rolled back for ${formatSeconds(rollbackWindowSeconds)}.`;
  return [
    ...(order === undefined ? [] : [t`It can be aborted at any time, which takes back ${order}.`]),
    kept,
    ...(leaseSeconds === undefined
      ? []
      : [
          t`Without a server that looks after it for ${formatSeconds(leaseSeconds)}, what is exposed falls back by itself.`,
        ]),
    ...(point ? [t`From stage ${point.stage + 1} on there is no way back: ${point.reason}`] : []),
  ];
}
