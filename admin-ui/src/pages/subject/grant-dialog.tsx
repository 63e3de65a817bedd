import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sayFailure } from '../../api/api-error.ts';
import { createGrant, rolesQuery } from '../../api/people.ts';
import { projectsQuery } from '../../api/projects.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { toastDone } from '../../ui/toast.tsx';
import type { Subject } from './subject-page.tsx';

/** Keys hold neither a blank nor a slash. */
const whole = ' ';

/** Gives someone a role in a place. Shown for as long as it is rendered. */
export function GrantDialog({ subject, onClose }: { subject: Subject; onClose: () => void }) {
  const client = useQueryClient();
  const roles = useQuery(rolesQuery);
  const projects = useQuery(projectsQuery);
  const [role, setRole] = useState<string>();
  const [place, setPlace] = useState<string>();
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const places = [
    { value: whole, label: t`The whole installation` },
    ...(projects.data ?? []).flatMap(({ key, name, environments }) => [
      { value: key, label: t`Project ${name}` },
      ...environments.map((one) => ({ value: `${key}/${one.key}`, label: t`${one.name} of ${name}` })),
    ]),
  ];
  const chosenPlace = place ?? places[1]?.value ?? whole;
  const grant = async (chosenRole: string) => {
    const [project, environment] = chosenPlace === whole ? [] : chosenPlace.split('/');
    setBusy(true);
    try {
      await createGrant({
        ...{ subject: { kind: subject.kind, id: subject.id }, role: chosenRole },
        ...(project !== undefined && { project }),
        ...(environment !== undefined && { environment }),
      });
      toastDone({ title: t`${subject.name} is ${chosenRole} now` });
      void client.invalidateQueries({ queryKey: ['people', 'grants'] });
      onClose();
    } catch (reason) {
      setError(sayFailure(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Grant ${subject.name} a role`}
      description={t`It holds from their next request on.`}
    >
      <Loaded from={roles} what={t`the roles`}>
        {(items) => {
          const chosen = items.find(({ key }) => key === role) ?? items.find(({ key }) => key === 'viewer') ?? items[0];
          return (
            <>
              <div className="flex flex-col gap-4 px-5 py-4">
                {error !== undefined && <Notice title={error} />}
                <Field label={t`Role`} hint={chosen?.description}>
                  <Select
                    value={chosen?.key ?? ''}
                    options={items.map(({ key, name }) => ({ value: key, label: name }))}
                    onChange={setRole}
                  />
                </Field>
                <Field label={t`Where`}>
                  <Select value={chosenPlace} options={places} onChange={setPlace} />
                </Field>
              </div>
              <ActOrCancel onCancel={onClose} busy={isBusy} onAct={() => chosen && void grant(chosen.key)}>
                <Trans>Grant</Trans>
              </ActOrCancel>
            </>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
