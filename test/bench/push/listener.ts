import { connect } from '@bunting/node';
import { nowMs } from '../../processes/clock.ts';
import type { Change } from './application.ts';

/** The application's process: one SDK that says when its `change` event came and what the flag then was. */
export type ListenerMessage = { readonly type: 'ready' } | ({ readonly type: 'change' } & Change);

const [url = '', sdkKey = '', flagKey = ''] = process.argv.slice(2);
const flags = connect({ url, sdkKey });

flags.on('change', () => {
  // The clock first; then the answer, which must already be the new one.
  const atMs = nowMs();
  tell({ type: 'change', atMs, isOn: flags.isEnabled(flagKey, { targetingKey: 'bench' }) });
});
const { state } = await flags.ready();
if (state === 'live') tell({ type: 'ready' });

process.on('disconnect', async () => {
  await flags.close();
  process.exit();
});

function tell(message: ListenerMessage): void {
  process.send?.(message);
}
