import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useId, useRef } from 'react';
import { type SignedInUser, sessionQuery, signInWaysQuery } from '../../api/session.ts';
import { noteSession, useStanding } from '../../connection/standing.ts';
import { secondFactorPath, signInPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { DialogActions, popupShape, viewportShape } from '../../ui/dialog.tsx';
import { ProviderLinks } from '../sign-in/provider-links.tsx';
import { PasswordForm } from './password-form.tsx';

/**
 * The session has ended: whoever it was signs in again here, over the page as they left it. It is hidden meanwhile, for
 * someone else may sit there now; who signs in as someone else begins with a page of their own.
 */
export function SignInAgain() {
  const { isEnded } = useStanding();
  const { data: user } = useQuery({ ...sessionQuery, enabled: false });
  const popup = useRef<HTMLDivElement>(null);
  return (
    <AlertDialog.Root open={isEnded && user != null}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-30 bg-canvas" />
        <AlertDialog.Viewport className={classNames(viewportShape, 'z-30')}>
          <AlertDialog.Popup
            ref={popup}
            initialFocus={() => popup.current?.querySelector<HTMLElement>('input:not([readonly])') ?? true}
            // It is no way out of here, nor of a dialog that is open below.
            onKeyDown={(event) => event.key === 'Escape' && event.stopPropagation()}
            className={classNames(popupShape, 'sm:max-w-105')}
          >
            {user && <Content user={user} />}
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function Content({ user }: { user: SignedInUser }) {
  const formId = useId();
  const client = useQueryClient();
  const router = useRouter();
  const navigate = useNavigate();
  const { data: ways } = useQuery(signInWaysQuery);
  const goOn = (next: SignedInUser) => {
    // Nothing of one person is shown to another.
    if (next.id !== user.id) return window.location.reload();
    client.setQueryData(sessionQuery.queryKey, next);
    noteSession({ isEnded: false });
    if (next.mustEnrol) return void navigate(secondFactorPath());
    void client.invalidateQueries();
    void router.invalidate();
  };
  // Who signed in elsewhere, by a provider or in another tab, comes back to this one.
  const look = useEffectEvent(async () => {
    const { data: now } = await client.fetchQuery({ ...sessionQuery, staleTime: 0 }).then(
      (data) => ({ data }),
      () => ({ data: null }),
    );
    if (now) goOn(now);
  });
  useEffect(() => {
    const onFocus = () => void look();
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, []);
  // As a new page: nothing that this one has read stays in it.
  const leave = () => void navigate({ ...signInPath(router.state.location.href), reloadDocument: true });
  return (
    <>
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        <div>
          <AlertDialog.Title className="font-semibold text-base">
            <Trans>Your session has ended</Trans>
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-0.5 text-ink-2">
            <Trans>
              Sign in again and go on where you were: all that you typed is still there. What was refused meanwhile is
              not sent by itself: do it again.
            </Trans>
          </AlertDialog.Description>
        </div>
        <ProviderLinks providers={ways?.providers ?? []} next="/" isNewTab />
        <PasswordForm again={{ email: user.email, formId }} onSignedIn={goOn} />
      </div>
      <DialogActions>
        <Button look="quiet" onClick={leave}>
          <Trans>Sign in as someone else</Trans>
        </Button>
        <Button type="submit" form={formId} look="primary">
          <Trans>Sign in</Trans>
        </Button>
      </DialogActions>
    </>
  );
}
