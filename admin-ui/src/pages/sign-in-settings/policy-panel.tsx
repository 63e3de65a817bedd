import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setSignInPolicy, signInPolicyQuery } from '../../api/sign-in-settings.ts';
import type { SignInPolicy } from '../../api/types.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Switch } from '../../ui/switch.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

const whose = [
  { value: 'everyone', label: msg`Everyone` },
  { value: 'owners', label: msg`Owners only` },
] as const;

/** What is asked of whoever signs in. It holds at once, so each change is asked about. */
export function PolicyPanel() {
  const policy = useQuery(signInPolicyQuery);
  const client = useQueryClient();
  const [wish, setWish] = useState<SignInPolicy>();
  const save = useMutation({
    mutationFn: setSignInPolicy,
    onSuccess: () => toastDone({ title: t`The sign-in policy is changed` }),
    onError: (error) => toastFailed({ title: t`The policy is as it was`, error }),
    onSettled: () => client.invalidateQueries(signInPolicyQuery),
  });
  return (
    <Panel title={t`Sign-in policy`} note={t`Tokens are not asked.`}>
      <Loaded from={policy} what={t`the sign-in policy`}>
        {(now) => (
          <div className="flex flex-col gap-3 px-4 py-3">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="min-w-48">
                <Trans>Who may sign in by a password</Trans>
              </span>
              <Segmented
                label={t`Who may sign in by a password`}
                value={now.passwords}
                options={whose}
                onChange={(passwords) => passwords !== now.passwords && setWish({ ...now, passwords })}
              />
            </div>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span aria-hidden className="min-w-48">
                <Trans>Require a second factor</Trans>
              </span>
              <Switch
                label={t`Require a second factor of whoever signs in by a password`}
                checked={now.requireSecondFactor}
                pending={save.isPending}
                onChange={(requireSecondFactor) => setWish({ ...now, requireSecondFactor })}
              />
            </div>
          </div>
        )}
      </Loaded>
      <ConfirmDialog
        open={wish !== undefined}
        onClose={() => setWish(undefined)}
        onConfirm={() => {
          setWish(undefined);
          if (wish) save.mutate(wish);
        }}
        look="danger"
        title={t`Change how people sign in?`}
        confirmLabel={t`Change policy`}
      >
        <p>
          {wish?.passwords === 'owners'
            ? t`Only owners sign in by a password; everyone else comes by a provider.`
            : t`Everyone may sign in by a password.`}{' '}
          {wish?.requireSecondFactor
            ? t`Whoever has no second factor sets one up before anything else: you too, if you have none.`
            : t`A second factor is left to each.`}
        </p>
        <p>
          <Trans>It holds from the next request on, also for those who are signed in.</Trans>
        </p>
      </ConfirmDialog>
    </Panel>
  );
}
