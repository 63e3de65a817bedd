import { Progress as Base } from '@base-ui/react/progress';

/** How far something has come that takes longer than a moment. */
export function Progress({ label, value, max }: { label: string; value: number; max: number }) {
  return (
    <Base.Root value={value} max={max} aria-label={label} className="min-w-24 flex-1">
      <Base.Track className="h-1.5 overflow-hidden rounded-full bg-line">
        <Base.Indicator className="h-full rounded-full bg-accent transition-[width] duration-150" />
      </Base.Track>
    </Base.Root>
  );
}
