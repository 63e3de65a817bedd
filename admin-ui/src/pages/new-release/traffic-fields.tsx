import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { trafficTargetsQuery } from '../../api/traffic.ts';
import { trafficTargetsPath } from '../../paths.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { optionsOf } from './choice-options.ts';
import { problemsAt } from './problem-words.ts';

type Traffic = NonNullable<ReleaseSpec['traffic']>;
type Need = NonNullable<ReleaseSpec['needs']>[number];

/** What may be asked of a target, in words. */
const needs: readonly (readonly [Need, MessageDescriptor])[] = [
  ['atomic', msg`switches all requests at once`],
  ['sticky', msg`keeps everyone on their side`],
  ['drain', msg`lets requests end where they began`],
  ['lease', msg`falls back by itself when nobody looks after it`],
  ['shadow', msg`copies requests`],
];

interface TrafficFieldsProps {
  project: string;
  draft: ReleaseSpec;
  traffic: Traffic;
  errors: FormErrors;
  onChange: (part: Partial<ReleaseSpec>) => void;
}

/** What divides the requests, between which versions, and what it must be able to do. */
export function TrafficFields({ project, draft, traffic, errors, onChange }: TrafficFieldsProps) {
  const targets = useQuery(trafficTargetsQuery(project, draft.environment));
  const set = (part: Partial<Traffic>) => onChange({ traffic: { ...traffic, ...part } });
  const wanted = draft.needs ?? [];
  return (
    <Panel title={t`Traffic`} note={t`Requests go from the baseline version to the candidate.`}>
      <div className="flex flex-col gap-3 px-4 py-3">
        <div className="grid items-start gap-3 sm:grid-cols-3">
          <Field
            label={t`Traffic target`}
            hint={
              targets.data?.length === 0 && (
                <Trans>
                  There is none in this environment yet:{' '}
                  <Link
                    {...trafficTargetsPath(project, { environment: draft.environment })}
                    className="text-link underline"
                  >
                    make one
                  </Link>{' '}
                  first.
                </Trans>
              )
            }
            error={errors['traffic.target']}
          >
            <Select
              value={traffic.target}
              options={optionsOf(targets.data, traffic.target)}
              onChange={(target) => set({ target })}
            />
          </Field>
          <Field label={t`Version that answers now`} error={errors['traffic.baseline']}>
            <TextInput mono maxLength={200} value={traffic.baseline} onChange={(baseline) => set({ baseline })} />
          </Field>
          <Field label={t`Version that is released`} error={errors['traffic.candidate']}>
            <TextInput mono maxLength={200} value={traffic.candidate} onChange={(candidate) => set({ candidate })} />
          </Field>
        </div>
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2 text-ink-2 text-xs">
          <legend className="mb-1.5 font-medium text-ink">
            <Trans>A target is needed that</Trans>
          </legend>
          {needs.map(([need, words]) => (
            <span key={need} className="flex items-center gap-2">
              <Checkbox
                label={t(words)}
                checked={wanted.includes(need)}
                onChange={(isWanted) => {
                  const next = needs
                    .map(([one]) => one)
                    .filter((one) => (one === need ? isWanted : wanted.includes(one)));
                  onChange({ needs: next.length === 0 ? undefined : next });
                }}
              />
              {t(words)}
            </span>
          ))}
        </fieldset>
        {[...problemsAt(errors, 'needs'), ...(errors.traffic ? [errors.traffic] : [])].map((problem) => (
          <p key={problem} role="alert" className="text-danger-ink text-xs">
            {problem}
          </p>
        ))}
      </div>
    </Panel>
  );
}
