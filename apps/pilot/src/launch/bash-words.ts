import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';

/** A program, and what the app wants around it. */
export type Wrapped = Pick<Task, 'preamble' | 'pre' | 'post'> & {
  /** With its launcher. */
  program: readonly string[];
};

/**
 * Wraps a program in `bash`, only where lines or commands come around it. The lines of the preamble
 * are the only text that the shell reads: all words of all commands are its arguments. A script
 * that is sourced without arguments of its own would see those, so they are put aside first.
 *
 * The trap lets the shell wait for a command that was told to end, as the command must be.
 */
export function bashWords({ preamble, pre, program, post }: Wrapped): string[] {
  if (preamble.length === 0 && pre.length === 0 && post.length === 0) return [...program];
  const words: string[] = [];
  const slice = (command: readonly string[]): string => {
    const from = words.length;
    words.push(...command);
    return `"\${interpulse_words[@]:${from}:${command.length}}"`;
  };
  const around = (commands: readonly (readonly string[])[], which: string): string[] =>
    commands.map((command, place) => {
      const name = `the command ${place + 1} ${which} the program`;
      return `${slice(command)} || interpulse_fail "${name}" $?`;
    });
  const lines = [
    'interpulse_words=("$@")',
    'set --',
    'trap : TERM INT HUP USR1 USR2',
    'interpulse_fail() { echo "$1 exited with code $2" >&2; exit "$2"; }',
    ...preamble,
    ...around(pre, 'before'),
    post.length === 0 ? `exec ${slice(program)}` : `${slice(program)} || exit`,
    ...around(post, 'after'),
    // Else the shell would end as its last test did.
    'exit 0',
  ];
  return ['bash', '-c', lines.join('\n'), 'interpulse', ...words];
}
