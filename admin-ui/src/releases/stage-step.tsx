import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Check, Milestone } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ReleaseStage } from '../api/types.ts';
import { formatPercent, percentOf } from '../flags/weights.ts';
import { classNames } from '../ui/class-names.ts';
import type { PlacedGate } from './gate-list.ts';
import { migrationPhases } from './migration-phases.ts';
import { VerdictSign } from './verdict-badge.tsx';

export type StepState = 'done' | 'now' | 'left' | 'ahead';

const spoken: Readonly<Record<StepState, MessageDescriptor>> = {
  done: msg`done`,
  now: msg`now`,
  left: msg`taken back`,
  ahead: msg`ahead`,
};

interface StageStepProps {
  state: StepState;
  title: string;
  /** How much of its time has passed, 0 to 1; undefined: it is not being watched. */
  soaked: number | undefined;
  lines: readonly string[];
  /** Why there is no way back from it. */
  pointOfNoReturn?: string | undefined;
  /** What it exposes, and its gates. */
  children?: ReactNode;
}

/** One step of a release's way. */
export function StageStep({ state, title, soaked, lines, pointOfNoReturn, children }: StageStepProps) {
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={classNames(
        'relative flex min-h-20 min-w-0 flex-col gap-1 overflow-hidden rounded-sm border px-3 pt-2.5 pb-3',
        state === 'now' ? 'border-link bg-raised shadow-control' : 'border-line',
        (state === 'ahead' || state === 'left') && 'bg-sunken',
      )}
    >
      <p
        className={classNames(
          'flex items-center gap-1.5 font-semibold tabular-nums',
          state === 'ahead' && 'text-ink-2',
          state === 'left' && 'text-ink-3 line-through',
        )}
      >
        <span className="min-w-0 break-words">{title}</span>
        {state === 'done' && <Check className="size-3.5 shrink-0 text-live-ink" aria-hidden />}
        <span className="sr-only">, {t(spoken[state])}</span>
      </p>
      {children}
      <p className="flex flex-col text-ink-3 text-xs">
        {lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </p>
      {pointOfNoReturn !== undefined && (
        <p className="flex items-start gap-1 text-danger-ink text-xs" title={pointOfNoReturn}>
          <Milestone className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          <span>
            <Trans>
              no way back from here<span className="sr-only">: {pointOfNoReturn}</span>
            </Trans>
          </span>
        </p>
      )}
      <span aria-hidden className="absolute inset-x-0 bottom-0 h-1 bg-line">
        <span
          className={classNames('block h-full', state === 'done' ? 'bg-live' : 'bg-accent')}
          style={{ width: `${(state === 'done' ? 1 : (soaked ?? 0)) * 100}%` }}
        />
      </span>
    </li>
  );
}

/** What a stage exposes, part by part. */
export function StageShares({ stage, hasFlags }: { stage: ReleaseStage; hasFlags: boolean }) {
  const { trafficPer100k, shadowPer100k = 0, flagsPer100k, migrationPhase } = stage;
  return (
    <div className="flex flex-col gap-0.5 text-xs">
      {migrationPhase !== undefined && (
        <p className="flex justify-between gap-2">
          <span className="text-ink-3">
            <Trans>migration</Trans>
          </span>
          <span className="text-end">{t(migrationPhases[migrationPhase].name)}</span>
        </p>
      )}
      {trafficPer100k !== undefined && <Share name={t`traffic`} per100k={trafficPer100k} color="bg-series-2" />}
      {shadowPer100k > 0 && <Share name={t`copies`} per100k={shadowPer100k} color="bg-series-6" />}
      {hasFlags && <Share name={t`flags`} per100k={flagsPer100k} color="bg-accent" />}
    </div>
  );
}

function Share({ name, per100k, color }: { name: string; per100k: number; color: string }) {
  return (
    <p className="flex items-center gap-2">
      <span className="w-11 shrink-0 text-ink-3">{name}</span>
      <span aria-hidden className="h-1 min-w-4 flex-1 overflow-hidden rounded-full bg-line">
        <span className={`block h-full ${color}`} style={{ width: `${percentOf(per100k)}%` }} />
      </span>
      <span className="tabular-nums">{formatPercent(per100k)}</span>
    </p>
  );
}

/** The gates of a stage, each with a sign of what it says. */
export function StageGates({ gates }: { gates: readonly PlacedGate[] }) {
  if (gates.length === 0) return null;
  return (
    <ul className="flex flex-col text-xs">
      {gates.map(({ gate, run }) => (
        <li key={gate.name} className="flex items-center gap-1.5">
          <VerdictSign verdict={run?.verdict ?? 'pending'} />
          <span className="min-w-0 truncate" title={gate.name}>
            {gate.name}
          </span>
        </li>
      ))}
    </ul>
  );
}
