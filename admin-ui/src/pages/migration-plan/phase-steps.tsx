import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { MigrationPlan } from '../../api/types.ts';
import { describeCheck, describeStep, type PhaseDefinition, type StepWords } from '../../migrations/describe-step.ts';
import { migrationPhaseNames, migrationPhases } from '../../releases/migration-phases.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { StepView } from './step-view.tsx';

/** What a plan says of each of its phases: the steps that lead in and out, and what must hold. */
export function PhaseSteps({ plan }: { plan: MigrationPlan }) {
  const said = migrationPhaseNames.flatMap((phase) => {
    const definition = phase === 'baseline' ? undefined : plan.phases[phase];
    return definition === undefined || Object.keys(definition).length === 0 ? [] : [{ phase, definition }];
  });
  return (
    <Panel
      title={t`Steps`}
      note={t`Besides them each phase lets the flag serve its stage, and waits until every instance obeys.`}
    >
      {plan.replication && <Replication replication={plan.replication} />}
      {said.length === 0 && !plan.replication && (
        <p className="px-4 py-3.5 text-ink-3 text-xs">
          <Trans>It runs nothing of its own: it only moves its flag.</Trans>
        </p>
      )}
      {said.map(({ phase, definition }) => (
        <section
          key={phase}
          aria-label={t(migrationPhases[phase].name)}
          className="border-line border-b px-4 py-3 last:border-b-0"
        >
          <h3 className="font-semibold text-xs">{t(migrationPhases[phase].name)}</h3>
          <p className="text-ink-3 text-xs">{termsOf(definition)}</p>
          <div className="mt-2 flex flex-col gap-3 empty:hidden">
            <StepList title={t`Into it`} steps={(definition.up ?? []).map(describeStep)} />
            <StepList title={t`Then this must hold`} steps={(definition.verify ?? []).map(describeCheck)} />
            <StepList title={t`Back out of it`} steps={(definition.down ?? []).map(describeStep)} />
          </div>
        </section>
      ))}
    </Panel>
  );
}

function StepList({ title, steps }: { title: string; steps: readonly StepWords[] }) {
  if (steps.length === 0) return null;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <h4 className="font-medium text-ink-2 text-xs">{title}</h4>
      <ol className="flex min-w-0 flex-col gap-2">
        {steps.map((step, at) => (
          <StepView key={at} step={step} />
        ))}
      </ol>
    </div>
  );
}

function termsOf({ isReversible, bakeSeconds, returnsOnFailure }: PhaseDefinition): string {
  return [
    ...(bakeSeconds === undefined ? [] : [t`bakes for ${formatSeconds(bakeSeconds)}`]),
    ...(isReversible === undefined ? [] : [isReversible ? t`may be left as it is` : t`cannot be undone`]),
    ...(returnsOnFailure === true ? [t`goes back by itself when it fails`] : []),
  ].join(' · ');
}

function Replication({ replication }: { replication: NonNullable<MigrationPlan['replication']> }) {
  const { tables, variants, maxLagBytes = 1_000_000, maxPauseSeconds = 30 } = replication;
  return (
    <FactList className="border-line border-b px-4 py-3">
      <Fact mono name={t`Replicated tables`}>
        {tables.join(', ')}
      </Fact>
      <Fact name={t`Variants`}>
        <Trans>
          <code>{variants.old}</code> for the old database, <code>{variants.new}</code> for the new one
        </Trans>
      </Fact>
      <Fact name={t`Switches when`}>
        <Trans>the new side is behind by {formatNumber(maxLagBytes)} bytes at most</Trans>
      </Fact>
      <Fact name={t`Stops writes`}>
        <Trans>for {formatSeconds(maxPauseSeconds)} at most, or they go on where they were</Trans>
      </Fact>
    </FactList>
  );
}
