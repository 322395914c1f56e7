/** Test files that run under the same conditions. */
export interface TestGroup {
  readonly name: 'unit' | 'rooms' | 'system';
  /** Folders from the root whose `*.test.ts` belong here. */
  readonly folders: readonly string[];
  /** Files that run at the same time. */
  readonly concurrency: number;
  /** A file that takes longer has hung, and fails by its name. */
  readonly fileTimeoutSeconds: number;
  /** Whether a file that failed is run once more, alone; see `runFailedAgain`. */
  readonly hasSecondTry: boolean;
}

/**
 * The groups in their order. Each file has a process of its own: 0.1 s each, for files that
 * cannot disturb one another and can be stopped one by one.
 */
export const testGroups: readonly TestGroup[] = [
  {
    name: 'unit',
    folders: [
      'packages/domain',
      'packages/formats',
      'packages/analysis',
      'packages/api',
      'tools',
      'bench',
    ],
    concurrency: 2,
    fileTimeoutSeconds: 120,
    hasSecondTry: false,
  },
  {
    name: 'rooms',
    folders: ['packages/store', 'packages/adapters', 'packages/testing', 'apps'],
    concurrency: 2,
    fileTimeoutSeconds: 240,
    hasSecondTry: true,
  },
  // Whole systems measure time and kill processes: nothing else may run beside them.
  {
    name: 'system',
    folders: ['tests'],
    concurrency: 1,
    fileTimeoutSeconds: 600,
    hasSecondTry: true,
  },
];

/**
 * The files of a group: those below its folders that end in `.test.ts` and, when filters are
 * given, whose path contains one of them.
 */
export function selectFiles(
  group: TestGroup,
  paths: readonly string[],
  filters: readonly string[],
): string[] {
  return paths
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => group.folders.some((folder) => path.startsWith(`${folder}/`)))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort();
}
