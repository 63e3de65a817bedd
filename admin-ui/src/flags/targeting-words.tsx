import type { Serve } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Flag, FlagEnvironment } from '../api/types.ts';
import { orOf } from '../ui/format.ts';
import { Swatch } from '../ui/swatch.tsx';
import { describeCondition } from './describe-condition.ts';
import { describeServe } from './describe-serve.ts';
import { firstOf } from './first-of.ts';
import { ServeBar } from './split-meter.tsx';
import { variantColor } from './variant-color.ts';

/** How an environment serves a flag, to be read: what comes first stands first. */
export function TargetingWords({ flag, state }: { flag: Flag; state: FlagEnvironment }) {
  const { prerequisites = [], targets = [], rules } = state;
  return (
    <>
      {!state.enabled && flag.archivedAt === null && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-ink-2 text-xs">
          <Trans>
            Everyone gets <Swatch color={variantColor(flag, state.offVariant)} />
            <span className="font-mono text-ink">{state.offVariant}</span> while it is off. Once on:
          </Trans>
        </p>
      )}
      {prerequisites.length > 0 && (
        <Block title={t`Only if`}>
          {prerequisites.map(({ flag: key, state: must, variants, values }) => (
            <p key={key} className="break-words font-mono text-ink-2 text-xs">
              {key} {must === undefined ? t`serves ${orOf((variants ?? values ?? []).map(String))}` : t`is ${must}`}
            </p>
          ))}
        </Block>
      )}
      {targets.map(({ attribute, values, variant }, at) => (
        <Block key={at} title={t`By name`} when={`${attribute ?? 'targetingKey'} ${firstOf(values)}`}>
          <Gets flag={flag} state={state} serve={{ variant }} />
        </Block>
      ))}
      {rules.map((rule, at) => (
        <Block key={rule.id} title={rule.name ?? t`Rule ${at + 1}`} when={t`if ${describeCondition(rule.when)}`}>
          <Gets flag={flag} state={state} serve={rule.serve} />
        </Block>
      ))}
      <Block title={rules.length + targets.length === 0 ? t`Everyone gets` : t`Everyone else gets`}>
        <Gets flag={flag} state={state} serve={state.defaultRule} />
      </Block>
    </>
  );
}

function Block({ title, when, children }: { title: string; when?: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <h3 className="break-words font-medium text-xs">
        {title}
        {when !== undefined && <span className="ms-2 font-mono font-normal text-ink-2">{when}</span>}
      </h3>
      {children}
    </div>
  );
}

function Gets({ flag, state, serve }: { flag: Flag; state: FlagEnvironment; serve: Serve }) {
  return (
    <div className="flex flex-col gap-1.5">
      <ServeBar flag={flag} serve={serve} offVariant={state.offVariant} />
      <p className="flex items-center gap-1.5 break-all font-mono text-xs">
        {'variant' in serve && <Swatch color={variantColor(flag, serve.variant)} />}
        {describeServe(serve, flag, state.offVariant)}
        {'split' in serve && (serve.split.schedule?.length ?? 0) > 0 && (
          <span className="font-sans text-ink-2">
            {'· '}
            <Trans>others by time</Trans>
          </span>
        )}
      </p>
    </div>
  );
}
