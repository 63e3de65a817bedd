import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianProgram, findProgram } from '../../tools/debian.ts';
import { root } from '../../tools/steps.ts';
import { type DebianService, startDebianService } from './debian-service.ts';
import { makeTempFolder } from './temp-folder.ts';

/** A real Prometheus and a real Alertmanager, with the rules and the route that `deploy/` ships. */
export interface Alerting {
  readonly prometheus: DebianService;
  readonly alertmanager: DebianService;
  /** What a PromQL expression is now: the values by their labels. */
  query(expression: string): Promise<{ readonly labels: Record<string, string>; readonly value: number }[]>;
  remove(): Promise<void>;
}

export interface AlertingOptions {
  /** Where alerts are posted, such as `http://127.0.0.1:4242/signals/alertmanager`. */
  readonly signalsUrl: string;
  readonly secret: string;
  /** `host:port` of what has metrics, by job. */
  readonly targets: Readonly<Record<string, string>>;
}

const SHIPPED_URL = 'http://127.0.0.1:4242/signals/alertmanager';
const SHIPPED_SECRET = '/etc/alertmanager/bunting-secret';

export interface AlertingPrograms {
  readonly prometheus: DebianProgram;
  readonly alertmanager: DebianProgram;
}

/** @throws where they are not to be had */
export async function findAlertingPrograms(): Promise<AlertingPrograms> {
  return { prometheus: await findProgram('prometheus'), alertmanager: await findProgram('alertmanager') };
}

export async function startAlerting(
  programs: AlertingPrograms,
  { signalsUrl, secret, targets }: AlertingOptions,
): Promise<Alerting> {
  const folder = makeTempFolder();
  const inFolder = (name: string) => join(folder.path, name);
  const secretFile = inFolder('secret');
  writeFileSync(secretFile, secret, { mode: 0o600 });
  const route = readFileSync(join(root, 'deploy/alertmanager/alertmanager.yml'), 'utf8');
  writeFileSync(
    inFolder('alertmanager.yml'),
    replaced(replaced(route, SHIPPED_URL, signalsUrl), SHIPPED_SECRET, secretFile),
  );
  mkdirSync(inFolder('alertmanager'));
  const alertmanager = await startDebianService(
    'alertmanager',
    programs.alertmanager,
    [
      `--config.file=${inFolder('alertmanager.yml')}`,
      `--storage.path=${inFolder('alertmanager')}`,
      // It talks to no other.
      '--cluster.listen-address=',
    ],
    inFolder('alertmanager.log'),
  );
  writeFileSync(inFolder('prometheus.yml'), JSON.stringify(prometheusConfig(new URL(alertmanager.url).host, targets)));
  const prometheus = await startDebianService(
    'prometheus',
    programs.prometheus,
    [`--config.file=${inFolder('prometheus.yml')}`, `--storage.tsdb.path=${inFolder('prometheus')}`],
    inFolder('prometheus.log'),
  );
  return {
    prometheus,
    alertmanager,
    async query(expression) {
      const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      // While it starts.
      if (answer.status === 503) return [];
      const { data } = (await answer.json()) as {
        data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return (data?.result ?? []).map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async remove() {
      await Promise.all([prometheus.stop(), alertmanager.stop()]);
      folder.remove();
    },
  };
}

/** YAML takes JSON. */
function prometheusConfig(alertmanager: string, targets: AlertingOptions['targets']): object {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['bunting', 'application'].map((name) => join(root, `deploy/prometheus/${name}.rules.yml`)),
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  };
}

function replaced(text: string, what: string, by: string): string {
  if (!text.includes(what)) throw new Error(`deploy/alertmanager/alertmanager.yml does not have ${what} any more`);
  return text.replace(what, by);
}
