import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from '../http/app-types.ts';

/** Describes the API from its routes' schemas, at /docs for people and /docs/json for programs. */
export async function openApi(app: App, { version }: { readonly version: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bunting',
        version,
        description:
          'Feature flags that know about deploys. Sign in for a session cookie, or send a token or an admin key as a bearer token. ' +
          'Every error has the form {code, message, details, requestId}. `x-access` says which permission a call needs, where ' +
          'its path says, or in any place (`x-anywhere`). Besides what an operation lists, each may answer 408 (the request did ' +
          'not come in time), 413 and 431 (too large), 415 (another type of body), and 417 (the header Expect).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'setup', description: 'The first account' },
        { name: 'session', description: 'Signing in and out' },
        { name: 'identity providers', description: 'Single sign-on by OpenID Connect' },
        { name: 'people', description: 'People, groups and service accounts' },
        {
          name: 'scim',
          description: 'People and groups as a directory provisions them: SCIM 2.0 (RFC 7643, RFC 7644)',
        },
        { name: 'tokens', description: 'What calls the API as a person or a service account' },
        { name: 'access', description: 'Roles, and who has which where' },
        { name: 'projects', description: 'Projects' },
        { name: 'environments', description: 'Environments of a project, each with its own ruleset' },
        { name: 'flags', description: 'Flags, and what they are in each environment' },
        { name: 'comments', description: 'What people say about flags' },
        { name: 'flag views', description: 'Ways to look at the list of flags, kept under a name' },
        { name: 'presence', description: 'Who looks at or edits the same at this moment' },
        { name: 'segments', description: 'Those whom rules name together' },
        { name: 'promotions', description: 'Comparing environments, and taking flags from one to another' },
        { name: 'change requests', description: 'Changes that people talk about, approve, and then make' },
        { name: 'schedules', description: 'Changes made at a time, and times at which none are' },
        { name: 'ramps', description: 'Splits that follow a schedule: seeing, stopping and resuming them' },
        { name: 'releases', description: 'Taking flags to everyone stage by stage, and back' },
        { name: 'kills', description: 'Turning a flag off everywhere at once' },
        { name: 'signals', description: 'Alerts of other systems: who may send them, and what came' },
        { name: 'bindings', description: 'What alerts lead to' },
        { name: 'interventions', description: 'What signals and safeguards have done, or would have' },
        { name: 'keys', description: 'SDK keys' },
        { name: 'receipts', description: 'Which SDK instances run which revision' },
        { name: 'measurements', description: 'How code behaves behind flags, as SDKs measure it' },
        { name: 'contexts', description: 'What flags are evaluated for: attributes seen, and sampled contexts' },
        { name: 'stream', description: 'What SDKs use where WebSockets are cut' },
        { name: 'evaluation', description: 'OpenFeature Remote Evaluation Protocol (OFREP), by SDK keys' },
        { name: 'audit', description: 'Who changed what' },
        { name: 'history', description: 'Past revisions: looking at them, evaluating at them, going back' },
        { name: 'safeguards', description: 'Standing rules that turn flags off by themselves, and what they found' },
        { name: 'webhooks', description: 'Who else hears of changes' },
        { name: 'operation', description: 'Health and metrics' },
      ],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'bunting_session' },
          adminKey: { type: 'http', scheme: 'bearer', description: 'bnt_pat_..., bnt_svc_... or bnt_adm_...' },
          sdkKey: { type: 'http', scheme: 'bearer', description: 'bnt_srv_... or bnt_cli_...' },
        },
      },
      security: [{ session: [] }, { adminKey: [] }],
    },
    transform: ({ schema, url, route }) => {
      const { access, anywhere } = route.config ?? {};
      if (schema === undefined) return { schema, url };
      if (access === undefined || access === 'public') return { schema: { security: [], ...schema }, url };
      return { schema: { ...schema, 'x-access': access, ...(anywhere === true ? { 'x-anywhere': true } : {}) }, url };
    },
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `Schema${index}`) },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { deepLinking: true, showExtensions: true },
  });
}
