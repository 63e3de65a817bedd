import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditEvent } from '../../api/types.ts';
import { auditPath, flagPath } from '../../paths.ts';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { kindWords } from './event-words.ts';

/** 24 px high: a finger must hit the right one of two. */
const linkShape = 'rounded-xs text-link leading-6 hover:underline';

/** When, who, from where, in which step, and its place in the chain; with ways to what else was done. */
export function EventFacts({ project, event }: { project: string; event: AuditEvent }) {
  const { at, actor, target, change, revisions, origin, requestId, chain, seq, hash } = event;
  return (
    <Panel title={t`Facts`}>
      <dl className="flex flex-col">
        <Fact name={t`When`}>
          <RelativeTime at={at} />
          <span className="block break-all font-mono text-2xs text-ink-3">{at}</span>
        </Fact>
        <Fact name={t`Who`}>
          {actor.name} <span className="text-ink-3">({actor.kind})</span>
          <Link {...auditPath(project, { actor: actor.id })} className={`block w-fit ${linkShape}`}>
            <Trans>What else they did</Trans>
          </Link>
        </Fact>
        <Fact name={kindWords(target.kind)}>
          {target.kind === 'flag' && event.project !== null ? (
            <Link {...flagPath(event.project, target.key)} className={`break-all font-mono ${linkShape}`}>
              {target.key}
            </Link>
          ) : (
            <span className="break-all font-mono">{target.key}</span>
          )}
          <Link
            {...auditPath(project, { kind: target.kind, target: target.key })}
            className={`block w-fit ${linkShape}`}
          >
            <Trans>Its whole history</Trans>
          </Link>
        </Fact>
        {change !== undefined && (
          <Fact name={t`Step`}>
            <Link {...auditPath(project, { change })} className={linkShape}>
              <Trans>Everything done in the same step</Trans>
            </Link>
          </Fact>
        )}
        {revisions?.map(({ environment, number }) => (
          <Fact key={environment} name={t`Revision of ${environment}`}>
            <span className="tabular-nums">{number}</span>
          </Fact>
        ))}
        {(origin?.address !== undefined || origin?.userAgent !== undefined) && (
          <Fact name={t`From`}>
            <span className="font-mono">{origin.address}</span>
            <span className="block break-words text-ink-3">{origin.userAgent}</span>
          </Fact>
        )}
        {requestId !== null && (
          <Fact name={t`Request`}>
            <span className="break-all font-mono">{requestId}</span>
          </Fact>
        )}
        {chain !== null && (
          <Fact name={t`Place in the chain`}>
            <Trans>
              <span className="tabular-nums">{seq}</span> of <span className="break-all">{chain}</span>
            </Trans>
          </Fact>
        )}
        {hash !== null && (
          <Fact name={t`Hash`}>
            <span className="break-all font-mono text-2xs">{hash}</span>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="border-line border-b px-4 py-2 text-xs last:border-b-0">
      <dt className="text-ink-3 first-letter:uppercase">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
