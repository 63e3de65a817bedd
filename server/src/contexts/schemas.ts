import { Type } from '@sinclair/typebox';
import { oneOf } from '../http/literals.ts';
import { MODES } from './settings-repository.ts';

export const ContextSamplingSchema = Type.Object(
  {
    mode: Type.Unsafe<(typeof MODES)[number]>({
      ...oneOf(...MODES),
      description:
        'attributes: SDKs tell names and types of attributes, never values. contexts: also whole contexts, but for ' +
        'private attributes. off: nothing.',
    }),
  },
  { $id: 'ContextSampling', additionalProperties: false },
);

export const PrivateAttributesSchema = Type.Object(
  {
    attributes: Type.Array(
      Type.String({
        maxLength: 200,
        pattern: '^[^.]+(\\.[^.]+)*$',
        description: 'an attribute path such as user.email; all below it is private, too',
      }),
      { maxItems: 500 },
    ),
  },
  { $id: 'PrivateAttributes', additionalProperties: false },
);
