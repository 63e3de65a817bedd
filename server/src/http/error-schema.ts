import { Type } from '@sinclair/typebox';

/** The form of every error, over HTTP and in a stream's error frame. */
export const ErrorBody = Type.Object(
  {
    code: Type.String({ description: 'Stable, for programs: snake_case' }),
    message: Type.String({ description: 'For people: what is wrong and what to do' }),
    details: Type.Optional(Type.Unknown({ description: 'For validation_failed: [{path, message}]' })),
    requestId: Type.String({ description: 'Quote it to find the request in the logs' }),
  },
  { $id: 'Error', additionalProperties: false },
);
