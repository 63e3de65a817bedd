import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';

const PROBLEMS: Readonly<Record<string, MessageDescriptor>> = {
  expired: msg`The sign-in took too long, or was begun in another browser. Try again.`,
  email_unverified: msg`The provider does not say that your email address is verified. Verify it there, then try again.`,
  domain_refused: msg`Addresses of your domain may not sign in by this provider.`,
  no_account: msg`There is no account with your address here. Ask someone who manages people to invite you.`,
  account_disabled: msg`Your account is disabled. Ask someone who manages people.`,
};

/** Why a single sign-on came to nothing, from the word that the server sent along. */
export function describeProblem(problem: string): string {
  const known = Object.hasOwn(PROBLEMS, problem) ? PROBLEMS[problem] : undefined;
  return known
    ? t(known)
    : t`The provider could not sign you in. Try again; if it fails again, the server’s log says why.`;
}
