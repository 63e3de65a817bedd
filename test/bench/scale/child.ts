import { groups } from './groups.ts';

/** A fresh process for one group of figures, so that no group measures what another one left behind. */
const [name = '', quick = ''] = process.argv.slice(2);
const group = groups[name];
if (!group) throw new Error(`there is no group "${name}"`);
process.send?.(group(quick === 'quick'));
process.disconnect();
