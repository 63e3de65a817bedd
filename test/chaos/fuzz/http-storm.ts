import fc from 'fast-check';
import type { Api } from '../../../tools/demo-api.ts';
import type { Callers } from './callers.ts';
import { toCurl } from './curl.ts';
import type { ApiDocument, Operation } from './document.ts';
import { type Finding, tell } from './finding.ts';
import { isTooSlow, judge } from './judge.ts';
import { Pool } from './pool.ts';
import { type FuzzRequest, Requests } from './requests.ts';
import { type FuzzAnswer, Sender } from './send.ts';
import { type SignalSource, withoutSecret } from './signals.ts';

/** So many requests are made before what there is in the scene is looked up anew. */
const REQUESTS_A_ROUND = 10_000;
/** Of one run of fast-check: after a failure the next one begins. */
const REQUESTS_A_RUN = 100;
/** So long a failing request is made smaller, in milliseconds. */
const SHRINK_MS = 15_000;

export interface StormOptions {
  readonly url: string;
  /** May do everything. */
  readonly api: Api;
  readonly document: ApiDocument;
  readonly callers: Callers;
  readonly projects: readonly string[];
  /** Whose signals are taken. */
  readonly sources: readonly SignalSource[];
  /** What nobody without a grant in the other project may see. */
  readonly mark: string;
  readonly seed: number;
  /** Requests under way at once. */
  readonly lanes: number;
  /** Makes again what requests may have removed; before each round. */
  readonly refresh: () => Promise<void>;
}

/** Sends requests made from the OpenAPI document, and judges the answers. */
export class HttpStorm {
  readonly findings: Finding[] = [];
  /** Answers by status; 0: those that were not waited for. */
  readonly statuses = new Map<number, number>();
  /** Operations by name, each with how many answers were below 300. */
  readonly done = new Map<string, number>();
  /** Request ids of what was refused: none of them may have left anything behind. */
  readonly refused = new Set<string>();
  /** Request ids of what could not be done at the time (503), as documented. The log tells why. */
  readonly unavailable = new Set<string>();
  /** What took longest, in milliseconds. */
  longest = { tookMs: 0, name: '' };
  sent = 0;
  /** Requests that took too long once, but not when they were sent again. */
  stalled = 0;
  readonly #options: StormOptions;
  readonly #sender: Sender;
  readonly #known = new Set<string>();

  constructor(options: StormOptions) {
    this.#options = options;
    this.#sender = new Sender(options.url, options.lanes);
  }

  /** @param powerless only callers who may do nothing: then nothing is made again, as nothing was removed */
  async run(count: number, { powerless = false } = {}): Promise<void> {
    const { api, callers, document, lanes, projects, refresh, seed, sources } = this.#options;
    const those = powerless ? callers.all.filter(({ isPowerless }) => isPowerless) : callers.all;
    const end = this.sent + count;
    for (let round = 0; this.sent < end; round++) {
      if (!powerless) await refresh();
      const pool = await Pool.fill(api, document.operations, projects, callers.spared);
      const requests = new Requests(document, {
        callers: those,
        pool,
        sources: powerless ? sources.map(withoutSecret) : sources,
      });
      const roundEnd = Math.min(end, this.sent + REQUESTS_A_ROUND);
      const lane = async (number: number) => {
        for (let run = 0; this.sent < roundEnd; run++) {
          const numRuns = Math.min(REQUESTS_A_RUN, Math.max(1, Math.ceil((roundEnd - this.sent) / lanes)));
          await this.#check(requests, numRuns, mix(seed, round, number, run));
        }
      };
      await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
    }
  }

  /** Ends its connections; further requests open others. */
  rest(): void {
    this.#sender.rest();
  }

  close(): void {
    this.#sender.rest();
  }

  /** In one line: how many requests were answered how, and of how many operations some were done. */
  summary(): string {
    const statuses = [...this.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    const operations = this.#options.document.operations.filter(({ path }) => !path.startsWith('/internal/'));
    return [
      `${this.sent} requests, ${statuses.join(', ')}`,
      `${this.done.size} of ${operations.length} operations done`,
      `${this.stalled} stalled, longest ${Math.round(this.longest.tookMs)} ms (${this.longest.name})`,
    ].join('; ');
  }

  async #check(requests: Requests, numRuns: number, seed: number): Promise<void> {
    const property = fc.asyncProperty(requests.any(), async (request) => {
      const problem = await this.#send(request);
      if (problem === undefined || this.#known.has(keyOf(request, problem))) return;
      throw new Error(problem);
    });
    const outcome = await fc.check(property, { seed, numRuns, interruptAfterTimeLimit: SHRINK_MS + numRuns * 200 });
    const request = outcome.counterexample?.[0];
    if (!outcome.failed || request === undefined) return;
    const problem = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : 'failed';
    if (this.#known.has(keyOf(request, problem))) return;
    this.#known.add(keyOf(request, problem));
    const finding = { problem, operation: nameOf(request.operation), caller: request.caller.name, seed };
    this.#add({ ...finding, repeat: toCurl(this.#options.url, request) });
  }

  /** A machine that does other things may stall any request: one that is slow by itself is slow again. */
  async #sendPatiently(request: FuzzRequest, id: string): Promise<FuzzAnswer | undefined> {
    const answer = await this.#sender.send(request, id);
    if (answer === undefined || !isTooSlow(request.operation, answer.tookMs)) return answer;
    this.stalled++;
    return (await this.#sender.send(request, id)) ?? answer;
  }

  #add(finding: Finding): void {
    tell(finding);
    this.findings.push(finding);
  }

  async #send(request: FuzzRequest): Promise<string | undefined> {
    const id = `fuzz-${++this.sent}`;
    const { document, mark } = this.#options;
    try {
      const answer = await this.#sendPatiently(request, id);
      const status = answer?.status ?? 0;
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      if (answer === undefined) return undefined;
      if (status >= 400 && status < 500) this.refused.add(id);
      if (status === 503) this.unavailable.add(id);
      const name = nameOf(request.operation);
      if (answer.tookMs > this.longest.tookMs) this.longest = { tookMs: answer.tookMs, name };
      if (status < 300) this.done.set(name, (this.done.get(name) ?? 0) + 1);
      return judge(document, { request, answer, mark });
    } catch (error) {
      return `was not answered: ${(error as Error).message}`;
    }
  }
}

/** The same problem is one finding, wherever it is; what a schema says or what was slow, in each operation. */
function keyOf({ operation }: FuzzRequest, problem: string): string {
  const what = problem.replace(/\d+|"requestId.*/g, '').slice(0, 100);
  return /^(is an error|was not)/.test(problem) ? what : `${nameOf(operation)} ${what}`;
}

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function mix(...numbers: number[]): number {
  return numbers.reduce((hash, number) => Math.imul(hash ^ number, 0x01000193) + 0x9e3779b9, 0x811c9dc5) | 0;
}
