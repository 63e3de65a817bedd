import { checkFlag, type Targeting } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { Flag } from '../../api/types.ts';
import { documentOf } from '../../flags/flag-document.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { Draft } from './draft.ts';

interface TargetingJsonProps {
  flag: Flag;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

const fields = ['enabled', 'offVariant', 'safeVariant', 'prerequisites', 'targets', 'rules', 'defaultRule'];

/** The draft as it is stored. What is typed becomes the draft whenever it can be served; until then it is kept beside it. */
export function TargetingJson({ flag, draft, onChange }: TargetingJsonProps) {
  const [initial] = useState(() => draft.text ?? JSON.stringify(draft.mine, undefined, 2));
  const [problems, setProblems] = useState<readonly string[]>(() => read(initial, flag).problems);
  const onType = (text: string) => {
    const { targeting: next, problems: found } = read(text, flag);
    setProblems(found);
    const { text: _, ...served } = draft;
    onChange(next ? { ...served, mine: next } : { ...draft, text });
  };
  return (
    <div className="flex flex-col gap-2 p-3">
      <JsonEditor label={t`Targeting of ${flag.key} as JSON`} initial={initial} onChange={onType} />
      {problems.length > 0 && (
        <Notice title={t`This cannot be served: the draft is still as it was before`}>
          <ul>
            {problems.slice(0, 10).map((problem) => (
              <li key={problem} className="break-words text-xs">
                {problem}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

function read(text: string, flag: Flag): { targeting?: Targeting; problems: string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : t`It is no JSON.`] };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problems: [t`It must be an object.`] };
  const unknown = Object.keys(value).filter((field) => !fields.includes(field));
  if (unknown.length > 0) return { problems: unknown.map((field) => t`${field} is not a known field; remove it`) };
  const targeting = value as Targeting;
  const problems = checkFlag(documentOf(flag, targeting)).map(({ path, message }) => `${path} ${message}`);
  return problems.length > 0 ? { problems } : { targeting, problems };
}
