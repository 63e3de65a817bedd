import type { TSchema } from '@sinclair/typebox';
import * as access from './access/schemas.ts';
import * as audit from './audit/schemas.ts';
import * as bindings from './bindings/schemas.ts';
import * as changeRequests from './change-requests/schemas.ts';
import * as comments from './comments/schemas.ts';
import * as contextProofs from './context-proofs/schemas.ts';
import * as contexts from './contexts/schemas.ts';
import * as decisionLog from './decision-log/schemas.ts';
import * as dependencies from './dependencies/schemas.ts';
import * as edits from './edits/schemas.ts';
import * as environments from './environments/schemas.ts';
import * as testSpecs from './evidence/test-spec.ts';
import * as exposures from './exposures/schemas.ts';
import * as fireDrills from './fire-drills/schemas.ts';
import * as rules from './flags/rule-schemas.ts';
import * as flags from './flags/schemas.ts';
import * as freezes from './freezes/schemas.ts';
import * as gateRuns from './gates/run-schemas.ts';
import * as gates from './gates/schemas.ts';
import * as grants from './grants/schemas.ts';
import * as groups from './groups/schemas.ts';
import * as health from './health/schemas.ts';
import * as history from './history/schemas.ts';
import * as errors from './http/error-schema.ts';
import * as identityProviders from './identity-providers/schemas.ts';
import * as interventions from './interventions/schemas.ts';
import * as keys from './keys/schemas.ts';
import * as kills from './kills/schemas.ts';
import * as timelines from './kills/timeline-schemas.ts';
import * as line from './line/schemas.ts';
import * as measurements from './measurements/schemas.ts';
import * as migrationPlans from './migration-plans/schemas.ts';
import * as passwords from './passwords/schemas.ts';
import * as presence from './presence/schemas.ts';
import * as projects from './projects/schemas.ts';
import * as prometheus from './prometheus/schemas.ts';
import * as promotions from './promotions/schemas.ts';
import * as ramps from './ramps/schemas.ts';
import * as receipts from './receipts/schemas.ts';
import * as releaseHooks from './release-hooks/schemas.ts';
import * as releases from './releases/schemas.ts';
import * as releaseTemplates from './releases/templates/schemas.ts';
import * as reverts from './reverts/schemas.ts';
import * as roles from './roles/schemas.ts';
import * as safeguardCoverage from './safeguards/coverage-schemas.ts';
import * as safeguardDefinitions from './safeguards/definition-schemas.ts';
import * as safeguards from './safeguards/schemas.ts';
import * as safeguardStates from './safeguards/state-schemas.ts';
import * as safeguardVerdicts from './safeguards/verdict-schemas.ts';
import * as schedules from './schedules/schemas.ts';
import * as scim from './scim/resource-schemas.ts';
import * as secondFactors from './second-factors/schemas.ts';
import * as segments from './segments/schemas.ts';
import * as serviceAccounts from './service-accounts/schemas.ts';
import * as sessions from './sessions/schemas.ts';
import * as setup from './setup/schemas.ts';
import * as signInPolicy from './sign-in-policy/schemas.ts';
import * as signalSources from './signals/schemas.ts';
import * as signals from './signals/signal-schemas.ts';
import * as tokens from './tokens/schemas.ts';
import * as traffic from './traffic/schemas.ts';
import * as users from './users/schemas.ts';
import * as user from './users/user.ts';
import * as views from './views/schemas.ts';
import * as webhooks from './webhooks/schemas.ts';

/** Every schema with an `$id`: what routes refer to, and the components of the OpenAPI document. */
export const SCHEMAS: readonly TSchema[] = [
  access,
  audit,
  bindings,
  changeRequests,
  comments,
  contextProofs,
  contexts,
  decisionLog,
  dependencies,
  edits,
  environments,
  errors,
  exposures,
  fireDrills,
  flags,
  freezes,
  gateRuns,
  gates,
  grants,
  groups,
  health,
  history,
  identityProviders,
  interventions,
  keys,
  kills,
  line,
  measurements,
  migrationPlans,
  passwords,
  presence,
  projects,
  prometheus,
  promotions,
  ramps,
  receipts,
  releaseHooks,
  releaseTemplates,
  releases,
  reverts,
  roles,
  rules,
  safeguardCoverage,
  safeguardDefinitions,
  safeguards,
  safeguardStates,
  safeguardVerdicts,
  schedules,
  scim,
  secondFactors,
  segments,
  serviceAccounts,
  sessions,
  setup,
  signInPolicy,
  signalSources,
  signals,
  testSpecs,
  timelines,
  tokens,
  traffic,
  user,
  users,
  views,
  webhooks,
].flatMap((module) => Object.values<unknown>(module).filter(isNamed));

function isNamed(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && '$id' in value;
}
