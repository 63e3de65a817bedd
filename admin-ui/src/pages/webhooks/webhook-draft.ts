import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Webhook, WebhookBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** What a webhook hears of: everything, what is urgent, or actions that are listed. */
type Hears = 'all' | 'urgent' | 'some';

export interface WebhookDraft {
  name: string;
  url: string;
  format: Webhook['format'];
  hears: Hears;
  /** Of `some`: separated by blanks or commas, such as `flag.killed segment.*`. */
  actions: string;
  /** Keys; none: all of them. */
  environments: readonly string[];
}

/** @param webhook undefined: a new one */
export function draftOf(webhook: Webhook | undefined): WebhookDraft {
  const { actions, environments = [] } = webhook?.filter ?? {};
  const isUrgent = actions?.length === 1 && actions[0] === 'urgent';
  return {
    ...{ name: webhook?.name ?? '', url: webhook?.url ?? '', format: webhook?.format ?? 'standard', environments },
    hears: actions === undefined ? 'all' : isUrgent ? 'urgent' : 'some',
    actions: isUrgent ? '' : (actions?.join(', ') ?? ''),
  };
}

/** What the address has to be, by the format of what is sent there. */
export const addressHints: Readonly<Record<Webhook['format'], MessageDescriptor>> = {
  standard: msg`Of a program of yours: https, on the public internet unless the operator allows others.`,
  slack: msg`Of an incoming webhook of Slack.`,
  teams: msg`Of an incoming webhook of Teams.`,
  email: msg`mailto: and addresses, separated by commas.`,
};

type Checked = { ok: true; ready: WebhookBody } | { ok: false; errors: FormErrors };

/** Reads what was typed. */
export function checkWebhook(draft: WebhookDraft): Checked {
  const [name, url] = [draft.name.trim(), draft.url.trim()];
  const actions = draft.actions.split(/[\s,]+/).filter((action) => action !== '');
  const isMail = draft.format === 'email';
  const errors = {
    ...(name === '' && { name: t`Name it after who hears, such as On-call channel.` }),
    ...(isMail &&
      !/^mailto:\S+@\S+$/.test(url) && { url: t`Enter mailto: and an address, such as mailto:ops@example.com.` }),
    ...(!isMail && !/^https?:\/\/\S+$/.test(url) && { url: t`Enter an address that begins with https://.` }),
    ...(draft.hears === 'some' &&
      actions.length === 0 && { actions: t`Enter at least one, such as flag.killed or flag.*.` }),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const heard = { all: undefined, urgent: ['urgent'], some: actions }[draft.hears];
  const filter = {
    ...(heard && { actions: heard }),
    ...(draft.environments.length > 0 && { environments: [...draft.environments] }),
  };
  return { ok: true, ready: { name, url, format: draft.format, filter } };
}

/** What a webhook hears of, in words. */
export function hearsWords({ actions, environments }: Webhook['filter']): string {
  const what = actions === undefined ? t`everything` : actions.join(', ');
  return environments === undefined ? what : t`${what} in ${environments.join(', ')}`;
}
