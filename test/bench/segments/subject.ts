import { askChild } from '../ask-child.ts';
import type { Measurement, Subject } from '../subject.ts';
import { measureAgainstServer } from './against-server.ts';

/** Segments of up to a million keys. */
export const segments: Subject = {
  name: 'segments',
  about: 'a segment of a million keys: calls, memory, first look, small changes; uploading it to a real server',

  async measure(options) {
    options.say('in this process ...');
    const child = new URL('child.ts', import.meta.url);
    const inProcess = await askChild<Measurement[]>(child, [options.quick ? 'quick' : ''], ['--expose-gc']);
    return {
      measurements: [...inProcess, ...(await measureAgainstServer(options))],
      notes: [
        'calls are of core’s evaluate, without the SDK around it; subjects from all over the list, half of them members',
        'first call: a segment in the document is read whole by it, one in pages page by page',
        'memory: with every page read, as an idle SDK has it after a moment',
        'the server keeps its data in SQLite on this machine’s disk, each change flushed; one client listens',
      ],
    };
  },
};
