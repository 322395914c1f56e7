import { mkdir, open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file as it was when the hub was told of it. */
export interface FileVersion {
  path: string;
  sizeBytes: number;
  modifiedMilliseconds: number;
}

/** Lines beyond the living entries that a journal may have before it is written anew. */
const slackLines = 1_000;

/**
 * Which files the hub knows, kept over restarts: a line for each, appended once the hub has
 * acknowledged it. A line that is lost with the power means that a file is told twice, and the hub
 * takes that for once.
 */
export class ToldJournal {
  /** Whether there was none: the folder is watched for the first time. */
  readonly isNew: boolean;
  readonly #versions: Map<string, string>;
  readonly #handle: FileHandle;
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(isNew: boolean, versions: Map<string, string>, handle: FileHandle) {
    this.isNew = isNew;
    this.#versions = versions;
    this.#handle = handle;
  }

  /** Opens a journal, or makes it. */
  static async open(path: string): Promise<ToldJournal> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const text = await readFile(path, 'utf8').catch(() => null);
    const versions = new Map<string, string>();
    const lines = (text ?? '').split('\n').filter((line) => line !== '');
    for (const line of lines) readLine(line, versions);
    if (lines.length > versions.size + slackLines) await writeWhole(path, versions);
    const handle = await open(path, 'a', 0o600);
    // A line that was cut off must not spoil the next one.
    if (text !== null && text !== '' && !text.endsWith('\n')) await handle.write('\n');
    return new ToldJournal(text === null, versions, handle);
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
    return this.#versions.get(file.path) === versionOf(file);
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
    await this.#handle.appendFile(lines.join('')).catch(() => undefined);
  }
}

function versionOf({ sizeBytes, modifiedMilliseconds }: FileVersion): string {
  return `${sizeBytes} ${modifiedMilliseconds}`;
}

function lineOf(path: string, version: string): string {
  return `${JSON.stringify([path, version])}\n`;
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

async function writeWhole(path: string, versions: Map<string, string>): Promise<void> {
  const lines = [...versions].map(([each, version]) => lineOf(each, version));
  await writeFile(`${path}.new`, lines.join(''), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
