import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CirclePause, CirclePlay, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { commandMigrationPlan, deleteMigrationPlan, type PlanPlace } from '../../api/migration-plans.ts';
import type { Environment, MigrationCommandBody, MigrationPhase, MigrationPlan } from '../../api/types.ts';
import { nextPhase } from '../../migrations/plan-line.ts';
import { editMigrationPlanPath, migrationPlansPath } from '../../paths.ts';
import { migrationPhases } from '../../releases/migration-phases.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

interface PlanActsProps {
  place: PlanPlace;
  environment: Environment;
  plan: MigrationPlan;
  onGo: (phase: MigrationPhase) => void;
}

const done = {
  pause: msg`is paused`,
  resume: msg`goes on`,
  retry: msg`is tried again`,
  go: msg`is on its way`,
} as const;

/** What one can do with a plan besides sending it to a phase of one's choice. */
export function PlanActs({ place, environment, plan, onGo }: PlanActsProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'pause' | 'delete'>();
  const run = useMutation({
    mutationFn: (body: MigrationCommandBody) => commandMigrationPlan(client, place, body),
    onSuccess: (_, { command }) => toastDone({ title: `${plan.key} ${t(done[command])}` }),
    onError: (error) => toastFailed({ title: t`${plan.key} is as it was`, error }),
  });
  const remove = useMutation({
    mutationFn: () => deleteMigrationPlan(place),
    onSuccess: async () => {
      toastDone({ title: t`The migration plan ${plan.key} is deleted` });
      await navigate({ ...migrationPlansPath(place.project, { environment: place.environment }), replace: true });
      void client.invalidateQueries({ queryKey: ['migration-plans', place.project] });
    },
    onError: (error) => toastFailed({ title: t`${plan.key} is still there`, error }),
  });
  const next = nextPhase(plan);
  const isFree = plan.release === null;
  const whyNot = plan.release ? t`${plan.release.title} moves it` : plan.isMoving ? t`It is on its way` : undefined;
  return (
    <span className="flex flex-wrap gap-2">
      {plan.problem !== null && (
        <Button look="primary" busy={run.isPending} onClick={() => run.mutate({ command: 'retry' })}>
          <Trans>
            <RotateCcw aria-hidden />
            Try again
          </Trans>
        </Button>
      )}
      {next && isFree && !plan.isMoving && plan.problem === null && (
        <Button look="primary" onClick={() => onGo(next)}>
          <Trans>Go to {t(migrationPhases[next].name)} …</Trans>
        </Button>
      )}
      {plan.pause === null ? (
        <Button onClick={() => setAsking('pause')}>
          <Trans>
            <CirclePause aria-hidden />
            Pause
          </Trans>
        </Button>
      ) : (
        <Button busy={run.isPending} onClick={() => run.mutate({ command: 'resume' })}>
          <Trans>
            <CirclePlay aria-hidden />
            Resume
          </Trans>
        </Button>
      )}
      <Link
        {...editMigrationPlanPath(place.project, place.environment, place.plan)}
        className={`${buttonShape} border border-edge bg-raised text-ink shadow-control hover:bg-hover`}
      >
        <Trans>
          <Pencil aria-hidden />
          Edit
        </Trans>
      </Link>
      <Button onClick={() => setAsking('delete')} disabled={whyNot !== undefined} title={whyNot}>
        <Trans>
          <Trash2 aria-hidden />
          Delete
        </Trans>
      </Button>
      {asking === 'pause' && (
        <ReasonDialog
          title={t`Pause ${plan.key} in ${environment.name}?`}
          confirmLabel={t`Pause`}
          look={environment.production ? 'production' : 'primary'}
          onClose={() => setAsking(undefined)}
          onConfirm={(reason) => {
            setAsking(undefined);
            run.mutate({ command: 'pause', reason });
          }}
        >
          <p>
            <Trans>
              What is under way is cut off: a transaction is rolled back, a backfill goes on later from where it stood.
              Nothing begins until someone resumes it.
            </Trans>
          </p>
        </ReasonDialog>
      )}
      <ConfirmDialog
        open={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined);
          remove.mutate();
        }}
        look={environment.production ? 'production' : 'danger'}
        title={t`Delete ${plan.key} in ${environment.name}?`}
        confirmLabel={t`Delete plan`}
      >
        <p>
          <Trans>
            The database stays as it is, in phase {t(migrationPhases[plan.phase].name)}, and so does what the flag
            serves. The plan, its sealed connections and its runs are gone.
          </Trans>
        </p>
      </ConfirmDialog>
    </span>
  );
}
