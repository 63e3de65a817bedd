import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { exposureHistoryQuery } from '../../api/releases.ts';
import type { Release } from '../../api/types.ts';
import { curvesOf } from '../../evidence/evidence-curves.ts';
import { EvidencePlots } from '../../evidence/evidence-plots.tsx';
import { EvidenceTable } from '../../evidence/evidence-table.tsx';
import { type BlameComparison, type BlameVerdict, blameVerdicts } from '../../releases/blame-verdicts.ts';
import { releaseSentence } from '../../releases/release-sentence.ts';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

type Traffic = NonNullable<Release['traffic']>;

const guiltyWords = {
  flag: msg`The flag made it worse, the deploy did not`,
  deploy: msg`The deploy made it worse`,
  both: msg`The deploy and the flag each made it worse`,
} as const;

interface ReleaseBlameProps {
  project: string;
  release: Release;
  traffic: Traffic;
}

/** Which of deploy and flag was found to make it worse, by which evidence, and what was taken back; nothing where neither was. */
export function ReleaseBlame({ project, release, traffic }: ReleaseBlameProps) {
  const { data } = useQuery(exposureHistoryQuery(project, release.id, release.version));
  const verdicts = useMemo(() => blameVerdicts(data ?? []), [data]);
  if (verdicts.length === 0) return null;
  return (
    <Panel
      title={t`Who is to blame`}
      note={t`The deploy or a flag: two comparisons, each of groups that differ in one of them.`}
    >
      <ol aria-label={t`Verdicts`}>
        {verdicts.map((verdict) => (
          <Verdict key={verdict.id} verdict={verdict} traffic={traffic} />
        ))}
      </ol>
    </Panel>
  );
}

function Verdict({ verdict, traffic }: { verdict: BlameVerdict; traffic: Traffic }) {
  const { at, guilty, reason, wasTakenBack, comparisons } = verdict;
  return (
    <li className="flex min-w-0 flex-col gap-2 border-line border-b px-4 py-3.5 last:border-b-0">
      <h3 className="font-medium">
        {t(guiltyWords[guilty])}{' '}
        <span className="font-normal text-ink-3 text-xs">
          <RelativeTime at={at} />
        </span>
      </h3>
      <p className="break-words text-ink-2 tabular-nums">
        {releaseSentence(reason)} {wasTakenBack}
      </p>
      {comparisons.map((comparison) => (
        <Comparison key={`${comparison.of} ${comparison.flag}`} comparison={comparison} traffic={traffic} />
      ))}
    </li>
  );
}

function Comparison({ comparison, traffic }: { comparison: BlameComparison; traffic: Traffic }) {
  const { of, flag, candidate, baseline, isConvicted, line, points } = comparison;
  const curves = useMemo(() => curvesOf({ points, threshold: line }), [points, line]);
  const name = of === 'flag' ? t`the flag ${flag}` : t`the deploy, by ${flag}`;
  return (
    <section
      aria-label={t`Evidence against ${name}`}
      className="mt-1.5 flex min-w-0 flex-col gap-3 border-line border-t pt-3.5 text-xs"
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
        <strong className="font-medium text-ink">{of === 'flag' ? t`The flag` : t`The deploy`}</strong>
        {isConvicted ? (
          <Badge look="danger">
            <Trans>found guilty</Trans>
          </Badge>
        ) : (
          <Badge look="muted">
            <Trans>not found guilty</Trans>
          </Badge>
        )}
        <span className="min-w-0 break-words">
          {of === 'flag'
            ? t`In version ${traffic.candidate}: “${candidate}” of ${flag} beside “${baseline}”.`
            : t`With “${baseline}” of ${flag}: version ${traffic.candidate} beside ${traffic.baseline}.`}
        </span>
      </p>
      {points.length > 0 && (
        <>
          <EvidencePlots name={name} curves={curves} />
          <EvidenceTable name={name} points={points} />
        </>
      )}
    </section>
  );
}
