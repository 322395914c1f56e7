import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { lineWriter, readLines } from '../spawner/line-stream.ts';
import type { SpawnerHello, SpawnerOrder, SpawnerWord } from '../spawner/spawner-messages.ts';
import type { CallBackServer } from './call-back-server.ts';

/** A running spawner, here or on another node. */
export interface SpawnerLink {
  send(order: SpawnerOrder): void;
  /** It ends, and with it all that it started. */
  close(): void;
}

/** What a spawner does to its pilot. */
export interface SpawnerHandlers {
  onWord(word: SpawnerWord): void;
  /** It is gone, for whatever reason; called once. */
  onClosed(reason: string): void;
}

/** How to start one. */
export interface SpawnerStart {
  /** The program of the pilot, which is that of its spawners. */
  command: readonly string[];
  hello: Omit<SpawnerHello, 'callBack'>;
  /** For another node: what starts a program there, and where the spawner calls back. */
  remote: { words: readonly string[]; server: CallBackServer } | null;
}

/** Starts a spawner as a process of this node, or through a launcher on another one. */
export function startSpawner(start: SpawnerStart, handlers: SpawnerHandlers): SpawnerLink {
  const { command, hello, remote } = start;
  const [program = '', ...words] = [...(remote?.words ?? []), ...command];
  // In a session of its own: what is done to the pilot's process group is the pilot's matter.
  const child = spawn(program, words, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  let connection: Socket | null = null;
  const closed = once((reason: string) => {
    forget();
    connection?.destroy();
    child.kill('SIGKILL');
    handlers.onClosed(reason);
  });
  let send: ((order: SpawnerOrder) => void) | null = null;
  const speak = (input: Writable, output: Readable): void => {
    input.on('error', () => undefined);
    send = lineWriter<SpawnerOrder>(input).write;
    readLines(output, (line) => handlers.onWord(JSON.parse(line) as SpawnerWord));
  };
  const { callBack, forget } = remote?.server.expect((socket) => {
    connection = socket;
    socket.on('close', () => closed('the connection to it was lost'));
    speak(socket, socket);
  }) ?? { callBack: null, forget: () => undefined };
  child.on('error', (error) => closed(error.message));
  child.on('exit', (code, signal) => closed(`it ended with ${signal ?? `code ${code}`}`));
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify({ ...hello, callBack } satisfies SpawnerHello)}\n`);
  if (remote === null) speak(child.stdin, child.stdout);
  else child.stdout.pipe(process.stderr, { end: false });
  return {
    send: (order) => send?.(order),
    close: () => closed('it was ended'),
  };
}

function once(act: (reason: string) => void): (reason: string) => void {
  let isDone = false;
  return (reason) => {
    if (isDone) return;
    isDone = true;
    act(reason);
  };
}
