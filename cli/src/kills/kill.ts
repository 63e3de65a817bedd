import { type Api, type Schemas, unwrap } from '../api/client.ts';

interface FlagPlace {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
}

const PLACE = '/api/v1/projects/{project}/flags/{flag}/environments/{environment}';

export function killFlag(api: Api, path: FlagPlace, reason: string): Promise<Schemas['KillAnswer']> {
  return unwrap(api.POST(`${PLACE}/kill`, { params: { path }, body: { reason } }));
}

export function rearmFlag(api: Api, path: FlagPlace, reason: string): Promise<Schemas['KillAnswer']> {
  return unwrap(api.POST(`${PLACE}/rearm`, { params: { path }, body: { reason } }));
}
