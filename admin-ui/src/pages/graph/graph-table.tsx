import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DependencyNode } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { formatNumber } from '../../ui/format.ts';
import { kindWords, nodePath, stateWords, whyWords } from './node-words.ts';
import type { Graph } from './reach.ts';

/** So many rows at once; a table of thousands is searched, not read. */
const pageSize = 200;

const headShape = 'px-4 py-2 text-start font-medium';

interface GraphTableProps {
  project: string;
  environment: string;
  graph: Graph;
}

/** What the drawing shows, line by line. */
export function GraphTable({ project, environment, graph }: GraphTableProps) {
  const [shown, setShown] = useState(pageSize);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const cell = (node: DependencyNode) => (
    <Link {...nodePath(project, environment, node)} className="break-all text-link hover:underline">
      <span className="font-mono">{node.name}</span>
    </Link>
  );
  return (
    <section
      aria-label={t`Dependencies`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-surface"
    >
      <table className="w-full border-collapse text-xs">
        <thead>
          <tr className="bg-sunken text-ink-3">
            <th scope="col" className={headShape}>
              <Trans>What</Trans>
            </th>
            <th scope="col" className={headShape}>
              <Trans>Why</Trans>
            </th>
            <th scope="col" className={headShape}>
              <Trans>Depends on</Trans>
            </th>
            <th scope="col" className={headShape}>
              <Trans>Which is</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {graph.dependencies.slice(0, shown).map(({ from, to, why }) => {
            const [one, other] = [nodes.get(from), nodes.get(to)];
            if (one === undefined || other === undefined) return null;
            return (
              <tr key={`${from} ${to}`} className="border-line border-t">
                <td className="min-w-32 px-4 py-1.5">
                  {cell(one)} <span className="text-ink-3">{t(kindWords[one.kind])}</span>
                </td>
                <td className="min-w-32 px-4 text-ink-2">{t(whyWords[why])}</td>
                <td className="min-w-32 px-4">
                  {cell(other)} <span className="text-ink-3">{t(kindWords[other.kind])}</span>
                </td>
                <td className="px-4 text-ink-2">{t(stateWords[other.state])}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {graph.dependencies.length > shown && (
        <div className="border-line border-t p-2 text-center">
          <Button look="quiet" onClick={() => setShown(shown + pageSize)}>
            <Trans>Show more of {formatNumber(graph.dependencies.length)}</Trans>
          </Button>
        </div>
      )}
    </section>
  );
}
