import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Select } from '../../ui/select.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { TokenInput } from '../../ui/token-input.tsx';
import { emptyMatcher, type MatcherDraft, type MatcherTest } from './binding-draft.ts';
import type { Labels } from './label-match.ts';

const tests: readonly { value: MatcherTest; label: MessageDescriptor }[] = [
  { value: 'equals', label: msg`is` },
  { value: 'in', label: msg`is one of` },
  { value: 'matches', label: msg`matches` },
  { value: 'present', label: msg`is there` },
];

interface MatcherRowsProps {
  match: readonly MatcherDraft[];
  errors: FormErrors;
  /** Labels of alerts that came: they are offered. */
  seen: readonly Labels[];
  onChange: (match: MatcherDraft[]) => void;
}

/** Which alerts are meant: all of these must fit. */
export function MatcherRows({ match, errors, seen, onChange }: MatcherRowsProps) {
  const names = [...new Set(seen.flatMap((labels) => Object.keys(labels)))].sort();
  const nextId = Math.max(-1, ...match.map(({ id }) => id)) + 1;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 font-medium text-xs">
        <Trans>Which alerts are meant: all of these fit</Trans>
      </legend>
      {match.map((matcher, at) => {
        const place = t`label ${at + 1}`;
        const change = (part: Partial<MatcherDraft>) =>
          onChange(match.map((other) => (other.id === matcher.id ? { ...matcher, ...part } : other)));
        const values = [
          ...new Set(seen.flatMap((labels) => (Object.hasOwn(labels, matcher.label) ? [labels[matcher.label]] : []))),
        ].filter((value) => value !== undefined);
        const error = errors[`match.${at}`];
        return (
          <div key={matcher.id} className="flex min-w-0 flex-wrap items-start gap-2">
            <div className="min-w-0 flex-1 basis-36">
              <SuggestInput
                label={t`Name of ${place}`}
                placeholder={'severity'}
                value={matcher.label}
                suggestions={names.map((value) => ({ value }))}
                invalid={error !== undefined}
                onChange={(label) => change({ label })}
              />
            </div>
            <div className="w-28">
              <Select
                label={t`Test of ${place}`}
                value={matcher.test}
                options={tests}
                onChange={(test) => change({ test })}
              />
            </div>
            {(matcher.test === 'equals' || matcher.test === 'matches') && (
              <div className="min-w-0 flex-1 basis-40">
                <SuggestInput
                  label={matcher.test === 'matches' ? t`Pattern of ${place}` : t`Value of ${place}`}
                  placeholder={matcher.test === 'matches' ? '^checkout' : 'critical'}
                  value={matcher.value}
                  suggestions={matcher.test === 'matches' ? [] : values.map((value) => ({ value }))}
                  invalid={error !== undefined}
                  onChange={(value) => change({ value })}
                />
              </div>
            )}
            {matcher.test === 'in' && (
              <div className="min-w-0 flex-1 basis-40">
                <TokenInput
                  label={t`Values of ${place}`}
                  tokens={matcher.values}
                  parse={(token) => ({ token })}
                  show={(token) => token}
                  placeholder={t`critical, then Enter`}
                  onChange={(next) => change({ values: next })}
                />
              </div>
            )}
            <IconButton
              label={t`Remove ${place}`}
              disabled={match.length === 1}
              onClick={() => onChange(match.filter(({ id }) => id !== matcher.id))}
            >
              <X aria-hidden />
            </IconButton>
            {error !== undefined && (
              <p role="alert" className="w-full text-danger-ink text-xs">
                {error}
              </p>
            )}
          </div>
        );
      })}
      <Button
        look="quiet"
        className="w-fit"
        disabled={match.length >= 20}
        onClick={() => onChange([...match, { id: nextId, ...emptyMatcher }])}
      >
        <Trans>
          <Plus aria-hidden />
          Add a label
        </Trans>
      </Button>
    </fieldset>
  );
}
