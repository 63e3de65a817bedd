import type { Records } from './records.ts';
import { isMet, show, timesBehind } from './report.ts';
import type { Measurement } from './subject.ts';
import { toTable } from './to-table.ts';

interface Headline {
  readonly what: string;
  readonly subject: string;
  readonly case: string;
  readonly unit?: string;
}

/** The figures that stand in the README. */
const headlines: readonly Headline[] = [
  { what: 'one `isEnabled`: on/off flag', subject: 'evaluate', case: 'on/off', unit: 'ns/call' },
  { what: '50 % rollout', subject: 'evaluate', case: '50 % rollout', unit: 'ns/call' },
  { what: 'five rules on attributes, then 20 %', subject: 'evaluate', case: 'five rules, then 20 %', unit: 'ns/call' },
  { what: 'segment of 10 000 keys', subject: 'evaluate', case: 'segment of 10 000 keys', unit: 'ns/call' },
  { what: 'bytes allocated by five rules', subject: 'evaluate', case: 'five rules, then 20 %', unit: 'bytes/call' },
  {
    what: 'ready from a local file of 10 000 flags of five rules',
    subject: 'ready',
    case: '10 000 flags of five rules, local bytes to first answer',
  },
  { what: 'browser SDK, minified and gzipped', subject: 'size', case: 'client' },
  {
    what: 'OFREP, 100 flags: requests a second of one core',
    subject: 'ofrep',
    case: '100 flags, requests per second of the server’s CPU time',
  },
  {
    what: 'a toggle, request to `change` event in another process, median',
    subject: 'push',
    case: 'request sent to change event, p50',
  },
  { what: 'one change to 10 000 sockets, first to last', subject: 'fan-out', case: '10 000 sockets, first to last' },
  { what: 'memory of an idle connection', subject: 'fan-out', case: '10 000 sockets, memory of an idle connection' },
  {
    what: 'commit to the receipt of the last of 10 000 instances, median',
    subject: 'receipts',
    case: '10 000 instances, commit to last receipt, p50',
  },
  {
    what: 'a kill, to an SDK at another server, p99',
    subject: 'kills',
    case: 'the database up: until the SDK obeys, p99',
  },
  { what: 'the same with the database dead', subject: 'kills', case: 'the database dead: until the SDK obeys, p99' },
  {
    what: 'an alert received, to the receipt of the last of 100 instances, p99',
    subject: 'alert',
    case: '100 instances, alert received to last receipt, p99',
  },
  {
    what: 'half of the requests fail, by Prometheus and Alertmanager: off at the last of 100 instances, median',
    subject: 'prometheus',
    case: "50 % of the new side's requests fail: until off at the last instance, p50 of 10",
  },
  {
    what: 'the same without any alert, 1 000 calls a second: off everywhere',
    subject: 'detection',
    case: '1000 calls/s, 50 % of subjects, 0.1 % to 50 %: until off everywhere',
  },
  {
    what: 'a canary at HAProxy aborted, to the first answer of the baseline, p99',
    subject: 'traffic',
    case: 'haproxy, abort to first answer of the baseline, p99',
  },
  {
    what: 'the server that held the canary dies: until another holds it, longest',
    subject: 'takeover',
    case: 'SIGKILL: until the other server holds the release, longest of 4',
  },
  {
    what: 'a table of 1 000 000 rows migrated under load: answers wrong or lost',
    subject: 'migration',
    case: 'wrong or lost',
  },
  {
    what: 'a server with 10 000 instances dies (kill -9): until all are current, median',
    subject: 'storm',
    case: '10 000 instances, death to all current',
  },
  {
    what: 'search among 10 000 flags in the admin UI, p99',
    subject: 'ui',
    case: 'search among 10000 flags, one is found, p99',
  },
];

/** A table of the headlines, as Markdown. */
export function headlineTable(records: Records): string {
  const rows = headlines.map((headline) => {
    const line = records
      .get(headline.subject)
      ?.measurements.find((each) => each.case === headline.case && (headline.unit ?? each.unit) === each.unit);
    const figures = line === undefined ? ['not recorded', '', ''] : [withUnit(line), budgetOf(line), bestPeer(line)];
    return [headline.what, ...figures, `\`${headline.subject}\``];
  });
  return toTable([['what', 'Bunting', 'budget', 'best peer', '`npm run bench --`'], ...rows]);
}

const begin = '<!-- written by npm run bench -->';
const end = '<!-- up to here -->';

/** The README with its table of headlines written anew. */
export function putHeadlines(readme: string, records: Records): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the README lacks ${begin} and ${end}: put them where the table goes`);
  return `${before}${begin}\n\n${headlineTable(records)}\n\n${end}${after}`;
}

function withUnit({ ours, unit }: Measurement): string {
  return [show(ours), unit.replace('/call', '')].join(' ').trim();
}

function budgetOf(line: Measurement): string {
  if (line.budget === undefined) return '';
  return `${show(line.budget)} ${isMet(line) ? 'met' : '**MISSED**'}`;
}

/** `flagd-core 44.6 (2.1x)`: whoever comes closest, and how far behind. */
function bestPeer(line: Measurement): string {
  const peers = Object.entries(line.peers ?? {}).sort(([, a], [, b]) => (line.better === 'lower' ? a - b : b - a));
  const [best] = peers;
  return best === undefined ? '' : `${best[0]}: ${timesBehind(line, best[1])}`;
}
