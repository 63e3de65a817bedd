import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/permissions.ts';
import type { Environment } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { auditPath } from '../../paths.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';

interface ThingLineProps {
  project: string;
  environment: Environment;
  /** As the audit log calls it: `segment`. */
  kind: string;
  thing: { readonly key: string; readonly name: string; readonly updatedAt?: string };
}

/** Below the key of what stands in one environment: where that is, what people call it, and how it came to be as it is. */
export function ThingLine({ project, environment, kind, thing: { key, name, updatedAt } }: ThingLineProps) {
  const may = useMay(project, environment.key);
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
      <EnvironmentName environment={environment} />
      {name !== key && <span className="break-words">{name}</span>}
      {updatedAt !== undefined && (
        <span className="text-ink-3 text-xs">
          <Trans>
            changed <RelativeTime at={updatedAt} />
          </Trans>
        </span>
      )}
      {may('audit:read') && (
        <Link
          {...auditPath(project, { kind, target: key })}
          className="rounded-xs text-link text-xs leading-6 hover:underline"
        >
          <Trans>History</Trans>
        </Link>
      )}
    </p>
  );
}
