import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, Api } from '../../../tools/demo-api.ts';

const PATIENCE_MS = 60_000;
const AGAIN_MS = 250;

/**
 * Asks again what is only read: a connection to the database that fell silent is noticed by who needs it next, who is told
 * to try again (503).
 */
export class PatientApi extends Api {
  override async request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const untilMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await super.request(method, path, body, headers);
      if (method !== 'GET' || answer.status !== 503 || performance.now() > untilMs) return answer;
      await sleep(AGAIN_MS);
    }
  }
}
