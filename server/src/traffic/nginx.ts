import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BUCKET_COUNT } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import { askTarget, problemsOfUrl } from './answer.ts';
import { bucketPattern } from './bucket-pattern.ts';
import { type Means, trafficKind } from './kind.ts';
import { readIfThere, replaceFile } from './replace-file.ts';
import {
  refuseStale,
  type TrafficCapabilities,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from './traffic-target.ts';

const path = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });
const Settings = Type.Object(
  {
    include: path('The file that its configuration includes and Bunting writes'),
    config: path('Its main configuration, as `nginx -c` takes it'),
    status: path('The URL of the location that answers with the header Bunting-Revision'),
    shadow: Type.Optional(Type.Boolean({ description: 'Its configuration mirrors requests as $bunting_shadow says' })),
  },
  { additionalProperties: false },
);
type Settings = Static<typeof Settings>;

/** To test a large configuration, resolve its names and start new workers takes a while. */
const APPLY_TIMEOUT_MS = 30_000;
/** Workers of before go on taking connections for a moment: so often in a row the new ones have to answer. */
const ANSWERS_IN_A_ROW = 3;
const SETTLE_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 20;
/** So often it is asked at most before it is believed that NGINX does something else than its file says. */
const MAX_ASKED = 25;

const execute = promisify(execFile);

/** An include that NGINX takes at a reload: deploy/nginx has the configuration around it. */
export const nginx = trafficKind({
  kind: 'nginx',
  settings: Settings,
  check(settings, means) {
    const paths = (['include', 'config'] as const).flatMap((name) => {
      const message = means.paths.problemOf(settings[name]);
      return message === undefined ? [] : [{ path: name, message }];
    });
    return [...paths, ...problemsOfUrl('status', settings.status, means)];
  },
  open: (settings, _secrets, means) => new NginxInclude(settings, means),
});

/** What an include says: `<fence>.<candidate>.<shadow>`, shares in 1/100 000. */
interface Revision {
  readonly fence: number;
  readonly candidate: number;
  readonly shadow: number;
}

class NginxInclude implements TrafficTarget {
  readonly capabilities: TrafficCapabilities;
  readonly applyTimeoutMs = APPLY_TIMEOUT_MS;
  readonly #settings: Settings;
  readonly #means: Means;

  constructor(settings: Settings, means: Means) {
    this.#settings = settings;
    this.#means = means;
    this.capabilities = {
      // A connection that is open may be answered once more by a worker of before the reload.
      ...{ atomic: false, sticky: true, lease: false, drain: true, shadow: settings.shadow === true, fenced: true },
      granularityPer100k: 1,
    };
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const kept = parseInclude(await readIfThere(this.#means.paths, this.#settings.include));
    let inForce = await this.#inForce(signal);
    // A worker that is on its way out after a reload may still take a connection: what it says is over.
    for (let asked = 1; asked < MAX_ASKED && !isSame(inForce, kept); asked++) {
      await wait(LOOK_EVERY_MS);
      inForce = await this.#inForce(signal);
    }
    const observed = { candidatePer100k: inForce.candidate, shadowPer100k: inForce.shadow, fence: inForce.fence };
    if (isSame(inForce, kept)) return observed;
    const problem = `NGINX does not do what ${this.#settings.include} says: set the weight anew, or reload NGINX.`;
    return { ...observed, problem };
  }

  async apply(
    { candidatePer100k: candidate, shadowPer100k: shadow = 0 }: TrafficDesired,
    fence: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { paths } = this.#means;
    const { include } = this.#settings;
    const before = await readIfThere(paths, include);
    const kept = parseInclude(before);
    if (before !== undefined && kept === undefined) {
      throw new TrafficError(
        'refused',
        `The file ${include} is not one that Bunting wrote: take that of deploy/nginx.`,
      );
    }
    refuseStale(fence, kept?.fence);
    const wanted = { fence, candidate, shadow };
    if (kept === undefined || format(kept) !== format(wanted)) {
      await replaceFile(paths, include, toInclude(wanted));
    } else if (
      await this.#inForce(signal).then(
        (seen) => format(seen) === format(wanted),
        () => false,
      )
    )
      return;
    try {
      await this.#run(['-t', '-q'], signal);
    } catch (error) {
      // Others may reload NGINX, too: what it refuses must not lie there.
      const isOurs = (await readIfThere(paths, include)) === toInclude(wanted);
      if (before !== undefined && isOurs) await replaceFile(paths, include, before);
      throw error;
    }
    await this.#run(['-s', 'reload'], signal);
    await this.#settle(wanted, signal);
  }

  async close(): Promise<void> {}

  async #inForce(signal: AbortSignal): Promise<Revision> {
    const { status: url } = this.#settings;
    const { headers } = await askTarget(this.#means, { url, method: 'GET', headers: {} }, signal);
    const revision = parse(String(headers['bunting-revision']));
    if (revision !== undefined) return revision;
    throw new TrafficError(
      'refused',
      `${url} answers without a header Bunting-Revision: add the location of deploy/nginx.`,
    );
  }

  async #settle(wanted: Revision, signal: AbortSignal): Promise<void> {
    const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS;
    for (let inARow = 0; inARow < ANSWERS_IN_A_ROW; ) {
      const isThere = format(await this.#inForce(signal)) === format(wanted);
      inARow = isThere ? inARow + 1 : 0;
      if (isThere) continue;
      if (performance.now() > deadlineMs) {
        throw new TrafficError('unreachable', 'NGINX was told to reload and answers as before: see its error log.');
      }
      // Who gave up is told by the next question.
      await wait(LOOK_EVERY_MS);
    }
  }

  /** @throws {TrafficError} with what NGINX says */
  async #run(args: readonly string[], signal: AbortSignal): Promise<void> {
    const { paths, nginx: program } = this.#means;
    const config = await paths.resolve(this.#settings.config);
    try {
      await execute(program, ['-e', 'stderr', '-c', config, ...args], { signal });
    } catch (cause) {
      const { code, stderr, message } = cause as Error & { code?: unknown; stderr?: string };
      if (code === 'ENOENT') {
        throw new TrafficError(
          'refused',
          `There is no program ${program} on this server: set BUNTING_TRAFFIC_NGINX to where NGINX is.`,
          { cause },
        );
      }
      signal.throwIfAborted();
      const said = (stderr ?? '').trim() || message;
      throw new TrafficError('refused', `\`nginx ${args.join(' ')}\` failed: ${said.slice(0, 500)}`, { cause });
    }
  }
}

const FIRST_LINE = '# Written by Bunting: what is changed here is lost.';

function toInclude(revision: Revision): string {
  // `default` comes last for people; NGINX takes it from anywhere. Nobody is no pattern at all.
  const map = (from: string, to: string, pattern: string | undefined, value: string, other: string) =>
    `map ${from} ${to} {\n${pattern === undefined ? '' : `  "~${pattern}" ${value};\n`}  default ${other};\n}\n`;
  return [
    `${FIRST_LINE}\n`,
    map('$bunting_bucket', '$bunting_side', bucketPattern(revision.candidate), 'candidate', 'baseline'),
    map('$bunting_draw', '$bunting_shadow', bucketPattern(revision.shadow), '1', '0'),
    `map $request_method $bunting_revision {\n  default "${format(revision)}";\n}\n`,
  ].join('');
}

/** Undefined: there is none, or it is someone else's. */
function parseInclude(text: string | undefined): Revision | undefined {
  const revision = parse(/\$bunting_revision \{\n {2}default "([0-9.]+)"/.exec(text ?? '')?.[1] ?? '');
  return revision !== undefined && toInclude(revision) === text ? revision : undefined;
}

function isSame(one: Revision, other: Revision | undefined): boolean {
  return other !== undefined && format(one) === format(other);
}

function format({ fence, candidate, shadow }: Revision): string {
  return `${fence}.${candidate}.${shadow}`;
}

function parse(text: string): Revision | undefined {
  if (!/^\d{1,15}\.\d{1,6}\.\d{1,6}$/.test(text)) return undefined;
  const [fence = 0, candidate = 0, shadow = 0] = text.split('.').map(Number);
  return candidate <= BUCKET_COUNT && shadow <= BUCKET_COUNT ? { fence, candidate, shadow } : undefined;
}
