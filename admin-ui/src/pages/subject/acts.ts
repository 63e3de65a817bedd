import { t } from '@lingui/core/macro';
import {
  makeLink,
  removeGroup,
  removeSecondFactorOf,
  removeServiceAccount,
  removeUser,
  setServiceAccountDisabled,
  setUserDisabled,
  signOutUser,
} from '../../api/people.ts';
import type { PasswordLink } from '../../api/types.ts';
import type { Subject } from './subject-page.tsx';

/** Something that can be done about someone. */
export interface SubjectAct {
  readonly label: string;
  /** What it leads to. */
  readonly says: string;
  /** Said afterwards. */
  readonly done: string;
  /** They are gone then. */
  readonly isEnd?: true;
  /** What it answers that must be shown. */
  readonly run: () => Promise<PasswordLink | undefined>;
}

/** What is offered, by what they are and whether they are disabled. */
export function actsFor({ kind, id, name, state }: Subject): readonly SubjectAct[] {
  const quietly = (run: () => Promise<unknown>) => async () => {
    await run();
    return undefined;
  };
  const isDisabled = state === 'disabled';
  const disable = (set: (id: string, disabled: boolean) => Promise<unknown>): SubjectAct => ({
    label: isDisabled ? t`Enable` : t`Disable`,
    says: isDisabled
      ? t`They may do again what they are granted.`
      : t`Their sessions and tokens stop working at once. Nothing is lost: they can be enabled again.`,
    done: isDisabled ? t`${name} is enabled` : t`${name} is disabled`,
    run: quietly(() => set(id, !isDisabled)),
  });
  const remove = (says: string, run: () => Promise<void>): SubjectAct => ({
    ...{ label: t`Remove`, says, done: t`${name} is removed`, isEnd: true, run: quietly(run) },
  });
  switch (kind) {
    case 'user':
      return [
        {
          ...{ label: t`Make a one-time link`, done: t`The link is made`, run: () => makeLink(id) },
          says: t`By it they set a new password. Links that were made before are void.`,
        },
        {
          ...{ label: t`Sign out everywhere`, done: t`${name} is signed out`, run: quietly(() => signOutUser(id)) },
          says: t`All of their sessions end. Their tokens go on working.`,
        },
        {
          ...{ label: t`Remove second factor`, done: t`The second factor is removed` },
          says: t`For who lost their device. They are signed out, and sign in by their password alone.`,
          run: quietly(() => removeSecondFactorOf(id)),
        },
        disable(setUserDisabled),
        remove(t`Their account goes with its tokens and roles. What they did stays in the audit log.`, () =>
          removeUser(id),
        ),
      ];
    case 'service-account':
      return [
        disable(setServiceAccountDisabled),
        remove(t`Its tokens and roles go with it: what calls by them is refused.`, () => removeServiceAccount(id)),
      ];
    case 'group':
      return [remove(t`Its members lose the roles that they have by it.`, () => removeGroup(id))];
  }
}
