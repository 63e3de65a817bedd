import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { SignInPolicySchema } from './schemas.ts';
import type { SignInPolicies } from './service.ts';

const tags = ['session'];
const config = { access: 'installation:write' } as const;

export function signInPolicyRoutes(app: App, policies: SignInPolicies): void {
  app.get(
    '/sign-in-policy',
    {
      config,
      schema: {
        operationId: 'getSignInPolicy',
        tags,
        summary: 'What is asked of whoever signs in',
        response: responses({ 200: refTo(SignInPolicySchema) }, 401, 403),
      },
    },
    () => policies.get(),
  );

  app.put(
    '/sign-in-policy',
    {
      config,
      schema: {
        operationId: 'setSignInPolicy',
        tags,
        summary: 'Set what is asked of whoever signs in',
        description: 'It holds from the next request on, also for those who are signed in. Tokens are not asked.',
        body: refTo(SignInPolicySchema),
        response: responses({ 200: refTo(SignInPolicySchema) }, 401, 403),
      },
    },
    (request) => policies.set(callerOf(request), request.body),
  );
}
