import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { type JsonProblem, lineOf, placeIn } from '../../ui/json-place.ts';
import { Notice } from '../../ui/notice.tsx';

interface PhasesJsonProps {
  text: string;
  /** The server's words, each with its place. They are gone with the next key that is pressed. */
  problems: readonly JsonProblem[];
  onChange: (text: string) => void;
}

/** The phases of a plan as JSON, with what is wrong marked where it is. */
export function PhasesJson({ text, problems, onChange }: PhasesJsonProps) {
  const [initial] = useState(text);
  return (
    <div className="flex flex-col gap-2">
      <JsonEditor label={t`Phases as JSON`} initial={initial} onChange={onChange} problems={problems} />
      {problems.length > 0 && (
        <Notice title={t`The phases are not taken as they are`}>
          <ul aria-label={t`Problems of the phases`}>
            {problems.map(({ path, message }) => (
              <li key={path} className="break-words text-xs">
                <Trans>
                  Line {lineOf(text, placeIn(text, path).from)}: <code className="font-mono">{path}</code> {message}
                </Trans>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}
