import { connect } from '@bunting/browser';
import { fallBack } from '@bunting/browser/fallback';
import { shareTabs } from '@bunting/browser/tabs';

/** A page that shows one flag, shared among tabs, and falls back where WebSockets are cut. */
const { url, clientKey } = JSON.parse(document.getElementById('settings')?.textContent ?? '{}');
const flags = connect({
  url,
  clientKey,
  context: { targetingKey: 'ann' },
  app: 'fallback-page',
  cache: false,
  socket: shareTabs(fallBack()),
});
const show = () => {
  document.title = `${flags.state} ${flags.isEnabled('shared') ? 'on' : 'off'}`;
};
flags.on('ready', show);
flags.on('change', show);
flags.on('stale', show);
