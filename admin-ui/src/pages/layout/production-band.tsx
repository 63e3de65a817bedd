import type { Environment } from '../../api/types.ts';

/** Over every page that is about a production environment: whoever acts here acts on people. */
export function ProductionBand({ environment }: { environment: Environment | undefined }) {
  if (!environment?.production) return null;
  return <div aria-hidden className="hazard-edge sticky top-12 z-4 h-1.5 lg:top-0" />;
}
