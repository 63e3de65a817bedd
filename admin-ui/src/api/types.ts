import type { components, paths } from './schema.gen.ts';

/** The server's words for things, under the names that this application uses. */
type Schemas = components['schemas'];

/** What a GET of a path answers. */
type AnswerOf<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Project = Schemas['Project'];
export type Environment = Schemas['Environment'];
export type EnvironmentBody = Schemas['EnvironmentInput'];
export type EnvironmentPatch = Schemas['EnvironmentPatch'];
export type ContextSampling = Schemas['ContextSampling'];
/** What was sampled of one subject. */
export type SampledContext = Schemas['Context'];
export type ContextProof = Schemas['ContextProof'];
export type Flag = Schemas['Flag'];
export type FlagComment = Schemas['FlagComment'];
export type FlagView = Schemas['FlagView'];
export type FlagType = Flag['type'];
export type FlagKind = Flag['kind'];
/** One change of what a flag is everywhere. */
export type FlagEdit = Schemas['FlagEditsInput']['edits'][number];
/** One change of what a flag is in an environment, as it is sent. */
export type SentEdit = Schemas['TargetingEdit'];
/** Whom changes would move. */
export type Preview = Schemas['Preview'];
export type PromotedFlag = Schemas['PromotionAnswer']['flags'][number];
/** A part of a flag's targeting, such as its rules. */
export type PromotionPart = NonNullable<Schemas['PromotionInput']['flags'][number]['parts']>[number];
export type Attribute = Schemas['Attribute'];
export type FlagEnvironment = Schemas['FlagEnvironment'];
export type KillAnswer = Schemas['KillAnswer'];
export type Serve = Schemas['Serve'];
export type CreateFlagBody = Schemas['FlagInput'];
export type PatchEnvironmentBody = Schemas['FlagEnvironmentPatch'];
export type FlagPage = AnswerOf<'/api/v1/projects/{project}/flags'>;
export type SdkKey = Schemas['SdkKey'];
export type CreatedKey = Schemas['NewSdkKey'];
export type CreateKeyBody = Schemas['SdkKeyInput'];
export type KeyPatch = Schemas['SdkKeyPatch'];
export type Session = Schemas['Session'];
export type SecondFactor = Schemas['SecondFactor'];
export type Enrolment = Schemas['Enrolment'];
/** The own password and a code, once more. */
export type Proof = Schemas['FullProof'];
export type User = Schemas['User'];
export type SetUpBody = Schemas['SetupInput'];
export type SetPasswordBody = Schemas['PasswordInput'];
export type SignInBody = Schemas['SignIn'];
export type AuditEvent = Schemas['AuditEvent'];
/** Where all chains ended at a moment, signed. */
export type AuditCheckpoint = Schemas['AuditCheckpoint'];
export type AuditVerification = Schemas['AuditVerification'];
export type Segment = Schemas['Segment'];
export type SegmentBody = Schemas['SegmentInput'];
export type SegmentUses = Schemas['SegmentUses'];
export type ChangeRequest = Schemas['ChangeRequest'];
export type ChangeRequestPatch = Schemas['ChangeRequestPatch'];
export type ChangeRequestState = ChangeRequest['state'];
export type ChangeRequestEntry = Schemas['ChangeRequestEntry'];
export type ChangePreview = Schemas['ChangePreview'];
export type Schedule = Schemas['Schedule'];
export type Freeze = Schemas['Freeze'];
export type Invitation = Schemas['Invitation'];
export type PasswordLink = Schemas['PasswordLink'];
export type Token = Schemas['Token'];
export type NewToken = Schemas['NewToken'];
export type TokenBody = Schemas['TokenInput'];
export type Grant = Schemas['Grant'];
export type GrantBody = Schemas['GrantInput'];
export type Role = Schemas['Role'];
export type RoleBody = Schemas['RoleInput'];
export type PastRevision = Schemas['PastRevision'];
export type PastEvaluation = Schemas['PastEvaluation'];
export type Transition = Schemas['Transitions']['transitions'][number];
export type EvaluationContextBody = Schemas['EvaluateRevisionInput']['context'];
export type OpenSession = Schemas['OpenSession'];
export type SignInPolicy = Schemas['SignInPolicy'];
export type IdentityProvider = Schemas['IdentityProvider'];
export type IdentityProviderBody = Schemas['IdentityProviderInput'];
export type Webhook = Schemas['Webhook'];
export type NewWebhook = Schemas['NewWebhook'];
export type WebhookBody = Schemas['WebhookInput'];
export type WebhookPatch = Schemas['WebhookPatch'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type Receipts = Schemas['Receipts'];
export type KillReceipts = Schemas['KillReceipts'];
export type Instance = Schemas['Instance'];
/** How many instances are of one kind. */
export type InstanceGroup = Schemas['InstanceGroup'];
export type Dependencies = Schemas['Dependencies'];
export type DependencyNode = Schemas['DependencyNode'];
export type Dependency = Schemas['Dependency'];
/** A word for something that may be done: `flag:write`. */
export type Permission = Schemas['PermissionList']['permissions'][number];
export type Ramp = Schemas['Ramp'];
/** The ramps of a flag after they were held or resumed. */
export type RampAnswer = Schemas['RampAnswer'];
export type Release = Schemas['Release'];
export type ReleasePhase = Release['phase'];
export type ReleaseStage = Release['stages'][number];
export type ReleaseDecision = Schemas['ReleaseDecision'];
export type ReleaseCommandBody = Schemas['ReleaseCommand'];
export type CreateReleaseBody = Schemas['ReleaseInput'];
export type ReleaseLint = Schemas['ReleaseLint'];
export type ReleaseTemplate = Schemas['ReleaseTemplate'];
export type ReleaseTemplateBody = Schemas['ReleaseTemplateInput'];
export type GateTrialBody = Schemas['GateTrial'];
export type GateTrialAnswer = Schemas['GateTrialAnswer'];
export type Gate = Schemas['Gate'];
export type GateRun = Schemas['GateRun'];
export type GateVerdict = GateRun['verdict'];
export type TrafficTarget = Schemas['TrafficTarget'];
export type TrafficTargetBody = Schemas['TrafficTargetInput'];
export type TrafficState = Schemas['TrafficState'];
export type MigrationPlan = Schemas['MigrationPlan'];
export type MigrationPlanBody = Schemas['MigrationPlanInput'];
export type MigrationPlanPatch = Schemas['MigrationPlanPatch'];
export type MigrationRun = Schemas['MigrationRun'];
export type MigrationCommandBody = Schemas['MigrationCommand'];
export type MigrationPreview = Schemas['MigrationPreview'];
export type MigrationPhase = MigrationPlan['phase'];
export type Kill = Schemas['Kill'];
export type KillTimeline = Schemas['KillTimeline'];
export type LineStop = Schemas['LineStop'];
export type LineAnswer = Schemas['LineAnswer'];
export type Intervention = Schemas['Intervention'];
export type SignalSource = Schemas['SignalSource'];
export type NewSignalSource = Schemas['NewSignalSource'];
export type SignalSecret = Schemas['SignalSecret'];
export type SignalSecretBody = Schemas['SignalSecretInput'];
export type CreateSourceBody = Schemas['SignalSourceInput'];
export type SourcePatch = Schemas['SignalSourcePatch'];
export type Signal = Schemas['Signal'];
export type SignalAlert = Signal['alerts']['shown'][number];
export type Binding = Schemas['Binding'];
export type BindingBody = Schemas['BindingInput'];
export type BindingPatch = Schemas['BindingPatch'];
/** What an alert's label must be. */
export type Matcher = Binding['match'][number];
/** What bindings would make of a message if it came now. */
export type TriedSignal = Schemas['TriedSignal'];
export type FireDrill = Schemas['FireDrill'];
export type FireDrillBody = Schemas['FireDrillInput'];
export type FireDrillRun = Schemas['FireDrillRun'];
export type Safeguard = Schemas['Safeguard'];
export type SafeguardBody = Schemas['SafeguardInput'];
export type SafeguardPatch = Schemas['SafeguardPatch'];
/** How a safeguard stands with one variant of one flag. */
export type WatchedVariant = Safeguard['watching'][number];
export type SafeguardState = Schemas['SafeguardState'];
export type SafeguardTest = Schemas['TestSpec'];
export type Sight = Schemas['SafeguardCoverage']['items'][number]['sight'];
export type SafeguardVerdict = Schemas['SafeguardVerdict'];
export type SafeguardReplay = Schemas['SafeguardReplay'];
export type SafeguardReplayBody = Schemas['SafeguardReplayInput'];
export type DataSource = Schemas['DataSource'];
export type DataSourceBody = Schemas['DataSourceInput'];
export type DataSourcePatch = Schemas['DataSourcePatch'];
export type DataSourceAnswer = Schemas['DataSourceAnswer'];
export type Exposures = Schemas['Exposures'];
export type Measurements = Schemas['Measurements'];
