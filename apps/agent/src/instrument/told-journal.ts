import { mkdir, open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file as it was when the hub was told of it. */
export interface FileVersion {
  path: string;
  sizeBytes: number;
  modifiedMilliseconds: number;
  /** What the file system calls it: the same while it is written to, another after a rename. */
  inode: number;
}

/** What is between the first look's beginning and its end, under the name of no file. */
const firstLook = '';

/** What was watched when the folder was last looked through, under the name of no file. */
const ruleKey = 'rule';

/** Lines beyond twice the living entries that a journal may have before it is written anew. */
const slackLines = 1_000;

/**
 * Which files the hub knows, kept over restarts: a line for each, appended once the hub has
 * acknowledged it. A line that is lost with the power means that a file is told twice, and the hub
 * takes that for once.
 */
export class ToldJournal {
  /**
   * Where the folder was never looked through to the end by this rule: when watching began, in
   * milliseconds by the wall clock; null otherwise.
   */
  firstBeganAtMs: number | null;
  /** Whether this is the beginning. */
  readonly isNew: boolean;
  /** The rule by which the folder was looked through before, where it was another one. */
  readonly ruleBefore: string | null;
  readonly #rule: string;
  #isRuleNoted: boolean;
  readonly #path: string;
  readonly #versions: Map<string, string>;
  #handle: FileHandle;
  #lines: number;
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, rule: string, kept: KeptLines, handle: FileHandle) {
    this.#path = path;
    this.#versions = kept.versions;
    this.#lines = kept.lines;
    this.#handle = handle;
    this.#rule = rule;
    this.#isRuleNoted = kept.rule === rule;
    this.ruleBefore = this.#isRuleNoted ? null : kept.rule;
    this.firstBeganAtMs = kept.firstBeganAtMs;
    // Of two beginnings the first counts: what came after it is news.
    const isChanged = this.ruleBefore !== null && kept.firstBeganAtMs === null;
    this.isNew = kept.text === null || isChanged;
    if (!this.isNew) return;
    this.firstBeganAtMs = Date.now();
    this.#append(lineOf(firstLook, `began ${this.firstBeganAtMs}`));
  }

  /** Where the journal of an instrument lies. */
  static pathOf(agentFolder: string, instrument: string): string {
    return join(agentFolder, 'journals', `${instrument}.jsonl`);
  }

  /** Opens a journal of what is watched by a rule, or makes it. */
  static async open(path: string, rule: string): Promise<ToldJournal> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const text = await readFile(path, 'utf8').catch(() => null);
    const kept = readLines(text);
    if (isTooLong(kept.lines, kept.versions.size)) await writeWhole(path, kept);
    const handle = await open(path, 'a', 0o600);
    // A line that was cut off must not spoil the next one.
    if (text !== null && text !== '' && !text.endsWith('\n')) await handle.write('\n');
    return new ToldJournal(path, rule, kept, handle);
  }

  /** The folder was looked through: what lay there at the beginning is known. */
  endFirstLook(): void {
    if (!this.#isRuleNoted) this.#append(lineOf(ruleKey, this.#rule));
    this.#isRuleNoted = true;
    if (this.firstBeganAtMs === null) return;
    this.firstBeganAtMs = null;
    this.#append(lineOf(firstLook, ''));
  }

  /** Whether the hub knows this very file, whatever was written to it since. */
  hasInode({ path, inode }: FileVersion): boolean {
    return this.#versions.get(path)?.split(' ')[2] === String(inode);
  }

  /** Whether the hub knows any version of this file. */
  knows(path: string): boolean {
    return this.#versions.has(path);
  }

  /** All files that the hub knows. */
  paths(): string[] {
    return [...this.#versions.keys()];
  }

  /** Whether the hub knows this version. */
  has(file: FileVersion): boolean {
    const known = this.#versions.get(file.path)?.split(' ').slice(0, 2).join(' ');
    return known === `${file.sizeBytes} ${file.modifiedMilliseconds}`;
  }

  /** The hub knows this version. */
  note(file: FileVersion): void {
    const version = versionOf(file);
    this.#versions.set(file.path, version);
    this.#append(lineOf(file.path, version));
  }

  /** Forgets a file that is gone: one of that name is a new one. */
  drop(path: string): void {
    if (!this.#versions.delete(path)) return;
    this.#append(lineOf(path, ''));
  }

  /** Writes what waits, and closes. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }

  #append(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#lines += lines.length;
    await this.#handle.appendFile(lines.join('')).catch(() => undefined);
    if (isTooLong(this.#lines, this.#versions.size)) await this.#compact().catch(() => undefined);
  }

  /** Writes the journal anew; what comes meanwhile waits, and is in both at worst. */
  async #compact(): Promise<void> {
    const { firstBeganAtMs } = this;
    const rule = this.#isRuleNoted ? this.#rule : this.ruleBefore;
    const kept = { versions: new Map(this.#versions), firstBeganAtMs, rule };
    await writeWhole(this.#path, kept);
    const handle = await open(this.#path, 'a', 0o600);
    await this.#handle.close();
    this.#handle = handle;
    this.#lines = kept.versions.size;
  }
}

/** The files of a journal that another process may be writing; null where there is none. */
export async function readToldFiles(path: string): Promise<ReadonlySet<string> | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : new Set(readLines(text).versions.keys());
}

interface KeptLines {
  text: string | null;
  lines: number;
  versions: Map<string, string>;
  firstBeganAtMs: number | null;
  rule: string | null;
}

function isTooLong(lines: number, living: number): boolean {
  return lines > living * 2 + slackLines;
}

function versionOf({ sizeBytes, modifiedMilliseconds, inode }: FileVersion): string {
  return `${sizeBytes} ${modifiedMilliseconds} ${inode}`;
}

function lineOf(path: string, version: string): string {
  return `${JSON.stringify([path, version])}\n`;
}

function readLines(text: string | null): KeptLines {
  const versions = new Map<string, string>();
  const lines = (text ?? '').split('\n').filter((line) => line !== '');
  for (const line of lines) readLine(line, versions);
  const began = versions.get(firstLook);
  versions.delete(firstLook);
  const firstBeganAtMs = began === undefined ? null : Number(began.replace('began ', ''));
  const rule = versions.get(ruleKey) ?? null;
  versions.delete(ruleKey);
  return { text, lines: lines.length, versions, firstBeganAtMs, rule };
}

function readLine(line: string, versions: Map<string, string>): void {
  try {
    const [path, version] = JSON.parse(line) as [string, string];
    if (version === '') versions.delete(path);
    else versions.set(path, version);
  } catch {
    // Cut off by a crash: its file is told again.
  }
}

async function writeWhole(
  path: string,
  { versions, firstBeganAtMs, rule }: Pick<KeptLines, 'versions' | 'firstBeganAtMs' | 'rule'>,
): Promise<void> {
  const began = firstBeganAtMs === null ? [] : [lineOf(firstLook, `began ${firstBeganAtMs}`)];
  if (rule !== null) began.push(lineOf(ruleKey, rule));
  const lines = [...versions].map(([each, version]) => lineOf(each, version));
  await writeFile(`${path}.new`, [...began, ...lines].join(''), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}
