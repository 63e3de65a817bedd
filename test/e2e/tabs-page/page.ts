import { connect } from '@bunting/browser';
import { shareTabs } from '@bunting/browser/tabs';

/** A page that shows one flag, and shares its connection with other tabs. */
const { url, clientKey } = JSON.parse(document.getElementById('settings')?.textContent ?? '{}');
const flags = connect({
  url,
  clientKey,
  context: { targetingKey: 'ann' },
  app: 'tabs-page',
  cache: false,
  socket: shareTabs(),
});
const show = () => {
  document.title = `${flags.state} ${flags.isEnabled('shared') ? 'on' : 'off'}`;
};
flags.on('ready', show);
flags.on('change', show);
flags.on('stale', show);
