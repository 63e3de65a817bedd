import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { grantsQuery, removeGrant } from '../../api/people.ts';
import type { Grant } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { placeWords } from './place-words.ts';
import type { Subject } from './subject-page.tsx';

/** Which roles someone has where; grants add up. */
export function GrantsPanel({ subject, mayWrite }: { subject: Subject; mayWrite: boolean }) {
  const grants = useQuery(grantsQuery(subject.kind, subject.id));
  const client = useQueryClient();
  const [isGranting, setGranting] = useState(false);
  const [taking, setTaking] = useState<Grant>();
  const take = useMutation({
    mutationFn: (grant: Grant) => removeGrant(grant.id),
    onSuccess: (_, grant) =>
      toastDone({ title: t`${subject.name} is no longer ${grant.role} in ${placeWords(grant)}` }),
    onError: (error) => toastFailed({ title: t`The role stays`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['people', 'grants'] }),
  });
  return (
    <Panel
      title={t`Roles`}
      note={subject.kind === 'user' ? t`Their own; those of their groups come on top.` : t`Grants add up.`}
      actions={
        mayWrite && (
          <Button onClick={() => setGranting(true)}>
            <Trans>
              <Plus aria-hidden />
              Grant a role
            </Trans>
          </Button>
        )
      }
    >
      <Loaded from={grants} what={t`the roles`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">
              <Trans>No role is granted directly: they may do nothing by themselves.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Granted roles`}>
              {items.map((grant) => (
                <li
                  key={grant.id}
                  className="flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-4 py-1.5 last:border-b-0"
                >
                  <Badge>{grant.role}</Badge>
                  <span className="min-w-0 flex-1 break-words text-ink-2">
                    <Trans>in {placeWords(grant)}</Trans>
                  </span>
                  {mayWrite && (
                    <Button
                      look="quiet"
                      aria-label={t`Take away ${grant.role} in ${placeWords(grant)}`}
                      onClick={() => setTaking(grant)}
                    >
                      <Trans>Take away</Trans>
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {isGranting && <GrantDialog subject={subject} onClose={() => setGranting(false)} />}
      <ConfirmDialog
        open={taking !== undefined}
        onClose={() => setTaking(undefined)}
        onConfirm={() => {
          setTaking(undefined);
          if (taking) take.mutate(taking);
        }}
        look="danger"
        title={t`Take ${taking?.role ?? ''} from ${subject.name}?`}
        confirmLabel={t`Take away`}
      >
        <p>{taking && <Trans>It holds from their next request on, in {placeWords(taking)}.</Trans>}</p>
      </ConfirmDialog>
    </Panel>
  );
}
