import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RampsOf } from '../../api/ramps.ts';
import type { Project } from '../../api/types.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FlagRamps } from './flag-ramps.tsx';

/** Splits that time changes, or would if they were not held, in all environments. */
export function RampsPanel({ project, ramps }: { project: Project; ramps: UseQueryResult<RampsOf[]> }) {
  return (
    <Panel title={t`Ramps`} note={t`Splits that change with time. One that is held exposes nobody more.`}>
      <Loaded from={ramps} what={t`the ramps`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">
              <Trans>No split changes with time. One gets a ramp where its flag's targeting is edited.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Ramps`}>
              {items.map((item) => {
                const environment = project.environments.find(({ key }) => key === item.environment);
                return (
                  environment && (
                    <FlagRamps
                      key={`${item.environment} ${item.flag}`}
                      project={project.key}
                      environment={environment}
                      flag={item.flag}
                      ramps={item.ramps}
                    />
                  )
                );
              })}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
