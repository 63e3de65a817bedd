/** An answer of the HTTP API. Its body is whatever the server sent; `undefined` when that was nothing. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The public HTTP API, called with an admin key. */
export class Api {
  readonly #serverUrl: string;
  readonly #adminKey: string;

  constructor(serverUrl: string, adminKey: string) {
    this.#serverUrl = serverUrl;
    this.#adminKey = adminKey;
  }

  /** Any request under `/api/v1`, whatever it answers. A body of type string is sent as it is. */
  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#serverUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : parse(text) };
  }

  /** A request that must succeed. The caller says what the answer's body is; throws with the server's own words. */
  async call<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.request(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body as Body;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
