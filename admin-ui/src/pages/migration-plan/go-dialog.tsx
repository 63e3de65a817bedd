import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { commandMigrationPlan, migrationPreviewQuery, type PlanPlace } from '../../api/migration-plans.ts';
import type { Environment, MigrationPhase, MigrationPlan } from '../../api/types.ts';
import { isBefore, isConfirmed } from '../../migrations/plan-line.ts';
import { migrationPhases } from '../../releases/migration-phases.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
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
      toastDone({ title: `${plan.key} is on its way to ${name}` });
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
      title={`${isBack ? 'Go back to' : 'Go to'} ${name} in ${environment.name}?`}
      description={`Then ${means}.`}
    >
      <div className="flex flex-col gap-3 px-5 py-4">
        {go.error && <Notice title="It stays where it is">{asApiError(go.error).message}</Notice>}
        <Loaded from={preview} what="what it would run">
          {({ allowed, refusal, moves }) => (
            <>
              {!allowed && <Notice title={`It may not go to ${name} now`}>{refusal}</Notice>}
              <PreviewedMoves moves={moves} pointsOfNoReturn={plan.pointsOfNoReturn} />
              {removes && allowed && (
                <Field
                  label={`Type ${plan.key} to remove what is old`}
                  hint="There is no way back from it: what it drops is gone."
                >
                  <TextInput mono value={typed} onChange={setTyped} autoComplete="off" />
                </Field>
              )}
            </>
          )}
        </Loaded>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look={removes ? 'danger' : environment.production ? 'production' : 'primary'}
          disabled={!isFree}
          busy={go.isPending}
          onClick={() => go.mutate()}
        >
          {isBack ? 'Go back to' : 'Go to'} {name}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
