import type { Weather } from '../../processes/proxy.ts';
import type { Estate } from './estate.ts';
import { sendGarbage } from './garbage.ts';

/** Something that can be broken for a while. */
export interface Fault {
  readonly what: string;
  /** What it is done to: only one fault of those with the same at a time. */
  readonly to: string;
  readonly longestMs: number;
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

const SECOND = 1_000;
/** By seconds only: schedules and releases are due by the clocks of servers. */
const SERVER_CLOCK_MS = [-4 * SECOND, 4 * SECOND];
const CLOCKS_MS = [-86_400 * SECOND, -3_600 * SECOND, -5 * SECOND, 5 * SECOND, 3_600 * SECOND, 86_400 * SECOND];

export interface MenuOptions {
  /** Servers' clocks are off by so much of what they may be: 0 to 1. */
  readonly pace: number;
  /** Whether connections that fell silent stay so: whoever is on one finds out by itself, in 45 s. */
  readonly waitForSilent: boolean;
}

/** All that can be broken of an estate. */
export function menuOf(estate: Estate, random: () => number, { pace, waitForSilent }: MenuOptions): Fault[] {
  const { postgres, servers, relay, applications } = estate;
  const { disks, clocks, ways } = estate.breakables;
  const programs = [...servers, relay];
  return [
    ...[...programs, ...applications].flatMap((one): Fault[] => {
      const to = `process of ${one.name}`;
      return [
        {
          ...{ what: `kill -9 of ${one.name}`, to, longestMs: 8 * SECOND },
          begin: () => one.kill(),
          end: async () => void (await one.restart()),
        },
        { what: `SIGSTOP of ${one.name}`, to, longestMs: 20 * SECOND, begin: () => one.stand(), end: () => one.goOn() },
      ];
    }),
    {
      ...{ what: 'kill -9 of PostgreSQL', to: 'PostgreSQL', longestMs: 8 * SECOND },
      begin: () => postgres.kill(),
      end: () => postgres.restart(),
    },
    {
      ...{ what: 'SIGSTOP of PostgreSQL', to: 'PostgreSQL', longestMs: 15 * SECOND },
      begin: () => postgres.pause(),
      end: () => postgres.resume(),
    },
    ...[...ways].flatMap(([name, proxy]): Fault[] => {
      const to = `way of ${name}`;
      const weather = (what: string, its: Weather): Fault => ({
        ...{ what: `${what}: ${name}`, to, longestMs: 12 * SECOND },
        begin: () => {
          proxy.weather = its;
        },
        end: () => {
          proxy.weather = {};
          if (its.silence !== undefined && !waitForSilent) proxy.resetAll();
        },
      });
      return [
        {
          ...{ what: `cut: ${name}`, to, longestMs: 20 * SECOND },
          begin: () => {
            proxy.isCut = true;
            proxy.resetAll();
          },
          end: () => {
            proxy.isCut = false;
          },
        },
        weather('delays', { delayMs: 1_500 }),
        weather('half open', { silence: 0.5 }),
      ];
    }),
    ...[...disks].map(
      ([name, disk]): Fault => ({
        ...{ what: `full disk of ${name}`, to: `disk of ${name}`, longestMs: 20 * SECOND },
        begin: () => {
          disk.isFull = true;
        },
        end: () => {
          disk.isFull = false;
        },
      }),
    ),
    ...[...clocks].map(([name, clock]): Fault => {
      const isServer = name.startsWith('server');
      const offsets = isServer ? SERVER_CLOCK_MS : CLOCKS_MS;
      const offsetMs = (isServer ? pace : 1) * (offsets[Math.floor(random() * offsets.length)] ?? 0);
      return {
        ...{ what: `clock of ${name} off by ${offsetMs / SECOND} s`, to: `clock of ${name}`, longestMs: 15 * SECOND },
        begin: () => {
          clock.offsetMs = offsetMs;
        },
        end: () => {
          clock.offsetMs = 0;
        },
      };
    }),
    ...programs.map(
      ({ name, program }): Fault => ({
        ...{ what: `garbage to ${name}`, to: `port of ${name}`, longestMs: SECOND },
        begin: () => sendGarbage(program.url, random),
        end: () => {},
      }),
    ),
  ];
}
