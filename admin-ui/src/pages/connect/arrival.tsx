import { Trans } from '@lingui/react/macro';
import type { Environment } from '../../api/types.ts';
import { Garland } from './garland.tsx';

/** Waits for the code that was just copied, and says when it is there. */
export function Arrival({ isThere, environment }: { isThere: boolean; environment: Environment }) {
  return (
    <div className="relative overflow-hidden rounded-sm border border-line bg-sunken px-3 py-2.5">
      {isThere && <Garland />}
      <p role="status" className="flex items-center gap-2.5">
        <span
          aria-hidden
          className={isThere ? 'size-2 rounded-full bg-live' : 'size-2 animate-breathe rounded-full bg-accent'}
        />
        {isThere ? (
          <span>
            <Trans>
              <strong className="font-semibold text-live-ink">Your code is there.</strong> It has asked{' '}
              {environment.name} with its key.
            </Trans>
          </span>
        ) : (
          <span className="text-ink-2">
            <Trans>Waiting for your code: run it, and this page will know.</Trans>
          </span>
        )}
      </p>
    </div>
  );
}
