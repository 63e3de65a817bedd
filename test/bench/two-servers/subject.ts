import { startPostgres } from '../../../tools/postgres.ts';
import { newAdminKey } from '../../processes/server.ts';
import { Server } from '../push/server.ts';
import { measureToggles, reportToggles } from '../push/toggles.ts';
import type { Subject } from '../subject.ts';

/** How long a change that one server commits takes to be what an SDK at another server answers. */
export const twoServers: Subject = {
  name: 'two-servers',
  about: 'toggles at one of two servers on PostgreSQL until the change event of an SDK at the other',

  async measure(options) {
    const postgres = await startPostgres();
    const servers: Server[] = [];
    try {
      const env = { DATABASE_URL: await postgres.createDatabase() };
      const adminKey = newAdminKey();
      const a = await Server.start({ env, adminKey });
      servers.push(a);
      const b = await Server.start({ env, adminKey });
      servers.push(b);
      const toggles = await measureToggles(a, b, options);
      const { measurements, early } = reportToggles(toggles);
      return {
        measurements,
        notes: [
          `${toggles.length} toggles; in ${early} the event came before the acknowledgement was read (a negative time)`,
          'the servers hear of each other by LISTEN/NOTIFY; PostgreSQL on the same machine, fsync on',
        ],
      };
    } finally {
      for (const server of servers) await server.stop();
      await postgres.stop();
    }
  },
};
