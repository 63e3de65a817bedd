import { connect } from '@bunting/node';
import { nowMs } from './clock.ts';

/** An application's process: one SDK that says when its `change` event came and what the flag then was. */
export interface ChangeReply {
  readonly atMs: number;
  readonly isOn: boolean;
}

const [url = '', sdkKey = '', flagKey = ''] = process.argv.slice(2);
const flags = connect({ url, sdkKey });

flags.on('change', () => {
  // The clock first; then the answer, which must already be the new one.
  const atMs = nowMs();
  process.send?.({ atMs, isOn: flags.isEnabled(flagKey, { targetingKey: 'bench' }) } satisfies ChangeReply);
});
flags.on('ready', () => process.send?.('ready'));
process.on('disconnect', async () => {
  await flags.close();
  process.exit();
});
