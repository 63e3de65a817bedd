import type { FastifyInstance, InjectOptions } from 'fastify';
import { type Answer, toAnswer } from './start-app.ts';

/** Calls the API as a page of the server does: with its cookie and its origin. */
export class Browser {
  readonly #app: FastifyInstance;
  cookie: string | undefined;

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  async call(
    method: InjectOptions['method'],
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await this.#app.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as InjectOptions['payload'] }),
    });
    const set = response.cookies.find(({ name }) => name.endsWith('bunting_session'));
    if (set !== undefined) this.cookie = set.value === '' ? undefined : `${set.name}=${set.value}`;
    return toAnswer(response);
  }
}

export const OWNER = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };

/** A browser in which the owner has just been made and is signed in. */
export async function signedIn(app: FastifyInstance): Promise<Browser> {
  const browser = new Browser(app);
  const { status } = await browser.call('POST', '/setup', { ...OWNER, token: app.bunting.setupToken });
  if (status !== 201) throw new Error(`setup answered ${status}`);
  return browser;
}
