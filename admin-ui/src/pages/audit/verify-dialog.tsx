import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { verificationQuery } from '../../api/audit.ts';
import type { AuditVerification } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { FactTable } from '../../ui/fact-table.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';

/** Has the chains recomputed, and says what that proves and what it does not. Shown for as long as it is rendered. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  const verification = useQuery(verificationQuery);
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={t`Is the log as it was written?`}
      description={t`Each event carries the hash of the one before it: the server reads all of them and computes every hash again.`}
    >
      <div className="flex flex-col gap-3 px-5 py-4" aria-live="polite">
        {verification.isFetching ? (
          <p className="flex items-center gap-2 text-ink-2">
            <span className="animate-breathe">
              <Trans>Reading every event …</Trans>
            </span>
            <span className="text-ink-3 text-xs">
              <Trans>about a second for 50,000</Trans>
            </span>
          </p>
        ) : (
          <Loaded from={verification} what={t`the verification`}>
            {(found) => <Outcome found={found} />}
          </Loaded>
        )}
      </div>
      <DialogActions>
        <Button onClick={() => void verification.refetch()} busy={verification.isFetching}>
          <Trans>Verify again</Trans>
        </Button>
        <Button look="primary" onClick={onClose}>
          <Trans>Close</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Outcome({ found: { intact, chains, problems, findings } }: { found: AuditVerification }) {
  const events = chains.reduce((sum, chain) => sum + chain.events, 0);
  return (
    <>
      <p className="flex items-center gap-2 font-semibold text-base">
        {intact ? (
          <CircleCheck className="size-5 shrink-0 text-live-ink" aria-hidden />
        ) : (
          <TriangleAlert className="size-5 shrink-0 text-danger-ink" aria-hidden />
        )}
        {intact
          ? t`Intact: ${plural(events, { one: '# event', other: '# events' })}, as they were written`
          : t`The log is not as it was written`}
      </p>
      <ul className="flex list-disc flex-col gap-1 ps-5 text-ink-2">
        {findings.map((finding) => (
          <li key={finding} className="break-words">
            {finding}
          </li>
        ))}
      </ul>
      <FactTable caption={t`Chains of events`} columns={[t`Chain`, t`Events`, t`Signed up to`, t`Ends in`]}>
        {chains.map(({ chain, events: count, anchor, end, problems: wrong }) => (
          <tr key={chain}>
            <th scope="row" className="break-all font-medium">
              {chain}
              {wrong.map(({ seq, message }) => (
                <p key={`${seq} ${message}`} className="font-normal text-danger-ink">
                  {seq}: {message}
                </p>
              ))}
            </th>
            <td className="tabular-nums">{formatNumber(count)}</td>
            <td className="tabular-nums">{anchor ? formatNumber(anchor.seq) : t`no checkpoint`}</td>
            <td className="font-mono">{end.hash.slice(0, 12)}…</td>
          </tr>
        ))}
      </FactTable>
      {problems.map(({ checkpoint, message }) => (
        <p key={`${checkpoint} ${message}`} className="text-danger-ink">
          <Trans>
            Checkpoint {checkpoint}: {message}
          </Trans>
        </p>
      ))}
    </>
  );
}
