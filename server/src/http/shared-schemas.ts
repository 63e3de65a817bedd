import type { TSchema } from '@sinclair/typebox';
import { PermissionListSchema } from '../access/schemas.ts';
import { AuditEventSchema, CheckpointSchema, VerificationSchema } from '../audit/schemas.ts';
import { ContextProofInput, ContextProofSchema, NewContextProofSecret } from '../context-proofs/schemas.ts';
import {
  AttributeSchema,
  ContextSamplingSchema,
  ContextSchema,
  ErasureInput,
  ErasureSchema,
  PreviewInput,
  PreviewSchema,
  PrivateAttributesSchema,
} from '../contexts/schemas.ts';
import { SegmentEditSchema, SegmentEditsInput, TargetingEditSchema, TargetingEditsInput } from '../edits/schemas.ts';
import { EnvironmentInput, EnvironmentPatch, EnvironmentSchema, RevisionSchema } from '../environments/schemas.ts';
import {
  BucketRangeSchema,
  ConditionSchema,
  PrerequisiteSchema,
  RuleInput,
  RuleSchema,
  ServeInput,
  ServeSchema,
  SplitByWeightsSchema,
  SplitSchema,
  TargetSchema,
  VariantSchema,
  WeightSchema,
} from '../flags/rule-schemas.ts';
import {
  FlagChange,
  FlagEnvironmentPatch,
  FlagEnvironmentSchema,
  FlagInput,
  FlagPatch,
  FlagSchema,
} from '../flags/schemas.ts';
import { GrantInput, GrantSchema } from '../grants/schemas.ts';
import { GroupInput, GroupSchema } from '../groups/schemas.ts';
import { HealthSchema, ReadinessSchema } from '../health/schemas.ts';
import {
  EvaluateMomentInput,
  EvaluateRevisionInput,
  PastEvaluationSchema,
  PastEventSchema,
  PastItemSchema,
  PastRevisionSchema,
  PastRulesetSchema,
  RevisionDiffSchema,
  TransitionsInput,
  TransitionsSchema,
} from '../history/schemas.ts';
import { KeyInput, KeyPatch, KeyRotation, KeySchema, NewKeySchema } from '../keys/schemas.ts';
import { KillAnswerSchema, KilledSchema, KillInput, KillSchema } from '../kills/schemas.ts';
import { ProjectInput, ProjectPatch, ProjectSchema } from '../projects/schemas.ts';
import { FlagComparison, PromotionAnswer, PromotionInput } from '../promotions/schemas.ts';
import { InstanceSchema, KillReceiptsSchema, ReceiptsSchema } from '../receipts/schemas.ts';
import { RoleInput, RoleSchema } from '../roles/schemas.ts';
import {
  SegmentChange,
  SegmentDeletion,
  SegmentInput,
  SegmentKeysChange,
  SegmentKeysInput,
  SegmentKeysReplacement,
  SegmentSchema,
} from '../segments/schemas.ts';
import { ServiceAccountInput, ServiceAccountPatch, ServiceAccountSchema } from '../service-accounts/schemas.ts';
import { SessionSchema, SignInInput } from '../sessions/schemas.ts';
import { SetupInput, SetupState } from '../setup/schemas.ts';
import { NewTokenSchema, TokenInput, TokenSchema } from '../tokens/schemas.ts';
import {
  InvitationInput,
  InvitationSchema,
  PasswordInput,
  PasswordLinkSchema,
  PersonPatch,
  PersonSchema,
} from '../users/schemas.ts';
import { UserSchema } from '../users/user.ts';
import { ErrorBody } from './error-schema.ts';

/** Every schema with an `$id`: what routes refer to, and the components of the OpenAPI document. */
export const SHARED_SCHEMAS: readonly TSchema[] = [
  ErrorBody,
  UserSchema,
  PersonSchema,
  PersonPatch,
  PasswordLinkSchema,
  PasswordInput,
  InvitationInput,
  InvitationSchema,
  GroupSchema,
  GroupInput,
  ServiceAccountSchema,
  ServiceAccountInput,
  ServiceAccountPatch,
  TokenSchema,
  NewTokenSchema,
  TokenInput,
  RoleSchema,
  RoleInput,
  GrantSchema,
  GrantInput,
  PermissionListSchema,
  SetupState,
  SetupInput,
  SignInInput,
  SessionSchema,
  RevisionSchema,
  EnvironmentSchema,
  EnvironmentInput,
  EnvironmentPatch,
  ProjectSchema,
  ProjectInput,
  ProjectPatch,
  VariantSchema,
  BucketRangeSchema,
  SplitSchema,
  WeightSchema,
  SplitByWeightsSchema,
  ServeSchema,
  ServeInput,
  ConditionSchema,
  RuleSchema,
  RuleInput,
  TargetSchema,
  PrerequisiteSchema,
  KilledSchema,
  KillSchema,
  KillAnswerSchema,
  KillInput,
  FlagEnvironmentSchema,
  FlagSchema,
  FlagInput,
  FlagPatch,
  FlagEnvironmentPatch,
  FlagChange,
  TargetingEditSchema,
  TargetingEditsInput,
  SegmentEditSchema,
  SegmentEditsInput,
  FlagComparison,
  PromotionInput,
  PromotionAnswer,
  SegmentSchema,
  SegmentInput,
  SegmentChange,
  SegmentDeletion,
  SegmentKeysInput,
  SegmentKeysChange,
  SegmentKeysReplacement,
  KeySchema,
  NewKeySchema,
  KeyInput,
  KeyPatch,
  KeyRotation,
  AuditEventSchema,
  CheckpointSchema,
  VerificationSchema,
  PastEventSchema,
  PastRevisionSchema,
  PastRulesetSchema,
  PastItemSchema,
  RevisionDiffSchema,
  EvaluateRevisionInput,
  EvaluateMomentInput,
  PastEvaluationSchema,
  TransitionsInput,
  TransitionsSchema,
  ReceiptsSchema,
  KillReceiptsSchema,
  InstanceSchema,
  ContextSamplingSchema,
  ContextProofInput,
  ContextProofSchema,
  NewContextProofSecret,
  PrivateAttributesSchema,
  AttributeSchema,
  ContextSchema,
  ErasureInput,
  ErasureSchema,
  PreviewInput,
  PreviewSchema,
  HealthSchema,
  ReadinessSchema,
];
