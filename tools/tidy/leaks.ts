import { findPattern, type Finding, isCode, type Rule } from './rule.ts';

/** Joins the pieces of a pattern; they are apart so that this file passes its own rules. */
function pattern(flags: string, ...alternatives: readonly (readonly string[])[]): RegExp {
  return new RegExp(alternatives.map((pieces) => pieces.join('')).join('|'), flags);
}

const sources = pattern(
  'gi',
  ['registry\\.', 'npmjs'],
  ['registry\\.', 'yarnpkg'],
  ['files\\.', 'pythonhosted'],
  ['pypi\\.org', '/simple'],
  ['deb\\.', 'debian\\.org'],
  ['artifact', 'ory\\.'],
  ['--index', '-url[ =]http'],
  ['https?_', 'proxy=http'],
);

/** Where packages come from is a matter of the machine. */
export const noPackageSources: Rule = {
  name: 'no file names a package registry or proxy',
  check: (file) => findPattern(file.text, sources, 'leave it to the configuration of the machine'),
};

const machinePaths = pattern(
  'g',
  ['/wo', 'rk/(?:main|shared|\\.)'],
  ['/ro', 'ot/\\w'],
  ['/Us', 'ers/\\w'],
  ['/tm', 'p/bash_jobs'],
);
const temporaryPaths = pattern('g', ['[\'"`]/tm', 'p/\\w']);

/** A path that exists on one machine only. */
export const noMachinePaths: Rule = {
  name: 'no file names a path of one machine',
  check: (file): Finding[] => {
    const found = findPattern(file.text, machinePaths, 'a path of one machine');
    if (!isCode(file.path) || file.path.endsWith('.py')) return found;
    return [...found, ...findPattern(file.text, temporaryPaths, 'use tmpdir() of node:os')];
  },
};

const secrets = pattern(
  'g',
  ['-----BEGIN [A-Z ]*PRIV', 'ATE KEY-----\\n[A-Za-z0-9+/=]{20}'],
  ['\\bgh', '[pousr]_[A-Za-z0-9]{36}'],
  ['\\bgithub', '_pat_\\w{22}'],
  ['\\bgl', 'pat-[\\w-]{20}'],
  ['\\bnp', 'm_[A-Za-z0-9]{36}'],
  ['\\bAK', 'IA[0-9A-Z]{16}\\b'],
  ['\\bxo', 'x[baprs]-[\\w-]{10}'],
  ['\\bsk-', '(?:ant|proj)-[\\w-]{20}'],
);

/** Keys are made when a test runs. */
export const noSecrets: Rule = {
  name: 'no file holds a key or token',
  check: (file) => findPattern(file.text, secrets, 'looks like a secret'),
};

const workWords = pattern(
  'gi',
  ['\\bclau', 'de\\b'],
  ['\\banth', 'ropic\\b'],
  ['\\bopen', 'ai\\b'],
  ['\\bchat', '?gpt\\b'],
  ['\\bco', 'pilot\\b'],
  ['\\blanguage ', 'model'],
  ['\\bcoding ', 'agent'],
  ['\\bsub-?', 'agent'],
  ['\\bco-auth', 'ored-by\\b'],
  ['\\bai[- ]gen', 'erated'],
  ['\\bas instr', 'ucted\\b'],
  ['\\bthe (?:helper|task) br', 'ief\\b'],
);

/** The text is about the product. */
export const noWordsAboutTheWork: Rule = {
  name: 'no file speaks about how it was written',
  check: (file) => {
    // Names in the lock file and licences belong to others.
    if (/(?:^|\/)(?:package-lock\.json|LICENSE)$/.test(file.path)) return [];
    return findPattern(file.text, workWords, 'leave it out');
  },
};
