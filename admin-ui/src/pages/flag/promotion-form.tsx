import { applyEdits, type Targeting, type TargetingEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { type PromotionPlace, promotionQuery } from '../../api/promotions.ts';
import type { Environment, Flag, PromotedFlag, PromotionPart } from '../../api/types.ts';
import { EditList } from '../../flags/edit-list.tsx';
import { ImpactPanel } from '../../impact/impact-panel.tsx';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { LoadingNote } from '../../ui/skeleton.tsx';
import { promotionParts } from './promotion-part.ts';
import { usePromote } from './use-promote.tsx';

interface PromotionFormProps {
  place: PromotionPlace;
  flag: Flag;
  to: Environment;
  /** In which the environments differ. */
  differing: readonly PromotionPart[];
  /** Which of these are not promoted. */
  without: readonly PromotionPart[];
  onLeaveOut: (without: readonly PromotionPart[]) => void;
  onClose: () => void;
}

/** Which parts are promoted, what that changes, and what stands against it. */
export function PromotionForm({ place, flag, to, differing, without, onLeaveOut, onClose }: PromotionFormProps) {
  const parts = differing.filter((part) => !without.includes(part));
  const [comment, setComment] = useState('');
  const preview = useQuery({
    ...promotionQuery(place, parts),
    enabled: parts.length > 0,
    placeholderData: keepPreviousData,
  });
  const { promote, isPending, error } = usePromote(place, flag, to, onClose);
  const shown = parts.length > 0 ? preview.data : undefined;
  const blocked = shown?.findings.some(({ severity }) => severity === 'error') ?? true;
  const silent = to.requireComment && comment.trim() === '';
  const base = flag.environments[to.key] as unknown as Targeting;
  const edits = (shown?.edits ?? []) as TargetingEdit[];
  const mine = shown && afterEdits(base, edits);
  return (
    <>
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        <fieldset aria-label={t`Parts`} className="flex flex-wrap gap-x-4 gap-y-2">
          {promotionParts
            .filter(({ part }) => differing.includes(part))
            .map(({ part, label }) => (
              // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is in it, under a component's name
              <label key={part} className="flex items-center gap-2 text-xs">
                <Checkbox
                  label={t`Promote: ${t(label)}`}
                  checked={parts.includes(part)}
                  onChange={(chosen) =>
                    onLeaveOut(chosen ? without.filter((other) => other !== part) : [...without, part])
                  }
                />
                <span aria-hidden>{t(label)}</span>
              </label>
            ))}
        </fieldset>
        {shown ? (
          <>
            <EditList flag={flag} base={base} edits={edits} label={t`What changes`} />
            <Findings findings={shown.findings} />
            {mine && !blocked && (
              <ImpactPanel project={place.project} flag={flag} environment={to} base={base} mine={mine} edits={edits} />
            )}
          </>
        ) : parts.length === 0 ? (
          <p className="text-ink-2">
            <Trans>Choose what to promote.</Trans>
          </p>
        ) : (
          <LoadingNote what={t`what changes`} />
        )}
        <Field
          label={t`Comment`}
          optional={!to.requireComment}
          hint={to.requireComment ? t`${to.name} wants a comment with each change.` : t`Kept in the audit trail.`}
        >
          <TextInput value={comment} onChange={setComment} maxLength={1000} />
        </Field>
        {error && <Notice title={t`It was not promoted`}>{error}</Notice>}
      </div>
      <ActOrCancel
        onCancel={onClose}
        look={to.production ? 'production' : 'primary'}
        disabled={blocked || silent || preview.isFetching}
        busy={isPending}
        onAct={() => shown && promote(shown, parts, comment.trim())}
      >
        {to.requiredApprovals > 0 ? t`Request approval` : t`Promote to ${to.name}`}
      </ActOrCancel>
    </>
  );
}

/** Undefined when the flag has just changed, and the preview is about to be asked for anew. */
function afterEdits(base: Targeting, edits: readonly TargetingEdit[]): Targeting | undefined {
  try {
    return applyEdits(base, edits, Date.now());
  } catch {
    return undefined;
  }
}

function Findings({ findings }: { findings: PromotedFlag['findings'] }) {
  if (findings.length === 0) return null;
  return (
    <ul aria-label={t`Findings`} className="flex flex-col gap-1">
      {findings.map(({ severity, path, message }) => {
        const Icon = severity === 'error' ? CircleAlert : TriangleAlert;
        return (
          <li
            key={`${path} ${message}`}
            className={`flex items-start gap-1.5 text-xs ${severity === 'error' ? 'text-danger-ink' : 'text-ink-2'}`}
          >
            <Icon className="mt-0.5 size-3.5 shrink-0" aria-label={severity === 'error' ? t`Error` : t`Warning`} />
            <span className="min-w-0 break-words">
              <code className="font-mono">{path}</code> {message}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
