import type { Serve } from '@bunting/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { FindingNotes } from '../../conditions/finding-notes.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { useEditor } from './editor-context.ts';
import { stepsOf, withSteps } from './ramp.ts';
import { RampFields } from './ramp-fields.tsx';
import { draftOf, type ServeDraft, sameDraft, serveOfDraft, switchKind } from './serve-draft.ts';
import { SplitEditor } from './split-editor.tsx';

interface ServeFieldsProps {
  serve: Serve;
  /** What is served now; undefined: the rule is new. */
  stored: Serve | undefined;
  /** Where it is in the flag's document: `defaultRule`. */
  path: string;
  /** The same for people: "default rule". */
  place: string;
  offVariant: string;
  onChange: (serve: Serve) => void;
}

const forms = [
  { value: 'variant', label: msg`One variant` },
  { value: 'split', label: msg`Percentage` },
] as const;

/** What whoever matches gets: one variant, or a split. */
export function ServeFields({ serve, stored, path, place, offVariant, onChange }: ServeFieldsProps) {
  const { flag, attributes } = useEditor();
  const nowMs = Date.now();
  const draft = draftOf(serve, flag, offVariant, nowMs);
  const change = (next: ServeDraft) => {
    const isStored =
      stored !== undefined &&
      splitBy(stored) === splitBy(serve) &&
      sameDraft(next, draftOf(stored, flag, offVariant, nowMs));
    onChange(isStored ? stored : keepSteps(serveOfDraft(next, serve, stored, nowMs), serve));
  };
  /** Steps to come are not lost by another percentage until then. */
  const keepSteps = (next: Serve, before: Serve): Serve => {
    if (!('split' in next && 'split' in before)) return next;
    const steps = stepsOf(before.split, flag.variants, offVariant, nowMs);
    return steps.length === 0 ? next : { split: withSteps(next.split, steps, nowMs) };
  };
  return (
    <fieldset aria-label={t`What the ${place} serves`} className="flex min-w-0 flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t`Form of the ${place}`}
          value={draft.kind}
          options={forms}
          onChange={(kind) => change(switchKind(draft, kind, flag))}
        />
        {draft.kind === 'variant' && (
          <div className="min-w-40 max-w-60 flex-1">
            <Select
              mono
              label={t`Variant of the ${place}`}
              value={draft.variant}
              options={flag.variants.map((variant) => ({ value: variant.name, label: variant.name }))}
              onChange={(variant) => change({ kind: 'variant', variant })}
            />
          </div>
        )}
      </div>
      {draft.kind === 'split' && (
        <SplitEditor
          flag={flag}
          place={place}
          weights={draft.weights}
          onChange={(weights) => change({ kind: 'split', weights })}
        />
      )}
      {'split' in serve && (
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2 text-xs">
          <Trans>
            The same for all with the same
            <div className="w-44">
              <SuggestInput
                label={t`Attribute that the ${place} is split by`}
                placeholder="targetingKey"
                value={serve.split.by ?? ''}
                suggestions={attributes.map(({ path: value, type }) => ({ value, note: type }))}
                onChange={(next) => {
                  const { by: _, ...split } = serve.split;
                  onChange({ split: next === '' || next === 'targetingKey' ? split : { ...split, by: next } });
                }}
              />
            </div>
          </Trans>
        </div>
      )}
      {'split' in serve &&
        (serve.split.held ? (
          <p className="text-ink-2 text-xs">
            <Trans>Its ramp is held. Another percentage ends it; on the flag’s page it goes on.</Trans>
          </p>
        ) : (
          <RampFields
            split={serve.split}
            place={place}
            offVariant={offVariant}
            onChange={(split) => onChange({ split })}
          />
        ))}
      <FindingNotes at={path} />
    </fieldset>
  );
}

function splitBy(serve: Serve): string | undefined {
  return 'split' in serve ? serve.split.by : undefined;
}
