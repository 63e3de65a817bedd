import type { Sheet } from './sheet.ts';

interface Panel {
  readonly title: string;
  /** Of columns: one line for each process that has one, or for the column itself. */
  readonly ending: string;
}

const PANELS: readonly Panel[] = [
  { title: 'Heap after a collection, MB', ending: 'heap MB' },
  { title: 'Resident memory, MB', ending: 'resident MB' },
  { title: 'Open files and sockets', ending: 'descriptors' },
  { title: 'Event loop, p99 of the interval, ms', ending: 'delay p99 ms' },
  { title: 'Processor, % of a core', ending: 'cpu %' },
  { title: 'Database, MB', ending: 'database MB' },
];
const COLOURS = ['#0b6e4f', '#c8553d', '#3d5a98', '#8a8d91', '#a6a9ad', '#c3c5c8', '#dcdddf'];
const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [420, 170, 44, 26, 26];

/** Panels over time, as a picture that stands by itself (SVG). @param about what runs, in a line */
export function plot(sheet: Sheet, about: string): string {
  const [width, height] = [2 * (WIDTH + GAP) + GAP, 3 * (HEIGHT + TOP + GAP) + 76];
  const panels = PANELS.map((panel, at) => {
    const [x, y] = [GAP + (at % 2) * (WIDTH + GAP), 72 + Math.floor(at / 2) * (HEIGHT + TOP + GAP)];
    return `<g transform="translate(${x} ${y})">${drawPanel(sheet, panel)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="#333">`,
    `<title>Soak: ${escapeText(about)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${GAP}" y="24" font-size="15" font-weight="600">Soak</text>`,
    `<text x="${GAP}" y="40">${escapeText(about)}</text>`,
    `<g transform="translate(${GAP} 58)">${drawLegend(sheet)}</g>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function drawLegend(sheet: Sheet): string {
  return sheet
    .processesWith('heap MB')
    .map((name, at) => {
      const x = at * 90;
      return `<path d="M${x} -4h18" stroke="${colour(at)}" stroke-width="2"/><text x="${x + 24}">${escapeText(name)}</text>`;
    })
    .join('');
}

function drawPanel(sheet: Sheet, { title, ending }: Panel): string {
  const processes = sheet.processesWith(ending);
  const lines = processes.length > 0 ? processes.map((name) => `${name} ${ending}`) : [ending];
  const seconds = sheet.column('seconds');
  const [fromS, toS] = [seconds[0] ?? 0, seconds.at(-1) ?? 1];
  const top = ceiling(Math.max(...lines.flatMap((name) => sheet.column(name))));
  const x = (second: number) => LEFT + ((second - fromS) / Math.max(1, toS - fromS)) * (WIDTH - LEFT);
  const y = (value: number) => TOP + HEIGHT - (value / top) * HEIGHT;
  const grid = [0, 0.5, 1].map((part) => {
    const at = y(top * part).toFixed(1);
    return `<path d="M${LEFT} ${at}H${WIDTH}" stroke="#e4e4e4"/><text x="${LEFT - 6}" y="${at}" dy="3.5" text-anchor="end">${top * part}</text>`;
  });
  const paths = lines.map((name, at) => {
    const points = sheet.column(name).map((value, row) => `${x(seconds[row] ?? 0).toFixed(1)} ${y(value).toFixed(1)}`);
    return `<path d="M${points.join('L')}" fill="none" stroke="${colour(at)}" stroke-width="1.3"/>`;
  });
  const under = TOP + HEIGHT + 15;
  return [
    `<text x="0" y="12" font-weight="600">${escapeText(title)}</text>`,
    ...grid,
    // The first processes are what is of interest: they are drawn last.
    ...paths.toReversed(),
    `<text x="${LEFT}" y="${under}">${describe(fromS)}</text>`,
    `<text x="${WIDTH}" y="${under}" text-anchor="end">${describe(toS)}</text>`,
  ].join('');
}

/** The next round number, whose half reads well. */
function ceiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 6, 8, 10].find((times) => times * power >= value) ?? 10) * power;
}

function describe(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function colour(at: number): string {
  return COLOURS[at % COLOURS.length] ?? '#000';
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
