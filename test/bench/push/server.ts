import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { type ServerOptions, startServer, type TestServer } from '../../processes/server.ts';

/** A real server process, and a client for its API that holds one connection. */
export class Server {
  readonly url: string;
  readonly #process: TestServer;
  // One warm connection: connecting is not what is measured.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(process_: TestServer) {
    this.url = process_.url;
    this.#process = process_;
  }

  static async start(options?: ServerOptions): Promise<Server> {
    return new Server(await startServer(options));
  }

  /** Sends a request under `/api/v1` and gives back the parsed answer. Throws when it is not a 2xx. */
  async call<Answer>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Answer> {
    const sent = request(`${this.url}/api/v1${path}`, {
      method,
      agent: this.#agent,
      headers: {
        authorization: `Bearer ${this.#process.adminKey}`,
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
    await this.#process.remove();
  }
}
