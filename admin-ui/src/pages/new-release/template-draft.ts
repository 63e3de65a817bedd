import { KEY_PATTERN } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { FormErrors } from '../../ui/form-errors.ts';

/** A template of one's own as it is typed. */
export interface TemplateDraft {
  readonly key: string;
  readonly name: string;
  readonly description: string;
}

const keyPattern = new RegExp(KEY_PATTERN);

/** What is kept, or what is wrong with it. Without a key it is made of the name. */
export function checkTemplate({
  key,
  name,
  description,
}: TemplateDraft): { ok: true; ready: TemplateDraft } | { ok: false; errors: FormErrors } {
  const ready = { key: key.trim() || keyOf(name), name: name.trim(), description: description.trim() };
  const errors = {
    ...(ready.name === '' && { name: t`Name it, so that others find it.` }),
    ...(ready.name !== '' &&
      !keyPattern.test(ready.key) && {
        key: t`Write a key of a-z, 0-9, dot, hyphen and underscore, such as our-canary.`,
      }),
  };
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, ready };
}

/** `Our canary!` -> `our-canary` */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
