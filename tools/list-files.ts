import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

const ignoredFolders = /(^|\/)(node_modules|dist|\.cache|\.git|__pycache__)(\/|$)/;

/**
 * Paths from the root of every file of the project: what git tracks and what it would track.
 * Without git (a source archive), every file outside ignored folders.
 */
export function listFiles(root: string): string[] {
  if (!existsSync(`${root}/.git`)) {
    return globSync('**/*', {
      cwd: root,
      withFileTypes: true,
      exclude: (entry) => ignoredFolders.test(entry.name),
    })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length + 1))
      .sort();
  }
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const paths = listed.split('\0').filter((path) => path !== '');
  return [...new Set(paths)].filter((path) => existsSync(`${root}/${path}`)).sort();
}
