import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { secondFactorQuery } from '../../api/second-factor.ts';
import type { SecondFactor } from '../../api/types.ts';
import { secondFactorPath } from '../../paths.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { RemoveFactorDialog } from './remove-factor-dialog.tsx';
import { RenewCodesDialog } from './renew-codes-dialog.tsx';

/** With so few recovery codes left one is told to make new ones. */
const fewCodes = 3;

/** Whether one's own second factor is on, how many ways there are without the device, new ones, and its end. */
export function SecondFactorPanel() {
  const factor = useQuery(secondFactorQuery);
  const [asking, setAsking] = useState<'renew' | 'remove'>();
  const onClose = () => setAsking(undefined);
  return (
    <Panel title={t`Second factor`} note={t`A code from an authenticator app, besides your password.`}>
      <Loaded from={factor} what={t`your second factor`}>
        {(now) => (
          <>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
              {now.enabled ? (
                <>
                  <IsOn factor={now} />
                  <span className="flex flex-wrap gap-2">
                    <Button onClick={() => setAsking('renew')}>
                      <Trans>New recovery codes</Trans>
                    </Button>
                    <Button look="quiet" onClick={() => setAsking('remove')}>
                      <Trans>Remove</Trans>
                    </Button>
                  </span>
                </>
              ) : (
                <Trans>
                  Off.
                  <Link
                    {...secondFactorPath()}
                    className={`${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`}
                  >
                    Set it up
                  </Link>
                </Trans>
              )}
            </div>
            {asking === 'renew' && <RenewCodesDialog left={now.recoveryCodesLeft} onClose={onClose} />}
            {asking === 'remove' && <RemoveFactorDialog isRequired={now.required} onClose={onClose} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function IsOn({ factor: { since, recoveryCodesLeft: left, required } }: { factor: SecondFactor }) {
  return (
    <div className="min-w-0 flex-1 basis-64">
      <p>
        <strong className="font-medium text-live-ink">
          <Trans>On</Trans>
        </strong>
        {since !== null && (
          <span className="text-ink-2">
            <Trans>
              , set up <RelativeTime at={since} />
            </Trans>
          </span>
        )}
      </p>
      <p className={left <= fewCodes ? 'text-danger-ink text-xs' : 'text-ink-2 text-xs'}>
        {plural(left, { one: '# recovery code left.', other: '# recovery codes left.' })}{' '}
        {left <= fewCodes && t`Without one, only who manages people lets you in when the device is lost.`}
      </p>
      {required && (
        <p className="text-ink-3 text-xs">
          <Trans>This installation requires one of whoever signs in by a password.</Trans>
        </p>
      )}
    </div>
  );
}
