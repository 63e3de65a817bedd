import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { secondFactorQuery } from '../../api/second-factor.ts';
import { sessionQuery } from '../../api/session.ts';
import type { Enrolment } from '../../api/types.ts';
import { homePath } from '../../paths.ts';
import { Door } from '../layout/door.tsx';
import { BeginForm } from './begin-form.tsx';
import { ConfirmForm } from './confirm-form.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Where someone sets up codes from an authenticator app; where they are required, on the way in. */
export function SecondFactorPage() {
  const client = useQueryClient();
  const { data: user } = useQuery(sessionQuery);
  const { data: factor } = useQuery(secondFactorQuery);
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [codes, setCodes] = useState<readonly string[]>();
  const home = (
    <Link {...homePath()} className="font-medium text-link hover:underline">
      <Trans>Go to the flags</Trans>
    </Link>
  );

  if (codes) {
    return (
      <Door title={t`The second factor is on`} text={t`Each of these codes works once, should you lose your device.`}>
        <RecoveryCodes codes={codes} />
        <p className="mt-5">{home}</p>
      </Door>
    );
  }
  if (enrolment) {
    return (
      <Door title={t`Add it to your app`} text={t`Scan the picture, then enter the code that the app shows.`}>
        <ConfirmForm
          enrolment={enrolment}
          onConfirmed={(recoveryCodes) => {
            setCodes(recoveryCodes);
            client.setQueryData(sessionQuery.queryKey, (current) => current && { ...current, mustEnrol: false });
            void client.invalidateQueries(secondFactorQuery);
          }}
        />
      </Door>
    );
  }
  if (factor?.enabled) {
    const left = plural(factor.recoveryCodesLeft, {
      one: '# recovery code is left.',
      other: '# recovery codes are left.',
    });
    return (
      <Door title={t`The second factor is on`} text={left}>
        {home}
      </Door>
    );
  }
  return (
    <Door
      title={t`Set up a second factor`}
      text={
        user?.mustEnrol
          ? t`This installation requires one: a code from an authenticator app, besides your password.`
          : t`A code from an authenticator app, besides your password.`
      }
    >
      <BeginForm onBegun={setEnrolment} />
      {user?.mustEnrol === false && <p className="mt-5">{home}</p>}
    </Door>
  );
}
