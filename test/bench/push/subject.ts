import type { Subject } from '../subject.ts';
import { Server } from './server.ts';
import { measureToggles, reportToggles } from './toggles.ts';

/** How long a saved change takes to be what an SDK in another process answers. */
export const push: Subject = {
  name: 'push',
  about: 'toggles of a real server until the change event of an SDK in another process, over loopback',

  async measure(options) {
    const server = await Server.start();
    try {
      const toggles = await measureToggles(server, server, options);
      const { measurements, early } = reportToggles(toggles);
      return {
        measurements,
        notes: [
          `${toggles.length} toggles; in ${early} the event came before the acknowledgement was read (a negative time)`,
          'each toggle is a transaction flushed to disk (SQLite, synchronous = FULL): the disk is in the requests',
        ],
      };
    } finally {
      await server.stop();
    }
  },
};
