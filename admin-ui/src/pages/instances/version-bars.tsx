import type { MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { InstanceGroup } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { formatNumber } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { type Tally, tallyAll, tallyBy, totalOf } from './census.ts';

/** More do not help anyone at first sight. */
const shownVersions = 8;

const parts = [
  { state: 'confirmed', color: 'bg-live', words: msg`have the newest revision` },
  { state: 'pending', color: 'bg-accent', words: msg`do not have it yet` },
  { state: 'unknown', color: 'bg-idle', words: msg`were lost a short while ago` },
] as const satisfies readonly {
  readonly state: keyof Tally;
  readonly color: string;
  readonly words: MessageDescriptor;
}[];

interface VersionBarsProps {
  groups: readonly InstanceGroup[];
  /** The version that the list is narrowed to; empty: those without one. */
  chosen: string | undefined;
  onChoose: (version: string | undefined) => void;
}

/** Who runs which deployed version, and how many of them have the newest revision. A press narrows the list to it. */
export function VersionBars({ groups, chosen, onChoose }: VersionBarsProps) {
  const [isWhole, setWhole] = useState(false);
  const versions = tallyBy(groups, 'version');
  const total = totalOf(tallyAll(groups));
  const largest = Math.max(1, ...versions.map(([, tally]) => totalOf(tally)));
  const shown = isWhole ? versions : versions.filter(([version], at) => at < shownVersions || version === chosen);
  return (
    <Panel
      title={t`By deployed version`}
      note={
        <span className="flex flex-wrap gap-x-3">
          {parts.map(({ state, color, words }) => (
            <span key={state} className="inline-flex items-center gap-1.5">
              <span aria-hidden className={classNames('size-2 rounded-full', color)} />
              {t(words)}
            </span>
          ))}
        </span>
      }
    >
      <ul aria-label={t`Deployed versions`} className="p-2">
        {shown.map(([version, tally]) => (
          <li key={version}>
            <button
              type="button"
              aria-pressed={chosen === version}
              onClick={() => onChoose(chosen === version ? undefined : version)}
              className="grid w-full grid-cols-[minmax(4.5rem,1fr)_minmax(4rem,2fr)_auto] sm:grid-cols-[minmax(5rem,12rem)_minmax(3rem,1fr)_auto] items-center gap-3 rounded-sm px-2 py-1.5 text-start hover:bg-hover aria-pressed:bg-highlight pointer-coarse:py-2.5"
            >
              <span className="truncate font-mono text-xs" title={version}>
                {version || (
                  <span className="font-sans text-ink-3">
                    <Trans>no version said</Trans>
                  </span>
                )}
              </span>
              <span aria-hidden className="flex h-2.5 gap-px overflow-hidden rounded-full">
                {parts.map(({ state, color }) => (
                  <span key={state} className={color} style={{ width: `${(100 * tally[state]) / largest}%` }} />
                ))}
              </span>
              <span className="text-ink-2 text-xs tabular-nums">
                {formatNumber(totalOf(tally))}
                <span className="text-ink-3"> · {percent(totalOf(tally), total)}</span>
                <span className="sr-only">{describe(tally)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {!isWhole && versions.length > shown.length && (
        <div className="border-line border-t p-1.5 text-center">
          <Button look="quiet" onClick={() => setWhole(true)}>
            <Trans>
              Show {plural(versions.length - shown.length, { one: '# more version', other: '# more versions' })}
            </Trans>
          </Button>
        </div>
      )}
    </Panel>
  );
}

function describe(tally: Tally): string {
  const said = parts.filter(({ state }) => tally[state] > 0).map(({ state, words }) => `${tally[state]} ${t(words)}`);
  return `: ${said.join(', ')}`;
}

/** Never rounded to none or to all where it is neither. */
function percent(part: number, whole: number): string {
  if (part === whole) return '100 %';
  const share = (100 * part) / whole;
  return share < 1 ? '< 1 %' : `${Math.min(99, Math.round(share))} %`;
}
