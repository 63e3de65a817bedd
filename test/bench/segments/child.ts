import { measureInProcess } from './in-process.ts';

/** A fresh process, so that no other figure's leftovers are weighed. */
process.send?.(measureInProcess(process.argv[2] === 'quick'));
process.disconnect();
