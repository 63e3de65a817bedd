import { KEY_PATTERN } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { Environment, EnvironmentBody, EnvironmentPatch } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** An environment as it is typed. */
export interface EnvironmentDraft {
  readonly key: string;
  readonly name: string;
  readonly color: string | null;
  readonly production: boolean;
  readonly requireComment: boolean;
  readonly requiredApprovals: number;
  /** Key of the environment whose flags and segments a new one begins with; empty: all flags are off. */
  readonly from: string;
}

type Read<Ready> = { ok: true; ready: Ready } | { ok: false; errors: FormErrors };

export const emptyEnvironment: EnvironmentDraft = {
  ...{ key: '', name: '', color: null, production: false, requireComment: false, requiredApprovals: 0, from: '' },
};

export function draftOf(environment: Environment): EnvironmentDraft {
  const { key, name, color, production, requireComment, requiredApprovals } = environment;
  return { key, name, color, production, requireComment, requiredApprovals, from: '' };
}

const keyPattern = new RegExp(KEY_PATTERN);

/** @param taken keys that the project has */
export function readNewEnvironment(draft: EnvironmentDraft, taken: readonly string[]): Read<EnvironmentBody> {
  const { key, from, ...facts } = draft;
  const name = draft.name.trim();
  const errors = {
    ...(name === '' && { name: t`Enter a name, such as Staging.` }),
    ...(!keyPattern.test(key) && { key: t`Use small letters, digits and dashes, such as staging.` }),
    ...(taken.includes(key) && { key: t`The project has an environment ${key}. Choose another key.` }),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, ready: { ...facts, key, name, ...(from !== '' && { from }) } };
}

/** What differs from how it was; empty: nothing does. */
export function readEnvironmentPatch(draft: EnvironmentDraft, before: Environment): Read<EnvironmentPatch> {
  const name = draft.name.trim();
  if (name === '') return { ok: false, errors: { name: t`Enter a name, such as Staging.` } };
  const { color, production, requireComment, requiredApprovals } = draft;
  return {
    ok: true,
    ready: {
      ...(name !== before.name && { name }),
      ...(color !== before.color && { color }),
      ...(production !== before.production && { production }),
      ...(requireComment !== before.requireComment && { requireComment }),
      ...(requiredApprovals !== before.requiredApprovals && { requiredApprovals }),
    },
  };
}

/** What becomes less safe by a change, in words, to be read before it is made. */
export function warningsOf({ production, requireComment, requiredApprovals }: EnvironmentDraft, before: Environment) {
  return [
    ...(before.production && !production
      ? [t`It loses the mark of production: roles that leave production out then hold here, too.`]
      : []),
    ...(!before.production && production
      ? [t`It becomes production: roles that leave production out no longer hold here.`]
      : []),
    ...(requiredApprovals < before.requiredApprovals
      ? [
          requiredApprovals === 0
            ? t`Changes then take no approval; lowering it takes change:bypass.`
            : t`Changes then take fewer approvals; lowering it takes change:bypass.`,
        ]
      : []),
    ...(before.requireComment && !requireComment ? [t`Changes then need not say why they are made.`] : []),
  ];
}
