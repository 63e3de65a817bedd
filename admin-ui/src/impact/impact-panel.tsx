import type { Targeting, TargetingEdit } from '@bunting/core';
import { plural, t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useMemo } from 'react';
import { impactQuery } from '../api/impact.ts';
import { useMayForCertain } from '../api/permissions.ts';
import type { Environment, Flag, Preview } from '../api/types.ts';
import { variantColor } from '../flags/variant-color.ts';
import { formatNumber } from '../ui/format.ts';
import { LoadingNote, Skeleton } from '../ui/skeleton.tsx';
import { Swatch } from '../ui/swatch.tsx';
import { causeWords, type Impact, type ImpactMove, movedWith, seenImpact, spanWords, variantWords } from './impact.ts';
import { madeImpact } from './made-impact.ts';

interface ImpactPanelProps {
  project: string;
  flag: Flag;
  environment: Environment;
  base: Targeting;
  mine: Targeting;
  edits: readonly TargetingEdit[];
}

/** Whom the draft moves, from what to what and why: among contexts that were seen, else among contexts that are made up. */
export function ImpactPanel({ project, flag, environment, base, mine, edits }: ImpactPanelProps) {
  const mayAsk = useMayForCertain(project, environment.key)('contexts:read');
  const asked = useQuery({ ...impactQuery(project, environment.key, flag.key, edits), enabled: mayAsk });
  const seen = asked.data && asked.data.sampled > 0 ? asked.data : undefined;
  const isMade = !asked.isLoading && !seen;
  const made = useMemo(
    () => (isMade ? madeImpact(flag, base, mine, Date.now()) : undefined),
    [isMade, flag, base, mine],
  );
  const impact = seen ? seenImpact(seen, flag.key) : made;
  return (
    <section aria-label={t`Impact`} className="flex flex-col gap-2 rounded-sm border border-line bg-sunken px-3 py-2.5">
      {!impact && (
        <>
          <LoadingNote what={t`whom it moves`} />
          <Skeleton className="w-64" />
        </>
      )}
      {impact && (
        <>
          <p role="status" className="font-medium">
            {headline(impact, seen)}
          </p>
          <MoveList flag={flag} impact={impact} rules={[...(mine.rules ?? []), ...(base.rules ?? [])]} />
          {seen && <SeenNotes preview={seen} flag={flag.key} />}
          {!seen && <p className="text-ink-2 text-xs">{madeNote(asked.data)}</p>}
        </>
      )}
    </section>
  );
}

function headline({ seen: total, moved }: Impact, seen: Preview | undefined): string {
  const all = formatNumber(total);
  if (seen) {
    const span = spanWords(seen.retentionHours);
    return moved === 0
      ? t`Moves none of the ${all} contexts seen in the last ${span}`
      : t`Moves ${formatNumber(moved)} of the ${all} contexts seen in the last ${span}`;
  }
  return moved === 0
    ? t`Moves none of ${all} made-up contexts`
    : t`Moves ${formatNumber(moved)} of ${all} made-up contexts`;
}

function madeNote(preview: Preview | undefined): string {
  const made = t`They are made up from the values that the rules name, in equal parts: they show which way people go, not how many.`;
  if (preview?.mode === 'contexts') return t`No context was seen here yet. ${made}`;
  if (preview) return t`Contexts are not sampled here. ${made}`;
  return t`Contexts that were seen cannot be asked. ${made}`;
}

interface MoveListProps {
  flag: Flag;
  impact: Impact;
  rules: readonly { readonly id: string; readonly name?: string }[];
}

/** The moves of most contexts; the others are few. */
const shownMoves = 8;

function MoveList({ flag, impact, rules }: MoveListProps) {
  const nameOf = (id: string) => t`rule “${rules.find((rule) => rule.id === id)?.name ?? id}”`;
  return (
    <ul aria-label={t`Who moves`} className="flex flex-col gap-1.5 empty:hidden">
      {impact.moves.slice(0, shownMoves).map((move, at) => (
        <li key={at}>
          <details className="text-xs">
            <summary className="cursor-pointer">
              <MoveLine flag={flag} move={move} />
              <span className="ms-1.5 text-ink-2">
                {whyWords(causeWords(move.after, nameOf), causeWords(move.before, nameOf))}
              </span>
            </summary>
            <ul aria-label={t`Examples`} className="mt-1 flex flex-col gap-1 ps-4">
              {move.examples.map((context, index) => (
                <li key={index}>
                  <code className="break-all font-mono text-2xs text-ink-2">{JSON.stringify(context)}</code>
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
      {impact.moves.length > shownMoves && (
        <li className="text-ink-2 text-xs">
          {plural(impact.moves.length - shownMoves, { one: 'and # smaller move', other: 'and # smaller moves' })}
        </li>
      )}
    </ul>
  );
}

function whyWords(after: string, before: string): string {
  return after === before ? t`by ${after}, as until now` : t`by ${after}, until now by ${before}`;
}

function MoveLine({ flag, move: { before, after, contexts } }: { flag: Flag; move: ImpactMove }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5 align-middle">
      <strong className="font-medium tabular-nums">{formatNumber(contexts)}</strong>
      {before.variant !== null && <Swatch color={variantColor(flag, before.variant)} />}
      <span className="break-all font-mono">{variantWords(before)}</span>
      <ArrowRight className="size-3 text-ink-3" aria-label={t`to`} />
      {after.variant !== null && <Swatch color={variantColor(flag, after.variant)} />}
      <span className="break-all font-mono">{variantWords(after)}</span>
    </span>
  );
}

/** What else the server knows: flags that depend on this one, and how far its word can be relied on. */
function SeenNotes({ preview, flag }: { preview: Preview; flag: string }) {
  const others = movedWith(preview, flag);
  const { cut, flagsLeftOut } = preview;
  if (others.length === 0 && cut === 0 && flagsLeftOut === 0) return null;
  const sentences = [
    ...(others.length > 0
      ? [
          t`With it move ${others.map(({ flag: key, moved }) => t`${formatNumber(moved)} in ${key}`).join(', ')}, which depend on it.`,
        ]
      : []),
    ...(flagsLeftOut > 0
      ? [
          plural(flagsLeftOut, {
            one: '# more flag depends on it and was too much to compare.',
            other: '# more flags depend on it and were too many to compare.',
          }),
        ]
      : []),
    ...(cut > 0
      ? [
          plural(cut, {
            one: '# of the contexts was cut for its size, and may be served otherwise.',
            other: '# of the contexts were cut for their size, and may be served otherwise.',
          }),
        ]
      : []),
  ];
  return <p className="text-ink-2 text-xs">{sentences.join(' ')}</p>;
}
