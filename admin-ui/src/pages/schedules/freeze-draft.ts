import { t } from '@lingui/core/macro';
import type { FormErrors } from '../../ui/form-errors.ts';

/** A freeze as it is typed; moments by the clock of whoever types. */
export interface FreezeDraft {
  environment: string;
  name: string;
  from: string;
  to: string;
}

type Checked = { ok: true; ready: FreezeDraft } | { ok: false; errors: FormErrors };

/** Reads what was typed; moments become ISO 8601 in UTC. */
export function checkFreeze({ environment, name, from, to }: FreezeDraft): Checked {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const errors = {
    ...(name.trim() === '' && { name: t`Name it after its reason, such as Black Friday.` }),
    ...(Number.isNaN(fromMs) && { from: t`Choose when it begins.` }),
    ...(Number.isNaN(toMs) && { to: t`Choose when it ends.` }),
    ...(toMs <= fromMs && { to: t`Choose an end after its beginning.` }),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const moment = (ms: number) => new Date(ms).toISOString();
  return { ok: true, ready: { environment, name: name.trim(), from: moment(fromMs), to: moment(toMs) } };
}
