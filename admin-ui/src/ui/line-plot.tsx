import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface PlotSeries {
  readonly name: string;
  /** A CSS colour, also `var(--color-...)`. */
  readonly color: string;
  /** One for each of the plot's times. */
  readonly values: readonly number[];
}

interface LinePlotProps {
  /** What it shows, for those who do not see it; the table behind it says the rest. */
  label: string;
  /** Milliseconds since 1970, UTC, ascending. */
  times: readonly number[];
  series: readonly PlotSeries[];
  max: number;
  format: (value: number) => string;
}

const heightPx = 150;

/** Curves over time, in UTC. Its colours follow the theme. Give those who cannot see it a table of the same. */
export function LinePlot({ label, times, series, max, format }: LinePlotProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const ink = (color: string) => () => resolve(element, color);
    const axis = {
      stroke: ink('var(--color-ink-3)'),
      grid: { stroke: ink('var(--color-line)'), width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: heightPx,
        legend: { show: false },
        cursor: { show: false },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
        scales: { x: { time: true }, y: { range: [0, max] } },
        axes: [
          { ...axis, size: 28, space: 90, values: (_plot, seconds) => seconds.map(toMinute) },
          { ...axis, size: 44, values: (_plot, values) => values.map(format) },
        ],
        series: [
          {},
          ...series.map(({ color }) => ({ stroke: ink(color), width: 2, pxAlign: 0, points: { show: false } })),
        ],
      },
      [times.map((ms) => ms / 1_000), ...series.map(({ values }) => [...values])],
      element,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    resized.observe(element);
    const redraw = () => plot.redraw(false);
    const themed = new MutationObserver(redraw);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', redraw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [times, series, max, format]);
  return <div ref={host} role="img" aria-label={label} className="w-full min-w-0 overflow-hidden" />;
}

/** `11-22 17:00`, UTC. */
function toMinute(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(5, 16).replace('T', ' ');
}

/** A canvas knows no variables: the colour as it is now. */
function resolve(element: HTMLElement, color: string): string {
  const before = element.style.color;
  element.style.color = color;
  const resolved = getComputedStyle(element).color;
  element.style.color = before;
  return resolved;
}
