import { Trans } from '@lingui/react/macro';
import { asApiError } from '../api/api-error.ts';

/** Why something failed, in the server's words, and the request by which its log knows it. */
export function Failure({ error }: { error: unknown }) {
  const { message, requestId } = asApiError(error);
  return (
    <>
      <p>{message}</p>
      {requestId && (
        <p className="mt-1 select-text break-all font-mono text-2xs text-ink-3">
          <Trans>request {requestId}</Trans>
        </p>
      )}
    </>
  );
}
