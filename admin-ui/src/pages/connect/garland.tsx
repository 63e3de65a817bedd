const colors = [
  'var(--color-series-1)',
  'var(--color-series-4)',
  'var(--color-series-2)',
  'var(--color-series-3)',
  'var(--color-series-5)',
];

const pennants = Array.from({ length: 15 }, (_, at) => ({ at, color: colors[at % colors.length] }));

/** Pennants on a line, let down one after the other. They hang at once for whoever prefers less motion. */
export function Garland() {
  return (
    <svg aria-hidden viewBox="0 0 300 26" preserveAspectRatio="none" className="mb-2 block h-6 w-full">
      <path d="M0 1 Q150 9 300 1" fill="none" stroke="var(--color-edge-strong)" />
      {pennants.map(({ at, color }) => (
        <path
          key={at}
          d={`M${at * 20 + 2} ${sagAt(at)} h16 l-8 16 z`}
          fill={color}
          className="origin-top animate-unfurl [transform-box:fill-box]"
          style={{ animationDelay: `${at * 35}ms` }}
        />
      ))}
    </svg>
  );
}

/** How far the line hangs down at a pennant. */
function sagAt(at: number): number {
  const x = (at * 20 + 10) / 300;
  return 1 + 16 * x * (1 - x);
}
