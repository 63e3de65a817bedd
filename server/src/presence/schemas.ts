import { type Static, Type } from '@sinclair/typebox';
import { Key } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';

/** Which tab of someone's: made by the page at random. */
export const Tab = Type.String({ pattern: '^[0-9a-zA-Z-]{8,64}$', description: 'A random id that the page made' });

const subject = {
  kind: oneOf('flag', 'release'),
  key: Type.String({ minLength: 1, maxLength: 100, description: 'Key of the flag, id of the release' }),
  environment: Type.Optional(Type.String({ maxLength: 100, description: 'Key, where it is about one' })),
  editing: Type.Boolean({ description: 'true: something is changed there and not saved' }),
};

export const PresenceInput = Type.Object(subject, { $id: 'PresenceInput', additionalProperties: false });

export const PresenceParams = Type.Object({ project: Key, tab: Tab }, { additionalProperties: false });

const Text = Type.String({ maxLength: 200 });
/** Someone's tab, as servers tell each other. */
export const Visit = Type.Object({ ...subject, project: Text, tab: Text, id: Text, name: Text });
export type Visit = Static<typeof Visit>;
