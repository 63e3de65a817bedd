import { t } from '@lingui/core/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { actOnRequest, scheduleRequest } from '../../api/change-requests.ts';
import { useMaySomewhere } from '../../api/permissions.ts';
import { sessionQuery } from '../../api/session.ts';
import type { ChangeRequest, Project } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { ActQuestion } from './act-question.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { type Act, type AskedAct, actWords, offeredActs } from './offered-acts.ts';

/** What is asked about, of the request as it was when it was asked: nobody approves what came after they had read. */
interface Asked<What extends Act> {
  readonly act: What;
  readonly request: ChangeRequest;
}

interface RequestActsProps {
  project: Project;
  request: ChangeRequest;
  /** Nothing but approvals stands against it now. */
  isApplicable: boolean;
}

/** What can be done with a change request by whoever looks at it. */
export function RequestActs({ project, request, isApplicable }: RequestActsProps) {
  const client = useQueryClient();
  const may = useMaySomewhere(project);
  const { data: user } = useQuery(sessionQuery);
  const [asking, setAsking] = useState<Asked<Act>>();
  const run = useMutation({
    mutationFn: async ({ act, request: seen, said }: Asked<AskedAct> & { said: string }) => {
      if (act === 'schedule') await scheduleRequest(project.key, seen, said);
      else await actOnRequest(project.key, seen, act, said);
    },
    onSuccess: (_, { act }) => toastDone({ title: t(actWords[act].done), text: request.title }),
    onError: (error) => toastFailed({ title: t`It is as it was`, error }),
    onSettled: () => {
      for (const queryKey of [
        ['change-requests', project.key],
        ['flags', project.key],
        ['schedules', project.key],
      ]) {
        void client.invalidateQueries({ queryKey });
      }
    },
  });
  const acts = offeredActs(request, { may, isOwn: request.createdBy.id === user?.id, isApplicable });
  if (acts.length === 0) return null;
  const places = new Set(request.changes.map((change) => ('environment' in change ? change.environment : undefined)));
  const isProduction = project.environments.some(
    ({ key, production }) => production && (places.has(key) || places.has(undefined)),
  );
  return (
    <div className="flex flex-wrap gap-2">
      {acts.map((act) => (
        <Button
          key={act}
          look={act === 'approve' || act === 'apply' ? 'primary' : 'secondary'}
          busy={run.isPending}
          onClick={() => setAsking({ act, request })}
        >
          {act === 'edit' ? t`Edit` : t(actWords[act].label)}
        </Button>
      ))}
      {asking?.act === 'edit' && (
        <EditDialog project={project} request={asking.request} onClose={() => setAsking(undefined)} />
      )}
      {asking && isQuestion(asking) && (
        <ActQuestion
          act={asking.act}
          title={asking.request.title}
          isProduction={isProduction}
          onClose={() => setAsking(undefined)}
          onConfirm={(said) => {
            setAsking(undefined);
            run.mutate({ ...asking, said });
          }}
        />
      )}
    </div>
  );
}

function isQuestion(asking: Asked<Act>): asking is Asked<AskedAct> {
  return asking.act !== 'edit';
}
