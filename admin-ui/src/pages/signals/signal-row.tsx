import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { confirmSubscription, evaluateSignal, signalQuery } from '../../api/signals.ts';
import type { Signal, SignalAlert, SignalSource } from '../../api/types.ts';
import { resultWords } from '../../interventions/result-words.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { formatNumber } from '../../ui/format.ts';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { LoadingNote } from '../../ui/skeleton.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { sayOutcome } from '../bindings/binding-words.ts';
import { ForeseenList } from '../bindings/foreseen-list.tsx';

const looks = { matched: 'plain', unmatched: 'muted', malformed: 'danger' } as const;

interface SignalRowProps {
  source: SignalSource;
  signal: Signal;
  mayWrite: boolean;
}

/** A message that came: its alerts, what each matched and what came of that; its body when it is asked for. */
export function SignalRow({ source, signal, mayWrite }: SignalRowProps) {
  const { state, note, receivedAt, deliveries, bodyBytes, alerts } = signal;
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="flex flex-col gap-1.5 border-line border-b px-4 py-2.5 last:border-b-0">
      <p className="flex flex-wrap items-center gap-2 text-ink-2 text-xs">
        <Badge look={looks[state]}>{wordOf(state)}</Badge>
        <span>
          {plural(alerts.total, { one: '# alert', other: '# alerts' })}, <RelativeTime at={receivedAt} />
          {deliveries > 1 && <>, {t`came ${formatNumber(deliveries)} times`}</>}
        </span>
      </p>
      {note !== null && <p className="break-words text-danger-ink text-xs">{note}</p>}
      {alerts.shown.map((alert) => (
        <AlertLines key={`${alert.fingerprint} ${alert.episode}`} alert={alert} />
      ))}
      {alerts.total > alerts.shown.length && (
        <p className="text-ink-3 text-xs">
          <Trans>and {formatNumber(alerts.total - alerts.shown.length)} more</Trans>
        </p>
      )}
      <details className="text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="w-fit cursor-pointer rounded-xs text-ink-3 hover:text-ink">
          <Trans>Body, {plural(bodyBytes, { one: '# byte', other: '# bytes' })}</Trans>
        </summary>
        {isOpen && <SignalBody source={source.key} id={signal.id} />}
      </details>
      {state !== 'malformed' && <IfItCameNow source={source.key} id={signal.id} />}
      {mayWrite && source.vendor === 'cloudwatch' && alerts.total === 0 && note !== null && (
        <ConfirmTopic source={source.key} id={signal.id} />
      )}
    </li>
  );
}

function AlertLines({ alert: { status, labels, annotations, link, matches } }: { alert: SignalAlert }) {
  const outcomes = (matches ?? []).flatMap((match) => match.outcomes.map((outcome) => ({ match, outcome })));
  return (
    <div className="border-line border-s-2 ps-3 text-xs">
      <p className="break-words">
        <strong className="font-medium">{wordOf(status)}</strong>{' '}
        {annotations.summary ?? labels.alertname ?? Object.values(annotations)[0] ?? ''}{' '}
        <OutsideLink href={link}>{t`source`}</OutsideLink>
      </p>
      <p className="break-all font-mono text-2xs text-ink-3">
        {Object.entries(labels)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ')}
      </p>
      {matches?.length === 0 && (
        <p className="text-ink-3">
          <Trans>No binding matched.</Trans>
        </p>
      )}
      {matches?.map(({ project, binding, note }) => (
        <p key={`${project} ${binding}`} className="text-ink-2">
          {note === '' ? t`Binding ${binding}` : t`Binding ${binding}: ${note}`}
        </p>
      ))}
      {outcomes.map(({ match, outcome: { id, action, target, result, reason } }) => (
        <p key={`${match.binding} ${id} ${target.flag}`} className="break-words text-ink-2">
          {sayOutcome(action, target, resultWords(result), reason)}
        </p>
      ))}
    </div>
  );
}

/** Lets the topic that asked send here; of anything else the server says that it asks for nothing. */
function ConfirmTopic({ source, id }: { source: string; id: string }) {
  const confirm = useMutation({
    mutationFn: () => confirmSubscription(source, id),
    onSuccess: (topic) => toastDone({ title: t`The subscription is confirmed`, text: t`${topic} may send here.` }),
    onError: (error) => toastFailed({ title: t`Nothing is confirmed`, error }),
  });
  return (
    <Button className="w-fit" busy={confirm.isPending} onClick={() => confirm.mutate()}>
      <Trans>Confirm the subscription</Trans>
    </Button>
  );
}

/** What the bindings of the present would make of it. */
function IfItCameNow({ source, id }: { source: string; id: string }) {
  const attempt = useMutation({ mutationFn: () => evaluateSignal(source, id) });
  return (
    <>
      <Button look="quiet" className="-ms-3 w-fit" busy={attempt.isPending} onClick={() => attempt.mutate()}>
        <Trans>What would it lead to now?</Trans>
      </Button>
      {attempt.isError && (
        <TryAgain title={t`It could not be tried`} error={attempt.error} onRetry={() => attempt.mutate()} />
      )}
      {attempt.data && (
        <section aria-label={t`If it came now`} aria-live="polite">
          <ForeseenList tried={attempt.data} />
        </section>
      )}
    </>
  );
}

function SignalBody({ source, id }: { source: string; id: string }) {
  const whole = useQuery(signalQuery(source, id));
  if (whole.isPending) return <LoadingNote what={t`the body`} />;
  if (whole.isLoadingError) {
    return <TryAgain title={t`The body cannot be read`} error={whole.error} onRetry={() => void whole.refetch()} />;
  }
  const { body, headers, isWhole, encoding } = whole.data;
  return (
    <div className="mt-1.5 flex flex-col gap-2">
      <CodeBlock
        title={t`Headers`}
        code={Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n')}
      />
      <CodeBlock
        title={t`Body${encoding === 'base64' ? t`, in base64` : ''}${isWhole ? '' : t`, its first bytes`}`}
        code={body}
      />
    </div>
  );
}
