import { documentedExports } from './documented-exports.ts';
import { domainImports, domainPurity } from './domain-purity.ts';
import { floors } from './floors.ts';
import { noMachinePaths, noPackageSources, noSecrets, noWordsAboutTheWork } from './leaks.ts';
import { fileLength, functionLength, lineWidth } from './lengths.ts';
import { exactVersions, lockWithoutAddresses } from './manifests.ts';
import { emptyNames, fileNames, importEndings, noBarrels } from './names.ts';
import {
  explainedSkips,
  noAny,
  noLaterNotes,
  noOptionalMethods,
  noSilencers,
} from './plain-dealing.ts';
import type { Rule } from './rule.ts';
import { sqlRoom } from './sql-room.ts';
import { fileSize } from './tracked-data.ts';

/** The rules of the house that hold for every file. */
export const houseRules: readonly Rule[] = [
  floors,
  domainImports,
  domainPurity,
  sqlRoom,
  fileLength,
  functionLength,
  lineWidth,
  documentedExports,
  fileNames,
  emptyNames,
  noBarrels,
  importEndings,
  noAny,
  noSilencers,
  noLaterNotes,
  explainedSkips,
  noOptionalMethods,
  lockWithoutAddresses,
  exactVersions,
  noPackageSources,
  noMachinePaths,
  noSecrets,
  noWordsAboutTheWork,
  fileSize,
];
