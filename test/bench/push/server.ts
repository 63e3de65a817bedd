import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = join(import.meta.dirname, '../../../server/dist/main.js');
const startTimeoutMs = 30_000;

/** A real server process on a free port, its data in `folder`, and a client for its API. */
export class Server {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #adminKey: string;
  // One warm connection: connecting is not what is measured.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(url: string, process_: ChildProcess, adminKey: string) {
    this.url = url;
    this.#process = process_;
    this.#adminKey = adminKey;
  }

  static async start(folder: string): Promise<Server> {
    const adminKey = `bnt_adm_${randomBytes(32).toString('base64url')}`;
    const child = spawn(
      process.execPath,
      [program, 'serve', '--data-dir', folder, '--port', '0', '--log-level', 'warn'],
      {
        env: { ...process.env, BUNTING_BOOTSTRAP_ADMIN_KEY: adminKey },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const lines = createInterface({ input: child.stdout });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        lines.on('line', (line) => {
          const match = /listening on (http\S+)/.exec(line);
          if (match?.[1]) resolve(match[1]);
        });
        child.on('error', reject);
        child.on('exit', (code) => reject(new Error(`the server ended (${code}) before it listened`)));
        setTimeout(() => reject(new Error('the server did not listen within 30 s')), startTimeoutMs).unref();
      });
      return new Server(url, child, adminKey);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Sends a request under `/api/v1` and gives back the parsed answer. Throws when it is not a 2xx. */
  async call<Answer>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Answer> {
    const sent = request(`${this.url}/api/v1${path}`, {
      method,
      agent: this.#agent,
      headers: {
        authorization: `Bearer ${this.#adminKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(sent, 'response');
    let text = '';
    response.setEncoding('utf8');
    for await (const chunk of response) text += chunk;
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    return JSON.parse(text);
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const insist = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(insist);
  }
}
