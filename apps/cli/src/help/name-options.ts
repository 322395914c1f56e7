import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { DomainError } from '@interpulse/domain/error.ts';

/** Has every fault in the value of an option name the option. */
export function nameOptions(command: CommandUnknownOpts): void {
  for (const option of command.options) {
    const { parseArg, long } = option;
    if (parseArg === undefined || !long) continue;
    option.parseArg = (value, previous) => {
      try {
        return parseArg(value, previous);
      } catch (cause) {
        if (!(cause instanceof DomainError) || cause.message.includes(long)) throw cause;
        throw new DomainError(cause.kind, `${long}: ${cause.message}`, { cause });
      }
    };
  }
  for (const each of command.commands) nameOptions(each);
}
