import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { identityProvidersQuery, removeIdentityProvider } from '../../api/sign-in-settings.ts';
import type { IdentityProvider } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { PolicyPanel } from './policy-panel.tsx';
import { ProviderDialog } from './provider-dialog.tsx';

/** How people sign in: what is asked of passwords, and the providers of single sign-on. */
export function SignInSettings() {
  const providers = useQuery(identityProvidersQuery);
  const client = useQueryClient();
  const [open, setOpen] = useState<IdentityProvider | 'new'>();
  const [removing, setRemoving] = useState<IdentityProvider>();
  const remove = useMutation({
    mutationFn: ({ key }: IdentityProvider) => removeIdentityProvider(key),
    onSuccess: (_, { name }) => toastDone({ title: t`${name} is removed`, text: t`Accounts that came by it stay.` }),
    onError: (error) => toastFailed({ title: t`The provider is still there`, error }),
    onSettled: () => client.invalidateQueries(identityProvidersQuery),
  });
  return (
    <>
      <PolicyPanel />
      <Panel
        title={t`Single sign-on`}
        note={t`Providers of OpenID Connect; the sign-in page has a link to each.`}
        actions={
          <Button onClick={() => setOpen('new')}>
            <Trans>
              <Plus aria-hidden />
              New provider
            </Trans>
          </Button>
        }
      >
        <Loaded from={providers} what={t`the providers`}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                title={t`No provider yet`}
                text={t`With one, people sign in by their account of Entra ID, Google, Okta, Keycloak and others, can get an account here by themselves, and join groups by its claims.`}
              />
            ) : (
              <ul aria-label={t`Providers`}>
                {items.map((provider) => (
                  <li
                    key={provider.key}
                    className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5 last:border-b-0"
                  >
                    <div className="min-w-0 flex-1 basis-64">
                      <p className="truncate font-medium">{provider.name}</p>
                      <p className="break-all text-ink-3 text-xs">{provider.issuer}</p>
                    </div>
                    {provider.createUsers && (
                      <Badge look="muted">
                        <Trans>makes accounts</Trans>
                      </Badge>
                    )}
                    <Button look="quiet" aria-label={t`Edit ${provider.name}`} onClick={() => setOpen(provider)}>
                      <Trans>Edit</Trans>
                    </Button>
                    <Button look="quiet" aria-label={t`Remove ${provider.name}`} onClick={() => setRemoving(provider)}>
                      <Trans>Remove</Trans>
                    </Button>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      {open && <ProviderDialog provider={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        onConfirm={() => {
          setRemoving(undefined);
          if (removing) remove.mutate(removing);
        }}
        look="danger"
        title={t`Remove ${removing?.name ?? ''}?`}
        confirmLabel={t`Remove provider`}
      >
        <p>
          <Trans>Nobody signs in by it any more. Who has no password needs a one-time link to come in.</Trans>
        </p>
      </ConfirmDialog>
    </>
  );
}
