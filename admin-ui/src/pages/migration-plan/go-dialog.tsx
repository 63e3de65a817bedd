import { t } from '@lingui/core/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commandMigrationPlan, migrationPreviewQuery, type PlanPlace } from '../../api/migration-plans.ts';
import type { Environment, MigrationPhase, MigrationPlan } from '../../api/types.ts';
import { isBefore, isConfirmed } from '../../migrations/plan-line.ts';
import { migrationPhases } from '../../releases/migration-phases.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { PreviewedMoves } from './previewed-moves.tsx';

interface GoDialogProps {
  place: PlanPlace;
  environment: Environment;
  plan: MigrationPlan;
  to: MigrationPhase;
  onClose: () => void;
}

/**
 * Sends a plan to a phase, after it has shown what that would run. What removes data wants the plan's key typed. Shown for
 * as long as it is rendered.
 */
export function GoDialog({ place, environment, plan, to, onClose }: GoDialogProps) {
  const client = useQueryClient();
  const preview = useQuery(migrationPreviewQuery(place, to));
  const [typed, setTyped] = useState('');
  const go = useMutation({
    mutationFn: () => commandMigrationPlan(client, place, { command: 'go', to }),
    onSuccess: () => {
      toastDone({ title: t`${plan.key} is on its way to ${t(name)}` });
      onClose();
    },
  });
  const { name, means } = migrationPhases[to];
  // Where it is: it turns round on its way from there.
  const isBack = !isBefore(plan.phase, to);
  const removes = to === 'contract';
  const isFree = preview.data?.allowed === true && isConfirmed(to, plan.key, typed);
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={isBack ? t`Go back to ${t(name)} in ${environment.name}?` : t`Go to ${t(name)} in ${environment.name}?`}
      description={t`Then ${t(means)}.`}
    >
      <div className="flex flex-col gap-3 px-5 py-4">
        {go.error && (
          <Notice title={t`It stays where it is`}>
            <Failure error={go.error} />
          </Notice>
        )}
        <Loaded from={preview} what={t`what it would run`}>
          {({ allowed, refusal, moves }) => (
            <>
              {!allowed && <Notice title={t`It may not go to ${t(name)} now`}>{refusal}</Notice>}
              <PreviewedMoves moves={moves} pointsOfNoReturn={plan.pointsOfNoReturn} />
              {removes && allowed && (
                <Field
                  label={t`Type ${plan.key} to remove what is old`}
                  hint={t`There is no way back from it: what it drops is gone.`}
                >
                  <TextInput mono value={typed} onChange={setTyped} autoComplete="off" />
                </Field>
              )}
            </>
          )}
        </Loaded>
      </div>
      <ActOrCancel
        onCancel={onClose}
        look={removes ? 'danger' : environment.production ? 'production' : 'primary'}
        disabled={!isFree}
        busy={go.isPending}
        onAct={() => go.mutate()}
      >
        {isBack ? t`Go back to ${t(name)}` : t`Go to ${t(name)}`}
      </ActOrCancel>
    </Dialog>
  );
}
