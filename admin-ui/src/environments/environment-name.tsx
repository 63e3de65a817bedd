import { TriangleAlert } from 'lucide-react';
import type { Environment } from '../api/types.ts';
import { Badge } from '../ui/badge.tsx';
import { Swatch } from '../ui/swatch.tsx';

/** An environment's name, with its colour, where it was given one; a production one wears its badge wherever it is named. */
export function EnvironmentName({
  environment,
}: {
  environment: Pick<Environment, 'key' | 'name' | 'production' | 'color'>;
}) {
  const { name, production, color } = environment;
  if (!production) {
    return (
      <span className="flex min-w-0 items-center gap-1.5">
        {color !== null && <Swatch color={color} />}
        <span className="truncate" title={name}>
          {name}
        </span>
      </span>
    );
  }
  return (
    <Badge look="production">
      <TriangleAlert aria-hidden />
      <span className="truncate" title={name}>
        {name}
      </span>
    </Badge>
  );
}
