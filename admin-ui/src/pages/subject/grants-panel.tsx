import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
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
    onSuccess: (_, grant) => toastDone({ title: `${subject.name} is no longer ${grant.role} in ${placeWords(grant)}` }),
    onError: (error) => toastFailed({ title: 'The role stays', text: asApiError(error).message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['people', 'grants'] }),
  });
  return (
    <Panel
      title="Roles"
      note={subject.kind === 'user' ? 'Their own; those of their groups come on top.' : 'Grants add up.'}
      actions={
        mayWrite && (
          <Button onClick={() => setGranting(true)}>
            <Plus aria-hidden />
            Grant a role
          </Button>
        )
      }
    >
      <Loaded from={grants} what="the roles">
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">
              No role is granted directly: they may do nothing by themselves.
            </p>
          ) : (
            <ul aria-label="Granted roles">
              {items.map((grant) => (
                <li
                  key={grant.id}
                  className="flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-4 py-1.5 last:border-b-0"
                >
                  <Badge>{grant.role}</Badge>
                  <span className="min-w-0 flex-1 break-words text-ink-2">in {placeWords(grant)}</span>
                  {mayWrite && (
                    <Button
                      look="quiet"
                      aria-label={`Take away ${grant.role} in ${placeWords(grant)}`}
                      onClick={() => setTaking(grant)}
                    >
                      Take away
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
        title={`Take ${taking?.role ?? ''} from ${subject.name}?`}
        confirmLabel="Take away"
      >
        <p>It holds from their next request on{taking ? `, in ${placeWords(taking)}` : ''}.</p>
      </ConfirmDialog>
    </Panel>
  );
}
