import type { Answer, Api } from '../../tools/demo-api.ts';
import { makeFlag, split } from '../processes/flags.ts';

/** A flag that a proof edits without a pause. Its setting is a number, which says all that is edited of it. */
export interface EditedFlag {
  readonly key: string;
  /** What turns the flag's setting to this number. */
  edit(setting: number): Edit;
  /** Whether an answer says that the setting is as was asked, for good. Default: 200. */
  isDone?(answer: Answer): boolean;
  /** The setting as the API shows it. */
  read(flag: ApiFlag): number;
  /** The next setting after one. */
  next(setting: number): number;
}

interface Edit {
  readonly method: 'PATCH' | 'POST';
  /** Below the flag. */
  readonly path: string;
  readonly body: object;
}

/** What of a flag the API's answer is read for. */
export interface ApiFlag {
  readonly key: string;
  readonly variants: readonly { readonly name: string; readonly value: number }[];
  readonly environments: { readonly [key: string]: ApiTargeting | undefined };
}

interface ApiTargeting {
  readonly enabled: boolean;
  /** Present while the flag is killed. */
  readonly killed?: { readonly epoch: number };
  readonly defaultRule: {
    readonly variant?: string;
    readonly split?: {
      readonly ranges: readonly { readonly variant: string; readonly from: number; readonly to: number }[];
    };
  };
}

const inDevelopment = '/environments/development';

/** Flags of type number whose value grows with each edit: whoever sees it shrink went backwards. */
const growing: readonly EditedFlag[] = Array.from({ length: 4 }, (_, index) => ({
  key: `grows-${index}`,
  edit: (setting) => ({ method: 'PATCH', path: '', body: { variants: growingVariants(setting) } }),
  read: (flag) => flag.variants[0]?.value ?? Number.NaN,
  next: (setting) => setting + 1,
}));

const toggled: EditedFlag = {
  key: 'toggled',
  edit: (setting) => ({ method: 'PATCH', path: inDevelopment, body: { enabled: setting === 1 } }),
  read: (flag) => (flag.environments.development?.enabled ? 1 : 0),
  next: (setting) => 1 - setting,
};

/** A split whose weights are edited: the setting is the percentage of its first variant. */
const weighed: EditedFlag = {
  key: 'weighed',
  edit: (setting) => ({
    method: 'PATCH',
    path: inDevelopment,
    body: { defaultRule: split({ one: setting, two: 100 - setting }) },
  }),
  read: (flag) => {
    const ranges = flag.environments.development?.defaultRule.split?.ranges ?? [];
    return ranges.reduce((sum, { variant, from, to }) => sum + (variant === 'one' ? (to - from) / 1_000 : 0), 0);
  },
  next: (setting) => 1 + ((setting + 36) % 99),
};

/** Killed (0) and re-armed (1). */
const killed: EditedFlag = {
  key: 'killed',
  edit: (setting) => ({
    method: 'POST',
    path: `${inDevelopment}/${setting === 0 ? 'kill' : 'rearm'}`,
    body: { reason: 'a proof' },
  }),
  // A kill is in force before it is stored. There is nothing to re-arm if a kill before never came to anything.
  isDone: ({ status, body }) => (status === 200 ? (body as { stored: boolean }).stored : status === 409),
  read: (flag) => (flag.environments.development?.killed ? 0 : 1),
  next: (setting) => 1 - setting,
};

export const editedFlags: readonly EditedFlag[] = [...growing, toggled, weighed, killed];
export const growingKeys = growing.map(({ key }) => key);
/** Also one that is never edited, but answers by one that is. */
export const allKeys = [...editedFlags.map(({ key }) => key), 'dependent'];

/** Makes them all, in `development`; each at setting 1. Pages may see them. */
export async function makeEditedFlags(api: Api): Promise<void> {
  const number = { type: 'number', clientVisible: true };
  for (const { key } of growing) {
    await makeFlag(api, { key, ...number, variants: growingVariants(1) }, on({ variant: 'current' }));
  }
  const switched = { ...number, variants: [variant('on', 1), variant('off', 0)] };
  await makeFlag(api, { key: toggled.key, ...switched }, on({ variant: 'on' }));
  await makeFlag(api, { key: killed.key, ...switched }, on(split({ on: 70, off: 30 })));
  const rules = [
    {
      id: 'germans',
      when: { attribute: 'country', operator: 'in', values: ['de'] },
      serve: split({ one: 40, three: 60 }),
    },
  ];
  const variants = [variant('one', 1), variant('two', 2), variant('three', 3)];
  await makeFlag(api, { key: weighed.key, ...number, variants }, { ...on(split({ one: 1, two: 99 })), rules });
  await makeFlag(
    api,
    { key: 'dependent', ...switched },
    { ...on(split({ on: 50, off: 50 })), prerequisites: [{ flag: toggled.key, state: 'on' }] },
  );
}

function on(defaultRule: object) {
  return { enabled: true, defaultRule };
}

function growingVariants(value: number) {
  return [variant('current', value), variant('off', 0)];
}

function variant(name: string, value: number) {
  return { name, value };
}
