import { TriangleAlert } from 'lucide-react';
import type { Environment } from '../api/types.ts';
import { Badge } from '../ui/badge.tsx';

/** An environment's name; a production one wears its badge wherever it is named. */
export function EnvironmentName({ environment }: { environment: Pick<Environment, 'key' | 'name' | 'production'> }) {
  const { name, production } = environment;
  if (!production) return <span className="truncate">{name}</span>;
  return (
    <Badge look="production">
      <TriangleAlert aria-hidden />
      <span className="truncate" title={name}>
        {name}
      </span>
    </Badge>
  );
}
