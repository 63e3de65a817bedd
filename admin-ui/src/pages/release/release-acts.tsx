import { t } from '@lingui/core/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isUnanswered } from '../../api/api-error.ts';
import { useMay } from '../../api/permissions.ts';
import { commandRelease, type ReleaseWish } from '../../api/releases.ts';
import type { Environment, Release } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ActDialog } from './act-dialog.tsx';
import { actQuestion } from './act-questions.ts';
import { offeredActs, type ReleaseAct } from './offered-acts.ts';

/** What is asked about, of the release as it was when it was asked: nobody approves what came after they had read. */
interface Asked {
  readonly act: ReleaseAct;
  readonly release: Release;
}

interface ReleaseActsProps {
  project: string;
  release: Release;
  environment: Environment;
}

/** The buttons of a release: what may be asked of it now, by who is signed in. */
export function ReleaseActs({ project, release, environment }: ReleaseActsProps) {
  const client = useQueryClient();
  const nowMs = useNow();
  const may = useMay(project, environment.key);
  const [asked, setAsked] = useState<Asked>();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ release: seen, wish }: Asked & { wish: ReleaseWish }) => commandRelease(client, project, seen, wish),
    onSuccess: (_, { act }) => toastDone({ title: `${release.title} ${actQuestion(act, release, environment).done}` }),
    onError: (error, { act }) => {
      const { label } = actQuestion(act, release, environment);
      toastFailed({
        title: isUnanswered(error) ? t`It is not known whether “${label}” was done` : t`“${label}” was not done`,
        error,
      });
    },
  });
  const acts = offeredActs(release, nowMs).filter((act) => may(act === 'approve' ? 'change:approve' : 'release:write'));
  return (
    <div className="flex flex-wrap gap-2">
      {acts.map((act, at) => {
        const { label, look } = actQuestion(act, release, environment);
        const isMain = at === 0 && look === 'primary' && act !== 'pause';
        return (
          <Button
            key={act}
            look={
              isMain ? (environment.production ? 'production' : 'primary') : isWayBack(act) ? 'danger' : 'secondary'
            }
            busy={isPending}
            onClick={() => setAsked({ act, release })}
          >
            {label}
          </Button>
        );
      })}
      {asked && (
        <ActDialog
          act={asked.act}
          release={asked.release}
          environment={environment}
          onClose={() => setAsked(undefined)}
          onWish={(wish) => {
            setAsked(undefined);
            mutate({ ...asked, wish });
          }}
        />
      )}
    </div>
  );
}

function isWayBack(act: ReleaseAct): boolean {
  return act === 'abort' || act === 'rollback';
}
