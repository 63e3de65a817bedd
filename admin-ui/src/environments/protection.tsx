import { plural, t } from '@lingui/core/macro';
import { ShieldCheck } from 'lucide-react';
import type { Environment } from '../api/types.ts';

type Guarded = Pick<Environment, 'name' | 'requiredApprovals'>;

export function isProtected({ requiredApprovals }: Pick<Environment, 'requiredApprovals'>): boolean {
  return requiredApprovals > 0;
}

/** What stands between a change and those who are served. */
export function describeProtection({ name, requiredApprovals: count }: Guarded): string {
  const who = plural(count, { one: 'someone else must approve it', other: '# others must approve it' });
  return t`${name} is protected: ${who} before it is served.`;
}

/** Beside the name of an environment whose changes others must approve. */
export function ProtectedMark({ environment }: { environment: Guarded }) {
  if (!isProtected(environment)) return null;
  return (
    <span title={describeProtection(environment)} className="inline-flex shrink-0 text-ink-2">
      <ShieldCheck className="size-3.5" aria-hidden />
    </span>
  );
}
