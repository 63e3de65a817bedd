/** A dot of a series' colour, beside its name. */
export function Swatch({ color }: { color: string }) {
  return <span aria-hidden className="inline-block size-2.5 shrink-0 rounded-xs" style={{ background: color }} />;
}
