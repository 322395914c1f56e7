import { matchPath } from '@interpulse/domain/trigger/match-path.ts';
import type { WatchConfig } from '../../config/watch-config.ts';

/** How programs call files that they have not finished. */
const unfinished = /\.(?:part|partial|tmp)$/;

/** Which paths of a collection a rule of watching is about. All start with `/`; the root is ''. */
export class WatchedPaths {
  /** The folder that is watched. */
  readonly top: string;
  readonly #watch: WatchConfig;
  readonly #leaveOut: readonly string[];
  readonly #pattern: string;
  readonly #sentinel: { prefix: string; suffix: string; isOfStem: boolean } | null;

  constructor(watch: WatchConfig, leaveOut: readonly string[]) {
    this.top = watch.folder.replace(/\/+$/, '');
    this.#watch = watch;
    this.#leaveOut = leaveOut;
    this.#pattern = watch.pattern.replace(/^\//, '').replace(/\/$/, '');
    this.#sentinel = sentinelOf(watch);
  }

  /** Whether a folder may hold something that is wanted. */
  mayHold(folder: string): boolean {
    if (this.isIgnored(folder)) return false;
    if (folder === this.top || this.#pattern.includes('**')) return true;
    if (this.unitOf(folder) !== null) return true;
    const depth = folder.slice(this.top.length + 1).split('/').length;
    return depth < this.#pattern.split('/').length;
  }

  /** Whether something is left alone, with all that is in it. */
  isIgnored(path: string): boolean {
    if (path === this.top) return false;
    if (this.#leaveOut.some((each) => path === each || path.startsWith(`${each}/`))) return true;
    if (this.#watch.ignore.length === 0) return false;
    const inner = path.slice(this.top.length + 1);
    const name = inner.slice(inner.lastIndexOf('/') + 1);
    return this.#watch.ignore.some((each) => matchPath(each, name) || matchPath(each, inner));
  }

  /** Whether a name is one that nobody looks at. */
  isHidden(name: string): boolean {
    return name.startsWith('.') || unfinished.test(name);
  }

  /** What is told when this path changes: the file itself, the folder it lies in, or nothing. */
  unitOf(path: string): string | null {
    if (!path.startsWith(`${this.top}/`)) return null;
    const parts = path.slice(this.top.length + 1).split('/');
    if (this.#watch.unit === 'file') {
      const inner = parts.join('/');
      const isWanted = !unfinished.test(path) && matchPath(this.#pattern, inner);
      return isWanted && !this.isSentinel(path) && !this.isIgnored(path) ? path : null;
    }
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const inner = parts.slice(0, depth).join('/');
      const folder = `${this.top}/${inner}`;
      if (matchPath(this.#pattern, inner)) return this.isIgnored(folder) ? null : folder;
    }
    return null;
  }

  /** Whether a path has the name of a sentinel beside a file. */
  isSentinel(path: string): boolean {
    if (this.#sentinel === null) return false;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const { prefix, suffix } = this.#sentinel;
    const isLonger = name.length > prefix.length + suffix.length;
    return isLonger && name.startsWith(prefix) && name.endsWith(suffix);
  }

  /** Where the sentinel of a unit lies; null where the rule has none. */
  sentinelFor(unit: string): string | null {
    const { settle } = this.#watch;
    if (typeof settle !== 'object' || !('sentinel' in settle)) return null;
    if (this.#sentinel === null) return `${unit}/${settle.sentinel}`;
    const cut = unit.lastIndexOf('/') + 1;
    const name = unit.slice(cut);
    const { prefix, suffix, isOfStem } = this.#sentinel;
    const kept = isOfStem ? name.replace(/(?<=.)\.[^.]*$/, '') : name;
    return `${unit.slice(0, cut)}${prefix}${kept}${suffix}`;
  }

  /** The file of a sentinel; null where its ending is not known, and the folder must be read. */
  fileOfSentinel(path: string): string | null {
    if (this.#sentinel === null || this.#sentinel.isOfStem) return null;
    const cut = path.lastIndexOf('/') + 1;
    const { prefix, suffix } = this.#sentinel;
    return path.slice(0, cut) + path.slice(cut + prefix.length, path.length - suffix.length);
  }
}

function sentinelOf({ unit, settle }: WatchConfig) {
  if (unit === 'folder' || typeof settle !== 'object' || !('sentinel' in settle)) return null;
  const [prefix, suffix] = settle.sentinel.split(/\{(?:name|stem)\}/);
  const isOfStem = settle.sentinel.includes('{stem}');
  // Without a place for the name it is a suffix.
  return suffix === undefined
    ? { prefix: '', suffix: prefix ?? '', isOfStem: false }
    : { prefix: prefix ?? '', suffix, isOfStem };
}
