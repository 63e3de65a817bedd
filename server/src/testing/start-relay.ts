import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { readRelayConfig } from '../config/read-config.ts';
import { buildRelay, type RelayOverrides } from '../relay/app.ts';
import { newFolder } from './start-app.ts';

export interface TestRelay {
  readonly app: FastifyInstance;
  /** Of its stream. */
  readonly url: string;
  readonly logs: string[];
  readiness(): Promise<{ code: number; body: { status: string; dataAgeMs: number | null; environments: object[] } }>;
}

export interface TestRelayOptions extends RelayOverrides {
  readonly keys: readonly string[];
  readonly dataDir?: string;
  readonly workers?: number;
}

/** Starts a relay whose upstream has its stream at `upstreamUrl`. */
export async function startRelay(
  upstreamUrl: string,
  { keys, dataDir = newFolder(), workers = 0, ...overrides }: TestRelayOptions,
): Promise<TestRelay> {
  const logs: string[] = [];
  const upstream = upstreamUrl.replace('ws:', 'http:').replace('/stream', '');
  const app = await buildRelay(
    { ...readRelayConfig({ flags: { upstream, key: keys } }), logLevel: 'debug', dataDir, workers },
    {
      checkResponses: true,
      logStream: { write: (line) => logs.push(line) },
      linkTiming: { backoffMinMs: 10, backoffMaxMs: 50 },
      ...overrides,
    },
  );
  onTestFinished(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/stream`;
  return {
    app,
    url,
    logs,
    async readiness() {
      const answer = await app.inject('/readyz');
      return { code: answer.statusCode, body: answer.json() };
    },
  };
}
