import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { planChoicesQuery } from '../../../api/migration-plans.ts';
import { migrationPhaseNames, migrationPhases } from '../../../releases/migration-phases.ts';
import type { KindFieldsProps } from './kind-fields.tsx';
import { ChoiceSetting, NumberSetting, Pair } from './settings.tsx';
import { SteadyFields } from './steady-fields.tsx';

/** Which migration, and how far it must have come. */
export function MigrationFields({ project, ground, gate, errors, change }: KindFieldsProps<'migration'>) {
  const { data: plans = [] } = useQuery(planChoicesQuery(project, ground.environment));
  const known = plans.some(({ key }) => key === gate.plan) || !gate.plan ? plans : [...plans, { key: gate.plan }];
  return (
    <>
      <Pair>
        <ChoiceSetting
          label={t`Migration`}
          value={gate.plan ?? ''}
          options={[
            { value: '', label: ground.migration ? t`that of the release` : t`choose one` },
            ...known.map(({ key }) => ({ value: key, label: key })),
          ]}
          onChange={(plan) => change({ plan: plan === '' ? undefined : plan })}
          error={errors.plan}
        />
        <ChoiceSetting
          label={t`Has come to`}
          value={gate.phase ?? ''}
          options={[
            { value: '' as const, label: t`wherever it rests` },
            ...migrationPhaseNames.map((phase) => ({ value: phase, label: migrationPhases[phase].name })),
          ]}
          onChange={(phase) => change({ phase: phase === '' ? undefined : phase })}
        />
        <NumberSetting
          label={t`Rows left at most`}
          value={gate.maxRowsLeft}
          fallback={0}
          onChange={(maxRowsLeft) => change({ maxRowsLeft })}
          {...{ min: 0, max: 1e15 }}
        />
      </Pair>
      <SteadyFields gate={gate} change={change} />
    </>
  );
}
