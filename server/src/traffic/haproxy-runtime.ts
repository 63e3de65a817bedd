import { connect, type NetConnectOpts } from 'node:net';
import { Type } from '@sinclair/typebox';
import { checkedLookup, checkUrl, EgressRefused } from '../egress/send.ts';
import type { Problem } from '../http/api-error.ts';
import type { Means } from './kind.ts';
import { TrafficError } from './traffic-target.ts';

/** A name that cannot end a command and begin another. */
export const HaproxyName = Type.String({
  pattern: '^[A-Za-z0-9_.:/@-]{1,500}$',
  description: 'letters, digits and _ . : / @ -',
});

export const RuntimeAddress = Type.String({
  pattern: '^(/[^\\s]{1,500}|[^\\s/:]{1,253}:\\d{1,5}|\\[[0-9A-Fa-f:.]+\\]:\\d{1,5})$',
  description: "HAProxy's runtime API: the absolute path of its socket, or host:port",
});

const TIMEOUT_MS = 2_000;
const MAX_ANSWER_CHARS = 4_000_000;

/** What is wrong with where the runtime API is said to be. */
export function checkRuntime(address: string, { policy, paths }: Means): Problem[] {
  if (address.startsWith('/')) {
    const message = paths.problemOf(address);
    return message === undefined ? [] : [{ path: 'runtime', message }];
  }
  try {
    // It is not encrypted and asks for no password, as plain HTTP.
    checkUrl(policy, `http://${address}`);
    return [];
  } catch (error) {
    if (!(error instanceof EgressRefused)) throw error;
    return [{ path: 'runtime', message: error.message }];
  }
}

/** HAProxy's runtime API: one connection for each command. */
export class HaproxyRuntime {
  readonly #address: string;
  readonly #means: Means;

  constructor(address: string, means: Means) {
    this.#address = address;
    this.#means = means;
  }

  /** @returns what it answers @throws {TrafficError} `unreachable`, or `refused` when it may not be reached */
  async ask(command: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#send(command, signal);
    // What is refused is told in a sentence: there are no codes.
    if (/^(Permission denied|Unknown command|Unknown map|Can't find|No such)/m.test(answer))
      throw refused(command, answer);
    return answer;
  }

  /** Does something that is answered by nothing where it worked. @throws {TrafficError} */
  async tell(command: string, signal: AbortSignal): Promise<void> {
    const answer = await this.#send(command, signal);
    if (answer.trim() !== '') throw refused(command, answer);
  }

  async #send(command: string, signal: AbortSignal): Promise<string> {
    const options = await this.#options();
    return new Promise((resolve, reject) => {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const socket = connect(options);
      let answer = '';
      const fail = (why: string) => {
        socket.destroy();
        reject(new TrafficError('unreachable', `HAProxy's runtime API at ${this.#address} ${why}.`));
      };
      const onAbort = () =>
        fail(`gave no answer within ${TIMEOUT_MS} ms; is it a "stats socket" of a running HAProxy?`);
      if (deadline.aborted) return onAbort();
      deadline.addEventListener('abort', onAbort, { once: true });
      socket.setEncoding('utf8');
      socket.on('data', (chunk) => {
        answer += chunk;
        if (answer.length > MAX_ANSWER_CHARS) fail('sends more than any answer has; is it something else?');
      });
      socket.on('error', (error) =>
        fail(`cannot be reached (${error.message}); check that HAProxy runs, and the address`),
      );
      socket.on('close', () => {
        deadline.removeEventListener('abort', onAbort);
        resolve(answer);
      });
      socket.write(`${command}\n`);
    });
  }

  async #options(): Promise<NetConnectOpts> {
    const { policy, paths } = this.#means;
    const [problem] = checkRuntime(this.#address, this.#means);
    if (problem !== undefined) throw new TrafficError('refused', `The runtime API's address ${problem.message}.`);
    if (this.#address.startsWith('/')) return { path: await paths.resolve(this.#address) };
    const { hostname, port } = new URL(`http://${this.#address}`);
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), lookup: checkedLookup(policy) };
  }
}

function refused(command: string, answer: string): TrafficError {
  const [said = ''] = answer.trim().split('\n');
  return new TrafficError(
    'refused',
    `HAProxy answered "${command.split('\n')[0]}" with "${said.slice(0, 300)}": its socket needs "level admin", and what is named must be in its configuration.`,
  );
}
