import type * as z from 'zod/mini';

/** Messages by the place they belong to: `email`, `variants[0].value`; the empty place is the whole form. */
export type FormErrors = Readonly<Record<string, string>>;

/** What a schema found wrong, one message for each place. */
export function formErrors(issues: readonly z.core.$ZodIssue[]): FormErrors {
  const errors: Record<string, string> = {};
  for (const issue of issues) errors[placeOf(issue.path)] ??= issue.message;
  return errors;
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, part) => {
    if (typeof part === 'number') return `${place}[${part}]`;
    return place === '' ? String(part) : `${place}.${String(part)}`;
  }, '');
}
