import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import type { FormErrors } from '../../ui/form-errors.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { readRelease } from './read-release.ts';

interface ReleaseJsonProps {
  draft: ReleaseSpec;
  /** What the server says against the draft as it is. */
  errors: FormErrors;
  onChange: (draft: ReleaseSpec) => void;
}

/** The release as it is sent. What is typed becomes the draft whenever the form could show it. */
export function ReleaseJson({ draft, errors, onChange }: ReleaseJsonProps) {
  const [initial] = useState(() => JSON.stringify(draft, undefined, 2));
  const [problems, setProblems] = useState<readonly string[]>([]);
  const onType = (text: string) => {
    const read = readText(text);
    setProblems('problems' in read ? read.problems : []);
    if ('spec' in read) onChange(read.spec);
  };
  const refused = Object.entries(errors).map(([path, message]) => (path === '' ? message : `${path}: ${message}`));
  const said = problems.length > 0 ? problems : refused;
  return (
    <Panel title={t`JSON`} note={t`As the API takes it.`}>
      <div className="flex flex-col gap-2 p-3">
        <JsonEditor label={t`The release as JSON`} initial={initial} onChange={onType} />
        {said.length > 0 && (
          <Notice title={problems.length > 0 ? t`The release is still as it was before` : t`It would be refused`}>
            <ul>
              {said.slice(0, 10).map((problem) => (
                <li key={problem} className="break-words text-xs">
                  {problem}
                </li>
              ))}
            </ul>
          </Notice>
        )}
      </div>
    </Panel>
  );
}

function readText(text: string): ReturnType<typeof readRelease> {
  try {
    return readRelease(JSON.parse(text));
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : t`It is no JSON.`] };
  }
}
