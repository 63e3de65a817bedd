import { useState } from 'react';
import type { EditServe, Environment, Flag, Serve } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { describeImpact, draftOf, type ServeDraft, sameDraft, serveOfDraft, switchKind } from './serve-draft.ts';
import { SplitEditor } from './split-editor.tsx';

export interface ServeEditorProps {
  flag: Flag;
  environment: Environment;
  /** What the serve belongs to: "default rule". */
  name: string;
  serve: Serve;
  /** Resolves when it is saved, false when it was refused (and that was said). */
  onSave: (serve: EditServe, summary: ServeDraft) => Promise<boolean>;
}

const forms = [
  { value: 'variant', label: 'One variant' },
  { value: 'split', label: 'Percentage' },
] as const;

/** Edits what a rule serves. Nothing is sent before Save; what saving would do is said first. */
export function ServeEditor({ flag, environment, name, serve, onSave }: ServeEditorProps) {
  const state = flag.environments[environment.key];
  const stored = draftOf(serve, flag, state?.offVariant ?? '');
  const [edited, setEdited] = useState<ServeDraft>();
  const [busy, setBusy] = useState(false);
  const draft = edited ?? stored;
  const changed = edited !== undefined && !sameDraft(edited, stored);
  const place = `${name} in ${environment.key}`;

  const save = async () => {
    setBusy(true);
    if (await onSave(serveOfDraft(draft, serve), draft)) setEdited(undefined);
    setBusy(false);
  };
  return (
    <fieldset aria-label={place} className="flex flex-col gap-2.5">
      <div>
        <Segmented
          label={`Form of the ${place}`}
          value={draft.kind}
          options={forms}
          onChange={(kind) => setEdited(switchKind(draft, kind, flag))}
        />
      </div>
      {draft.kind === 'variant' ? (
        <div className="max-w-60">
          <Select
            mono
            label={`Variant of the ${place}`}
            value={draft.variant}
            options={flag.variants.map((variant) => ({ value: variant.name, label: variant.name }))}
            onChange={(variant) => setEdited({ kind: 'variant', variant })}
          />
        </div>
      ) : (
        <SplitEditor
          flag={flag}
          place={place}
          weights={draft.weights}
          onChange={(weights) => setEdited({ kind: 'split', weights })}
        />
      )}
      {changed && (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line border-t pt-2.5">
          <p className="text-ink-2 text-xs">
            {describeImpact(stored, draft, flag)}
            {state && !state.enabled && ' The flag is off here, so nobody notices yet.'}
          </p>
          <div className="ml-auto flex gap-2">
            <Button look="quiet" onClick={() => setEdited(undefined)}>
              Discard
            </Button>
            <Button look={environment.production ? 'production' : 'primary'} busy={busy} onClick={() => void save()}>
              Save in {environment.name}
            </Button>
          </div>
        </div>
      )}
    </fieldset>
  );
}
