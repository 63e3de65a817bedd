import { z } from 'zod';

/** A setting that is missing or wrong, with the fix in its message. Ends the process before it starts anything. */
export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

const httpUrl = (example: string) =>
  z.url({ protocol: /^https?$/, error: `must be an http address such as ${example}` });

const shopConfig = z.object({
  SHOP_HOST: z.string().min(1).default('127.0.0.1'),
  SHOP_PORT: z.coerce
    .number({ error: 'must be a port number; 0 takes any free one' })
    .int('must be a whole number')
    .min(0, 'must be 0 (any free port) or above')
    .max(65_535, 'must be 65535 or below')
    .default(4300),
  /** Another port, on which the next version of the shop answers. Without it there is one version. */
  SHOP_NEXT_PORT: z.coerce
    .number({ error: 'must be a port number; 0 takes any free one' })
    .int()
    .min(0)
    .max(65_535)
    .optional(),
  BUNTING_URL: httpUrl('http://127.0.0.1:4242').default('http://127.0.0.1:4242'),
  BUNTING_SDK_KEY: z
    .string({ error: 'is missing; make a server key for the environment in the admin UI under Keys and set it here' })
    .startsWith('bnt_srv_', 'must be a server key (bnt_srv_...); make one in the admin UI under Keys'),
});

const port = (name: string) =>
  z.coerce
    .number({ error: `must be the port of ${name}` })
    .int()
    .min(0)
    .max(65_535);

const routerConfig = z.object({
  ROUTER_PORT: port('visitors, 0 for any').default(0),
  ROUTER_ADMIN_PORT: port('Bunting'),
  ROUTER_SECRET: z
    .string({ error: 'is missing' })
    .startsWith('whsec_', 'must be a secret of Standard Webhooks (whsec_...)'),
  /** Where the present share is kept. */
  ROUTER_STATE_FILE: z.string({ error: 'is missing; give the path of a file' }).min(1),
  BASELINE_URL: httpUrl('http://127.0.0.1:4300'),
  CANDIDATE_URL: httpUrl('http://127.0.0.1:4301'),
});

const visitorsConfig = z.object({
  SHOP_URL: httpUrl('http://127.0.0.1:4300').default('http://127.0.0.1:4300'),
  VISITS_PER_SECOND: z.coerce
    .number({ error: 'must be a number, for example 3' })
    .positive('must be above 0; to have no visits, do not start this process')
    .max(50, 'must be 50 or below: this is a demo, not a load test')
    .default(3),
  VISITORS: z.coerce
    .number({ error: 'must be a number of people, for example 60' })
    .int('must be a whole number')
    .min(1, 'must be 1 or above')
    .max(100, 'must be 100 or below')
    .default(60),
});

export type ShopConfig = z.infer<typeof shopConfig>;
export type VisitorsConfig = z.infer<typeof visitorsConfig>;
export type RouterConfig = z.infer<typeof routerConfig>;

export function readShopConfig(environment: Environment): ShopConfig {
  return read(shopConfig, environment);
}

export function readRouterConfig(environment: Environment): RouterConfig {
  return read(routerConfig, environment);
}

export function readVisitorsConfig(environment: Environment): VisitorsConfig {
  return read(visitorsConfig, environment);
}

/** An empty variable counts as unset. Throws a `ConfigError` that names every wrong variable. */
function read<Schema extends z.ZodType>(schema: Schema, environment: Environment): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
  throw new ConfigError(`the environment is not usable:\n${lines.join('\n')}`);
}
