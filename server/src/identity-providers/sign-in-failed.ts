/** What the sign-in page tells, in words of its own. */
export type SignInProblem =
  | 'expired'
  | 'provider_failed'
  | 'email_unverified'
  | 'domain_refused'
  | 'no_account'
  | 'account_disabled';

/** A sign-in by a provider that came to nothing. The message is for the log. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';
  readonly problem: SignInProblem;

  constructor(problem: SignInProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
