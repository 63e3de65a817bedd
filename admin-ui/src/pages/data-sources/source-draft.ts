import { t } from '@lingui/core/macro';
import type { DataSource, DataSourceBody, DataSourcePatch } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

export interface SourceDraft {
  readonly key: string;
  readonly name: string;
  readonly url: string;
  /** keep: of one that is changed, what it asks for stays as it is. */
  readonly auth: 'keep' | 'none' | 'bearer' | 'basic';
  readonly token: string;
  readonly username: string;
  readonly password: string;
}

/** @param source the one to edit; without it: a new one */
export function draftOf(source: DataSource | undefined): SourceDraft {
  const secrets = { token: '', username: '', password: '' };
  if (source === undefined) return { key: '', name: '', url: '', auth: 'none', ...secrets };
  const { key, name, url } = source;
  return { key, name, url, auth: 'keep', ...secrets };
}

type Auth = NonNullable<DataSourceBody['auth']>;

/** Reads what was typed: what to send, or what is wrong, by its place. The server looks at where the URL leads. */
export function checkSource(
  draft: SourceDraft,
):
  | { ok: true; ready: DataSourcePatch & Pick<DataSourceBody, 'key' | 'name' | 'url'> }
  | { ok: false; errors: FormErrors } {
  const errors: Record<string, string> = {};
  const [key, name, url] = [draft.key.trim(), draft.name.trim(), draft.url.trim()];
  if (name === '') errors.name = t`Name it, such as “Prometheus of the shop”.`;
  if (key === '') errors.key = t`Give it a key, such as prometheus: safeguards and gates name it so.`;
  if (url === '') errors.url = t`Enter its address, such as https://prometheus.example.com.`;
  if (draft.auth === 'bearer' && draft.token === '') errors.token = t`Enter the token.`;
  if (draft.auth === 'basic' && draft.username === '') errors.username = t`Enter the name.`;
  if (draft.auth === 'basic' && draft.password === '') errors.password = t`Enter the password.`;
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const auth = authOf(draft);
  return { ok: true, ready: { key, name, url, ...(auth && { auth }) } };
}

function authOf({ auth: kind, token, username, password }: SourceDraft): Auth | undefined {
  if (kind === 'keep') return undefined;
  if (kind === 'bearer') return { kind, token };
  return kind === 'basic' ? { kind, username, password } : { kind };
}
