import { connect } from '@bunting/browser';
import { askWithoutPause } from '../answer-loop.ts';
import type { InPage, PageSettings } from '../page-witness.ts';

/** A page that asks its flags without a pause, and can be asked itself: `window.witness`. */
const { url, clientKey, context, keys, growing }: PageSettings = JSON.parse(
  document.getElementById('settings')?.textContent ?? '{}',
);
const flags = connect({ url, clientKey, context, app: 'page-witness', cache: false });

const ready = flags.ready({ timeoutMs: 20_000 }).then(({ state, error }) => {
  if (state !== 'live') throw new Error(`the page is ${state} at the start (${error?.message})`);
  return askWithoutPause(flags, growing);
});

const witness: InPage['witness'] = {
  start: async () => void (await ready),
  testify: async () => {
    const { answers, faults } = await ready;
    const values = keys.map((key) => [key, flags.getNumberValue(key, Number.NaN)]);
    return { answers, faults, state: flags.state, values: Object.fromEntries(values) };
  },
};
Object.assign(globalThis, { witness });
