import { plural } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { asApiError } from '../../../api/api-error.ts';
import { tryGate } from '../../../api/releases.ts';
import type { Gate } from '../../../api/types.ts';
import { VerdictBadge } from '../../../releases/verdict-badge.tsx';
import { Button } from '../../../ui/button.tsx';
import type { GateGround } from './gate-kinds.ts';

interface GateTrialProps {
  project: string;
  ground: GateGround;
  gate: Gate;
  disabled: boolean;
}

/** What the gate would say now, before a release rests on it. */
export function GateTrial({ project, ground, gate, disabled }: GateTrialProps) {
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => {
      const { environment, flags, traffic, migration } = ground;
      const about = {
        ...{ gate, flags: [...flags] },
        ...(traffic && traffic.target !== '' && { traffic }),
        ...(migration && migration.plan !== '' && { migration }),
      };
      return tryGate(project, environment, about);
    },
  });
  return (
    <div className="flex flex-col gap-2 rounded-sm bg-sunken p-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button busy={isPending} disabled={disabled} onClick={() => mutate()}>
          <Trans>Try it now</Trans>
        </Button>
        <p className="min-w-0 flex-1 text-ink-3 text-xs">
          <Trans>Asks once, by what can be seen now. Nothing is kept.</Trans>
        </p>
      </div>
      <div role="status" className="flex flex-col items-start gap-1">
        {data && !isPending && (
          <>
            <VerdictBadge verdict={data.verdict} />
            <p className="break-words text-ink-2">{data.reason}</p>
            {data.looks.length > 0 && (
              <p className="text-ink-3 text-xs">{plural(data.looks.length, { one: '# look', other: '# looks' })}</p>
            )}
          </>
        )}
        {error && !isPending && <p className="break-words text-danger-ink text-xs">{asApiError(error).message}</p>}
      </div>
    </div>
  );
}
