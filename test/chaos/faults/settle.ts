import { isDeepStrictEqual } from 'node:util';
import { askCollectedGauge } from '../../processes/ask-gauge.ts';
import { readReceipts } from '../../processes/flags.ts';
import { waitFor } from '../../processes/wait.ts';
import { allKeys } from '../edited-flags.ts';
import { freshAnswers, readStored } from '../fresh-answers.ts';
import type { Estate } from './estate.ts';
import { watchedKeys } from './watched-flags.ts';

/** Half-open connections are noticed after 45 s, and a try to reconnect may be 30 s away. */
export const SETTLE_MS = 150_000;

/** Every server, the relay and every instance come to the same content, and answer as it is freshly evaluated. */
export async function expectConverged({ apis, applications, relay }: Estate): Promise<number> {
  let differs: unknown;
  let revision = 0;
  await waitFor(
    'servers, relay and instances to be alike',
    async () => {
      const [stored, ...others] = await Promise.all(apis.map(readStored));
      if (stored === undefined) return false;
      const different = others.find((other) => !isDeepStrictEqual(other, stored));
      revision = stored.revision.number;
      const answers = freshAnswers(stored, [...allKeys, ...watchedKeys]);
      const states = (await Promise.all(applications.map((application) => application.states()))).flat();
      const wrong = states.filter(
        (one) => one.state !== 'live' || !isDeepStrictEqual([one.revision, one.answers], [stored.revision, answers]),
      );
      const ready = (await (await fetch(`${relay.program.url}/readyz`)).json()) as {
        readonly status: string;
        readonly environments: readonly { readonly revision: number | null }[];
      };
      const isRelayWrong = ready.status !== 'ready' || ready.environments[0]?.revision !== revision;
      differs = {
        revision: stored.revision,
        ...(different && { server: different.revision }),
        ...(isRelayWrong && { relay: ready }),
        instances: wrong.map((one) => ({
          ...{ instance: one.instance, state: one.state, revision: one.revision?.number },
          flags: Object.keys(answers).filter((key) => one.answers[key] !== answers[key]),
        })),
      };
      return different === undefined && !isRelayWrong && wrong.length === 0;
    },
    SETTLE_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(differs)}`);
  });
  const instances = applications.reduce((sum, { plan }) => sum + plan.instances, 0);
  let last: unknown;
  await waitFor(
    'the receipts of all instances',
    async () => {
      const receipts = await readReceipts(apis[0]);
      last = receipts;
      return receipts.confirmed === instances && receipts.pending === 0 && receipts.broken === 0;
    },
    SETTLE_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`);
  });
  return revision;
}

/** Open files and sockets of all processes of each kind. */
export async function countDescriptors({ servers, relay, applications }: Estate): Promise<Record<string, number>> {
  const programs = await Promise.all([...servers, relay].map(({ program }) => askCollectedGauge(program.child)));
  const own = await Promise.all(applications.map((application) => application.gauge()));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    'servers and relay': sum(programs.map(({ descriptors }) => descriptors)),
    applications: sum(own.map((gauge) => gauge?.descriptors ?? 0)),
  };
}
