import { Trans } from '@lingui/react/macro';
/** The product's mark: three pennants on a line, and its name. */
export function Wordmark() {
  return (
    <span className="flex select-none items-center gap-2 font-semibold text-base tracking-[-0.01em]">
      <Trans>
        <svg viewBox="0 0 32 24" className="h-5.5 w-7.5" aria-hidden>
          <path
            d="M1 3c10 4.6 20 4.6 30 0"
            fill="none"
            className="stroke-edge-strong"
            strokeWidth="1.8"
            strokeLinecap="round"
          />
          <path d="m2.8 5.2 4 12.3 4.5-10.2z" className="fill-series-1" />
          <path d="m12 7.5 4 14 4-14z" className="fill-production" />
          <path d="M20.7 7.3 25.2 17.5l4-12.3z" className="fill-live" />
        </svg>
        Bunting
      </Trans>
    </span>
  );
}
