import { t } from '@lingui/core/macro';
import type { TrafficTarget, TrafficTargetBody } from '../api/types.ts';
import type { FormErrors } from '../ui/form-errors.ts';
import { type Setting, type TrafficKind, trafficKinds } from './kinds.ts';

/** A target as it is typed. */
export interface TargetDraft {
  key: string;
  name: string;
  kind: TrafficKind;
  /** By the path of each setting, and of each secret behind `secrets.`; what is a yes is there as `yes`. */
  typed: Readonly<Record<string, string>>;
  /** The settings as they are: what is not typed anew stays as it was written. */
  stored: Readonly<Record<string, unknown>>;
}

/** @param target undefined: a new one */
export function draftOf(target: TrafficTarget | undefined): TargetDraft {
  const { key = '', name = '', kind = 'haproxy', settings = {} } = target ?? {};
  const typed = trafficKinds[kind].settings.map((setting) => [setting.path, textOf(valueAt(settings, setting.path))]);
  return { key, name, kind, typed: Object.fromEntries(typed), stored: settings };
}

/** The secrets that are asked for, as the draft stands. */
export function secretsAsked({ kind, typed }: TargetDraft) {
  const { secrets = [] } = trafficKinds[kind];
  return secrets.filter(({ path }) => path !== 'kubeconfig' || typed.cluster === 'kubeconfig');
}

type Checked = { ok: true; ready: { key: string; body: TrafficTargetBody } } | { ok: false; errors: FormErrors };

/** Reads what was typed. @param sealed names of the secrets that the target has already */
export function checkTarget(draft: TargetDraft, sealed: readonly string[]): Checked {
  const { key, name, kind, typed, stored } = draft;
  const errors: Record<string, string> = {};
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/.test(key)) {
    errors.key = t`Use 1 to 100 of a-z, 0-9, dot, hyphen and underscore, a letter or digit at both ends.`;
  }
  const settings = structuredClone(stored) as Record<string, unknown>;
  for (const setting of trafficKinds[kind].settings) {
    const { path, form, optional } = setting;
    const text = typed[path]?.trim() ?? '';
    if (text === '' && form !== 'yes' && !optional) errors[`settings.${path}`] = t`Fill it in.`;
    if (text === textOf(valueAt(stored, path))) continue;
    const value = readSetting(setting, text);
    if (Number.isNaN(value)) errors[`settings.${path}`] = t`Enter a whole number, such as 1000.`;
    setAt(settings, path, value);
  }
  const secrets: Record<string, string> = {};
  for (const { path } of secretsAsked(draft)) {
    const value = typed[`secrets.${path}`]?.trim() ?? '';
    if (value !== '') secrets[path] = value;
    else if (!sealed.includes(path)) errors[`secrets.${path}`] = t`Fill it in: it is kept sealed.`;
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const body = {
    ...{ name: name.trim() || key, kind, settings },
    ...(Object.keys(secrets).length > 0 && { secrets }),
  };
  // Each kind has settings of its own; which they are `trafficKinds` says, and the server checks.
  return { ok: true, ready: { key, body: body as unknown as TrafficTargetBody } };
}

/** @returns undefined: nothing was typed, and it is left out; NaN: no number */
function readSetting({ form }: Setting, text: string): unknown {
  if (text === '') return undefined;
  if (form === 'yes') return true;
  if (form === 'number') return /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (form === 'names') return text.split(/[\s,]+/).filter((name) => name !== '');
  return text;
}

/** What a setting is shown and typed as. */
export function textOf(value: unknown): string {
  if (value === undefined || value === false) return '';
  if (value === true) return 'yes';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** @param path such as `backends.candidate` */
export function valueAt(settings: Readonly<Record<string, unknown>>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings);
}

function setAt(settings: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    settings[name] = value;
    return;
  }
  settings[name] ??= {};
  setAt(settings[name] as Record<string, unknown>, rest.join('.'), value);
}
