import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { TrafficState } from '../api/types.ts';
import { formatPercent } from '../flags/weights.ts';

type Capabilities = NonNullable<TrafficState['capabilities']>;
type Claim = Exclude<keyof Capabilities, 'granularityPer100k'>;

/** Something that a target can do, or cannot, in a sentence. */
interface Capability {
  readonly name: string;
  readonly can: boolean;
  readonly sentence: string;
}

/** Of each claim: what it is called, and what follows from it, and from its absence. */
const claims: Readonly<
  Record<Claim, readonly [name: MessageDescriptor, yes: MessageDescriptor, no: MessageDescriptor]>
> = {
  atomic: [
    msg`All at once`,
    msg`From one request to the next everyone is at a new weight.`,
    msg`A new weight is taken over bit by bit: for a moment some requests still go by the one before.`,
  ],
  sticky: [
    msg`Same side`,
    msg`Who is on a side stays there, while the weight does not take them off it.`,
    msg`Each request is thrown for anew: one visitor may see both versions.`,
  ],
  lease: [
    msg`Goes back alone`,
    msg`It goes back to the baseline by itself when no server renews a release's lease.`,
    msg`When no server of Bunting is left, it stays at the weight that it has.`,
  ],
  drain: [
    msg`Lets requests end`,
    msg`Requests under way end where they began.`,
    msg`What a new weight does to requests under way is not known.`,
  ],
  shadow: [
    msg`Copies requests`,
    msg`It can send copies of requests to the candidate, whose answers nobody sees.`,
    msg`It copies no requests.`,
  ],
  fenced: [
    msg`Knows who steers`,
    msg`It refuses servers that do not hold the release any more, so an abort waits for nobody.`,
    msg`It takes weights from any server, so an abort waits for the one that holds the release.`,
  ],
};

/** What a target can do and what it cannot. */
export function describeCapabilities(capabilities: Capabilities): readonly Capability[] {
  return (Object.keys(claims) as Claim[]).map((claim) => {
    const [name, yes, no] = claims[claim];
    const can = capabilities[claim];
    return { name: t(name), can, sentence: t(can ? yes : no) };
  });
}

export function describeSteps({ granularityPer100k }: Capabilities): string {
  return t`Weights are multiples of ${formatPercent(granularityPer100k)}.`;
}
