import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { PromotedFlag, PromotionPart } from '../../api/types.ts';

/** The parts of a flag's targeting, in the order in which they decide. */
export const promotionParts: readonly { readonly part: PromotionPart; readonly label: MessageDescriptor }[] = [
  { part: 'enabled', label: msg`On or off` },
  { part: 'offVariant', label: msg`Off variant` },
  { part: 'safeVariant', label: msg`Safe variant` },
  { part: 'prerequisites', label: msg`Prerequisites` },
  { part: 'targets', label: msg`Individual targets` },
  { part: 'rules', label: msg`Rules` },
  { part: 'defaultRule', label: msg`Default rule` },
];

/** Which part an edit of a promotion is of. */
export function partOf({ kind }: PromotedFlag['edits'][number]): PromotionPart {
  switch (kind) {
    case 'enable':
    case 'disable':
      return 'enabled';
    case 'setOffVariant':
      return 'offVariant';
    case 'setSafeVariant':
      return 'safeVariant';
    case 'setPrerequisites':
    case 'addPrerequisite':
    case 'removePrerequisite':
      return 'prerequisites';
    case 'setTargets':
    case 'addTargets':
    case 'removeTargets':
      return 'targets';
    case 'setDefaultServe':
      return 'defaultRule';
    default:
      return 'rules';
  }
}
