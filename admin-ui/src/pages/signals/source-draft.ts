import { t } from '@lingui/core/macro';
import type { CreateSourceBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

export type Vendor = CreateSourceBody['vendor'];

export interface SourceDraft {
  readonly name: string;
  readonly key: string;
  readonly vendor: Vendor;
  readonly action: CreateSourceBody['allow']['action'];
  readonly mode: 'dry_run' | 'armed';
  /** Of vendors that make the secret themselves. */
  readonly secret: string;
  /** Of `generic`: an expression in CEL. */
  readonly mapping: string;
  /** Of `cloudwatch`: ARNs, one a line. */
  readonly topics: string;
}

/** These show a secret of their own, which is typed in here. */
export function givesSecret(vendor: Vendor): boolean {
  return vendor === 'pagerduty' || vendor === 'sentry';
}

/** Reads what was typed: what to send, or what is wrong, by its place. The server looks at the rest. */
export function checkSource(
  draft: SourceDraft,
  project: string,
): { ok: true; ready: CreateSourceBody } | { ok: false; errors: FormErrors } {
  const errors: Record<string, string> = {};
  const name = draft.name.trim();
  if (name === '') errors.name = t`Name it after what sends, such as “Alertmanager in Frankfurt”.`;
  if (draft.key.trim() === '') errors.key = t`Give it a key, such as alertmanager: it is part of its address.`;
  if (draft.vendor === 'generic' && draft.mapping.trim() === '') {
    errors.mapping = t`Say how an alert is made of the body.`;
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const topics = draft.topics.split(/\s+/).filter((topic) => topic !== '');
  return {
    ok: true,
    ready: {
      ...{ key: draft.key.trim(), vendor: draft.vendor, project, name, mode: draft.mode },
      allow: { action: draft.action },
      ...(givesSecret(draft.vendor) && draft.secret !== '' && { secret: draft.secret }),
      ...(draft.vendor === 'generic' && { mapping: draft.mapping.trim() }),
      ...(draft.vendor === 'cloudwatch' && { topics }),
    },
  };
}
