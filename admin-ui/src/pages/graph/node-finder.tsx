import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { DependencyNode } from '../../api/types.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { kindWords } from './node-words.ts';

/** So many are offered; the others come as one types on. */
const offered = 8;

interface NodeFinderProps {
  nodes: readonly DependencyNode[];
  onChoose: (id: string) => void;
}

/** Finds a thing by its name: the keyboard's way to what a press on the drawing does. */
export function NodeFinder({ nodes, onChoose }: NodeFinderProps) {
  const [search, setSearch] = useState('');
  const text = search.toLowerCase();
  const found = text === '' ? [] : nodes.filter(({ name }) => name.toLowerCase().includes(text)).slice(0, offered);
  return (
    <div className="flex flex-col gap-1.5">
      <SearchBox label={t`Find in the graph`} value={search} onChange={setSearch} />
      {text !== '' && found.length === 0 && (
        <p role="status" className="px-1 text-ink-3 text-xs">
          <Trans>Nothing in the graph is called so; what stands alone is not in it.</Trans>
        </p>
      )}
      {found.length > 0 && (
        <ul aria-label={t`Found in the graph`} className="rounded-sm border border-line bg-surface">
          {found.map(({ id, name, kind }) => (
            <li key={id} className="border-line border-b last:border-b-0">
              <button
                type="button"
                onClick={() => {
                  setSearch('');
                  onChoose(id);
                }}
                className="flex min-h-8 w-full items-center gap-3 px-2.5 py-1 text-start -outline-offset-2 hover:bg-hover pointer-coarse:min-h-10"
              >
                <span className="min-w-0 truncate font-mono text-xs">{name}</span>
                <span className="ms-auto text-ink-3 text-xs">{t(kindWords[kind])}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
