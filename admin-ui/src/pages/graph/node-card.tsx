import { plural, t } from '@lingui/core/macro';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { Dependency, DependencyNode } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { kindWords, nodePath, stateWords, whyWords } from './node-words.ts';
import type { Graph } from './reach.ts';

/** So many neighbours are named. */
const shownNeighbours = 12;

interface NodeCardProps {
  project: string;
  environment: string;
  graph: Graph;
  node: DependencyNode;
  /** Nothing else is shown. */
  isOnly: boolean;
  onOnly: (isOnly: boolean) => void;
  onChoose: (id: string | undefined) => void;
}

/** The thing that is looked at: what it depends on, and what depends on it. */
export function NodeCard({ project, environment, graph, node, isOnly, onOnly, onChoose }: NodeCardProps) {
  const nodes = new Map(graph.nodes.map((one) => [one.id, one]));
  const beside = (end: 'from' | 'to') =>
    graph.dependencies.flatMap((dependency) => {
      const other = nodes.get(dependency[end === 'from' ? 'to' : 'from']);
      return dependency[end] === node.id && other ? [{ other, why: dependency.why }] : [];
    });
  return (
    <section
      aria-label={`${t(kindWords[node.kind])} ${node.name}`}
      className="rounded-md border border-line bg-surface"
    >
      <header className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <span className="text-ink-3 text-xs">{t(kindWords[node.kind])}</span>
        <Link
          {...nodePath(project, environment, node)}
          className="min-w-0 break-all font-medium font-mono text-link hover:underline"
        >
          {node.name}
        </Link>
        {stateWords[node.state] && (
          <Badge look={node.state === 'killed' || node.state === 'missing' ? 'danger' : 'plain'}>
            {t(stateWords[node.state])}
          </Badge>
        )}
        <span className="ms-auto flex items-center gap-1">
          <Button aria-pressed={isOnly} onClick={() => onOnly(!isOnly)}>
            {isOnly ? t`Show everything` : t`Show only this`}
          </Button>
          <IconButton label={t`Leave ${node.name}`} onClick={() => onChoose(undefined)}>
            <X aria-hidden />
          </IconButton>
        </span>
      </header>
      <div className="grid gap-x-6 gap-y-3 px-4 py-3 sm:grid-cols-2">
        <Neighbours title={t`Depends on`} none={t`On nothing`} of={beside('from')} onChoose={onChoose} />
        <Neighbours title={t`Depend on it`} none={t`Nothing`} of={beside('to')} onChoose={onChoose} />
      </div>
    </section>
  );
}

interface NeighboursProps {
  title: string;
  none: string;
  of: readonly { readonly other: DependencyNode; readonly why: Dependency['why'] }[];
  onChoose: (id: string) => void;
}

function Neighbours({ title, none, of, onChoose }: NeighboursProps) {
  return (
    <div className="min-w-0">
      <h2 className="font-medium text-ink-3 text-xs">{title}</h2>
      {of.length === 0 && <p className="text-ink-2 text-xs">{none}</p>}
      <ul aria-label={title} className="mt-1 flex flex-col gap-0.5 text-xs">
        {of.slice(0, shownNeighbours).map(({ other, why }) => (
          <li key={other.id} className="flex flex-wrap items-baseline gap-x-2">
            <button
              type="button"
              onClick={() => onChoose(other.id)}
              className="min-h-6 break-all text-start font-mono text-link hover:underline"
            >
              {other.name}
            </button>
            <span className="text-ink-3">{t(whyWords[why])}</span>
          </li>
        ))}
      </ul>
      {of.length > shownNeighbours && (
        <p className="text-ink-3 text-xs">
          {plural(of.length - shownNeighbours, { one: 'and # other', other: 'and # others' })}
        </p>
      )}
    </div>
  );
}
