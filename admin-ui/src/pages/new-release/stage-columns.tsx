import { msg, t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { ReleaseStage } from '../../api/types.ts';
import { percentOf, weightOfPercent } from '../../flags/weights.ts';
import type { Words } from '../../locales/say.ts';
import { DurationInput } from '../../releases/duration-input.tsx';
import { migrationPhaseNames, migrationPhases } from '../../releases/migration-phases.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { TextInput } from '../../ui/field.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { Select } from '../../ui/select.tsx';
import { isOfFlags } from './release-draft.ts';

type Change = (part: Partial<ReleaseStage>) => void;

/** A column of the table of stages. */
export interface StageColumn {
  readonly name: Words;
  /** Classes. */
  readonly width: string;
  readonly cell: (stage: ReleaseStage, at: number, onChange: Change) => ReactNode;
}

const daySeconds = 86_400;
const maxSoakSeconds = 30 * daySeconds;
const maxLateSeconds = 90 * daySeconds;

const lateOptions = [
  { value: 'hold', label: msg`say so` },
  { value: 'abort', label: msg`abort` },
] as const;

const phaseOptions = migrationPhaseNames.map((phase) => ({ value: phase, label: migrationPhases[phase].name }));

/** What a release's stages are made of: of shares and phases only those that it moves. */
export function columnsOf({ strategy, flags, traffic, migration, stages }: ReleaseSpec): readonly StageColumn[] {
  const hasCopies = strategy === 'dark_launch' || stages.some(({ shadowPer100k = 0 }) => shadowPer100k > 0);
  const hasDeadline = stages.some(({ maxSeconds }) => maxSeconds !== undefined);
  return [
    {
      name: t`Name`,
      width: 'w-32 max-lg:flex-1 max-lg:basis-full lg:min-w-20 lg:shrink',
      cell: ({ name = '' }, at, onChange) => (
        <TextInput
          aria-label={t`Name of stage ${at + 1}`}
          placeholder={t`Stage ${at + 1}`}
          maxLength={100}
          value={name}
          onChange={(next) => onChange({ name: next === '' ? undefined : next })}
        />
      ),
    },
    ...(migration ? [phaseColumn] : []),
    ...(traffic ? [shareColumn(t`Traffic`, 'trafficPer100k')] : []),
    ...(hasCopies && traffic ? [shareColumn(t`Copies`, 'shadowPer100k')] : []),
    ...(flags.length > 0 || isOfFlags(strategy) ? [shareColumn(t`Flags`, 'flagsPer100k')] : []),
    {
      name: t`Watched for`,
      width: 'w-26',
      cell: ({ soakSeconds }, at, onChange) => (
        <DurationInput
          label={t`How long stage ${at + 1} is watched`}
          value={soakSeconds}
          max={maxSoakSeconds}
          onChange={(next) => next !== undefined && onChange({ soakSeconds: next })}
        />
      ),
    },
    {
      name: t`Late after`,
      width: 'w-26',
      cell: ({ maxSeconds, onLate }, at, onChange) => (
        <DurationInput
          label={t`When stage ${at + 1} is late`}
          value={maxSeconds}
          none={t`never`}
          {...{ min: 1, max: maxLateSeconds }}
          onChange={(next) => onChange({ maxSeconds: next, onLate: next === undefined ? undefined : onLate })}
        />
      ),
    },
    ...(hasDeadline ? [lateColumn] : []),
    {
      name: t`Approvals`,
      width: 'w-18',
      cell: ({ approvals = 0 }, at, onChange) => (
        <NumberInput
          label={t`Approvals after stage ${at + 1}`}
          value={approvals}
          onChange={(next) => onChange({ approvals: next === 0 ? undefined : next })}
          {...{ min: 0, max: 10 }}
        />
      ),
    },
  ];
}

function shareColumn(name: string, field: 'flagsPer100k' | 'trafficPer100k' | 'shadowPer100k'): StageColumn {
  return {
    ...{ name, width: 'w-22' },
    cell: (stage, at, onChange) => (
      <NumberInput
        label={t`${name} of stage ${at + 1}`}
        value={percentOf(stage[field] ?? 0)}
        onChange={(percent) => onChange({ [field]: weightOfPercent(percent) })}
        {...{ min: 0, max: 100, digits: 3, unit: '%' }}
      />
    ),
  };
}

const phaseColumn: StageColumn = {
  ...{ name: msg`Migration`, width: 'w-36' },
  cell: ({ migrationPhase = 'baseline' }, at, onChange) => (
    <Select
      label={t`Phase of the migration in stage ${at + 1}`}
      value={migrationPhase}
      options={phaseOptions}
      onChange={(next) => onChange({ migrationPhase: next })}
    />
  ),
};

const lateColumn: StageColumn = {
  ...{ name: msg`Then`, width: 'w-24' },
  cell: ({ maxSeconds, onLate = 'hold' }, at, onChange) =>
    maxSeconds === undefined ? null : (
      <Select
        label={t`What follows when stage ${at + 1} is late`}
        value={onLate}
        options={lateOptions}
        onChange={(next) => onChange({ onLate: next })}
      />
    ),
};
