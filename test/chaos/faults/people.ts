import { editedFlags, growingKeys } from '../edited-flags.ts';
import { Editor } from '../editor.ts';
import { KeyWriter } from '../key-writer.ts';
import type { Estate } from './estate.ts';
import { Guardian, type Rhythm } from './guardian.ts';
import type { PersonOptions } from './person.ts';
import { Planner } from './planner.ts';
import { Releaser } from './releaser.ts';
import { guardedKeys, releasedKeys } from './watched-flags.ts';

const OFTEN: Rhythm = { killedMs: [300, 12_000], armedMs: [300, 4_000] };
const SELDOM: Rhythm = { killedMs: [20_000, 60_000], armedMs: [61_000, 75_000] };
const BETWEEN_EDITS_MS = 150;

/** All who work at once while faults happen. */
export interface People {
  readonly editors: readonly Editor[];
  readonly keyWriter: KeyWriter;
  readonly releasers: readonly Releaser[];
  readonly guardians: readonly [Guardian, ...Guardian[]];
  readonly planner: Planner;
  start(): void;
  stop(): Promise<void>;
}

export async function gatherPeople({ apis }: Estate, how: Omit<PersonOptions, 'apis'>): Promise<People> {
  const options = { ...how, apis };
  const { random } = how;
  const groups = [
    editedFlags.filter(({ key }) => growingKeys.includes(key)),
    editedFlags.filter(({ key }) => !growingKeys.includes(key)),
  ];
  const editors = groups.map((flags) => new Editor(apis, random, { flags, betweenEditsMs: BETWEEN_EDITS_MS }));
  const keyWriter = new KeyWriter(apis, BETWEEN_EDITS_MS);
  await keyWriter.begin();
  const releasers = releasedKeys.map((key) => new Releaser(key, options));
  const [first = '', ...others] = guardedKeys;
  const guardians: People['guardians'] = [
    new Guardian(first, OFTEN, options),
    ...others.map((key) => new Guardian(key, SELDOM, options)),
  ];
  const planner = new Planner(options);
  const all = [...editors, keyWriter, ...releasers, ...guardians, planner];
  return {
    ...{ editors, keyWriter, releasers, guardians, planner },
    start: () => {
      for (const each of all) each.start();
    },
    stop: async () => void (await Promise.all(all.map((each) => each.stop()))),
  };
}
