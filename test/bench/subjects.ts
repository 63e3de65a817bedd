import { alert } from './alert/subject.ts';
import { blame } from './blame/subject.ts';
import { commands } from './commands/subject.ts';
import { detection } from './detection/subject.ts';
import { evaluate } from './evaluate/subject.ts';
import { evidence } from './evidence/subject.ts';
import { fanOut } from './fan-out/subject.ts';
import { firstAnswer } from './first-answer/subject.ts';
import { history } from './history/subject.ts';
import { kills } from './kills/subject.ts';
import { lists } from './lists/subject.ts';
import { migration } from './migration/subject.ts';
import { mutations } from './mutations/subject.ts';
import { ofrep } from './ofrep/subject.ts';
import { paths } from './paths/subject.ts';
import { prometheus } from './prometheus/subject.ts';
import { push } from './push/subject.ts';
import { ready } from './ready/subject.ts';
import { receipts } from './receipts/subject.ts';
import { scale } from './scale/subject.ts';
import { sdkHeap } from './sdk-heap/subject.ts';
import { segments } from './segments/subject.ts';
import { size } from './size/subject.ts';
import { snapshot } from './snapshot/subject.ts';
import { storm } from './storm/subject.ts';
import type { Subject } from './subject.ts';
import { takeover } from './takeover/subject.ts';
import { traffic } from './traffic/subject.ts';
import { twoServers } from './two-servers/subject.ts';
import { ui } from './ui/subject.ts';

/** Every subject, in the order in which they run; new ones are added here. */
export const subjects: readonly Subject[] = [
  evaluate,
  scale,
  segments,
  paths,
  ready,
  firstAnswer,
  sdkHeap,
  push,
  fanOut,
  receipts,
  kills,
  alert,
  history,
  evidence,
  blame,
  detection,
  mutations,
  migration,
  storm,
  twoServers,
  snapshot,
  ofrep,
  lists,
  size,
  prometheus,
  traffic,
  takeover,
  ui,
  commands,
];
