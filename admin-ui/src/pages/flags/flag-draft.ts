import { type Json, KEY_PATTERN } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { CreateFlagBody, FlagKind, FlagType } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** A variant as it is typed: its value is still text. */
export interface VariantDraft {
  readonly name: string;
  readonly text: string;
}

/** A new flag as it is typed. */
export interface FlagDraft {
  readonly key: string;
  readonly type: FlagType;
  readonly name: string;
  readonly description: string;
  readonly kind: FlagKind;
  readonly clientVisible: boolean;
  /** Not looked at for a boolean flag: its variants are `on` and `off`. */
  readonly variants: readonly VariantDraft[];
}

export const emptyDraft: FlagDraft = {
  key: '',
  type: 'boolean',
  name: '',
  description: '',
  kind: 'release',
  clientVisible: false,
  variants: [
    { name: '', text: '' },
    { name: '', text: '' },
  ],
};

const keyPattern = new RegExp(KEY_PATTERN);

/** The request that a draft stands for, or what is wrong with it. The server checks again; this only saves a round. */
export function readDraft(draft: FlagDraft): { ok: true; ready: CreateFlagBody } | { ok: false; errors: FormErrors } {
  const errors: Record<string, string> = {};
  const { key, type, kind, clientVisible } = draft;
  if (!keyPattern.test(key)) errors.key = keyAdvice(key);

  const variants: { name: string; value: Json }[] = [];
  if (type !== 'boolean') {
    draft.variants.forEach(({ name, text }, at) => {
      const trimmed = name.trim();
      if (trimmed === '') errors[`variants[${at}].name`] = t`Name the variant.`;
      else if (variants.some((other) => other.name === trimmed))
        errors[`variants[${at}].name`] = t`Another variant has this name.`;
      const value = readValue(type, text);
      if (value.ok) variants.push({ name: trimmed, value: value.value });
      else errors[`variants[${at}].value`] = value.error;
    });
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const name = draft.name.trim();
  const description = draft.description.trim();
  return {
    ok: true,
    ready: {
      key,
      type,
      kind,
      clientVisible,
      ...(name !== '' && { name }),
      ...(description !== '' && { description }),
      ...(type !== 'boolean' && { variants }),
    },
  };
}

function keyAdvice(key: string): string {
  if (key === '') return t`Enter the key that the code asks for.`;
  if (key.length > 100) return t`Use at most 100 characters.`;
  const better = suggestKey(key);
  const rule = t`Use small letters, digits, dots, dashes and underscores; begin and end with a letter or a digit`;
  return better !== '' && better !== key ? `${rule}: ${better}` : `${rule}.`;
}

/** The nearest text that is a key: `New Checkout!` -> `new-checkout`. */
export function suggestKey(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100)
    .replace(/[^a-z0-9]+$/, '');
}

/** Reads what was typed for a variant's value as a value of the flag's type. */
export function readValue(type: FlagType, text: string): { ok: true; value: Json } | { ok: false; error: string } {
  if (type === 'string') return { ok: true, value: text };
  if (type === 'number') {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) return { ok: false, error: t`Enter a number, such as 0.25.` };
    return { ok: true, value };
  }
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { ok: false, error: t`Enter JSON, such as ${'{"limit": 10}'}: names and texts stand in double quotes.` };
  }
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'object' && !isRecord)
    return { ok: false, error: t`Enter a JSON object: it begins with ${'{'} and ends with ${'}'}.` };
  if (type === 'boolean' && typeof value !== 'boolean') return { ok: false, error: t`Enter true or false.` };
  return { ok: true, value };
}
