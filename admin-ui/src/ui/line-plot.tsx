import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { timeRange } from './time-range.ts';

interface PlotSeries {
  readonly name: string;
  /** A CSS colour, also `var(--color-...)`. */
  readonly color: string;
  /** One for each of the plot's times; null: nothing is known of it, and the line has a gap. */
  readonly values: readonly (number | null)[];
  /** A bound, not something measured. */
  readonly dashed?: boolean;
}

/** What lies between two curves. */
interface PlotBand {
  readonly color: string;
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

interface LinePlotProps {
  /** What it shows, for those who do not see it; the table behind it says the rest. */
  label: string;
  /** Milliseconds since 1970, UTC, ascending. */
  times: readonly number[];
  series: readonly PlotSeries[];
  /** Behind the curves. */
  band?: PlotBand | undefined;
  /** 0 unless given. */
  min?: number;
  max: number;
  format: (value: number) => string;
}

const heightPx = 150;
/** Below this much from the first to the last time, seconds are told apart. */
const briefMs = 15 * 60_000;

/** Curves over time, in UTC. Its colours follow the theme. Give those who cannot see it a table of the same. */
export function LinePlot({ label, times, series, band, min = 0, max, format }: LinePlotProps) {
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
    const isBrief = (times.at(-1) ?? 0) - (times[0] ?? 0) < briefMs;
    const edge = { width: 0, points: { show: false } };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: heightPx,
        legend: { show: false },
        cursor: { show: false },
        // Room for half of the last time, which stands beneath the end.
        padding: [null, 28, null, null],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
        scales: { x: { time: true, range: () => timeRange(times) }, y: { range: [min, max] } },
        axes: [
          { ...axis, size: 28, space: 90, values: (_plot, seconds) => seconds.map(isBrief ? toSecond : toMinute) },
          { ...axis, size: 44, values: (_plot, values) => values.map(format) },
        ],
        series: [
          {},
          ...(band ? [edge, edge] : []),
          ...series.map(({ color, dashed, values }) => ({
            ...{ stroke: ink(color), width: dashed ? 1.5 : 2, pxAlign: 0 },
            ...(dashed && { dash: [5, 4] }),
            // One look alone has no line to either side.
            points: { show: values.filter((value) => value !== null).length === 1 },
          })),
        ],
        ...(band && { bands: [{ series: [2, 1], fill: ink(band.color) }] }),
      },
      [
        times.map((ms) => ms / 1_000),
        ...(band ? [[...band.low], [...band.high]] : []),
        ...series.map(({ values }) => [...values]),
      ],
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
  }, [times, series, band, min, max, format]);
  return <div ref={host} role="img" aria-label={label} className="w-full min-w-0 overflow-hidden" />;
}

/** `11-22 17:00`, UTC. */
function toMinute(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(5, 16).replace('T', ' ');
}

/** `17:00:05`, UTC. */
function toSecond(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(11, 19);
}

/** A canvas knows no variables: the colour as it is now. */
function resolve(element: HTMLElement, color: string): string {
  const before = element.style.color;
  element.style.color = color;
  const resolved = getComputedStyle(element).color;
  element.style.color = before;
  return resolved;
}
