import type { InterpulseClient } from '@interpulse/api/client/create-client.ts';
import type { Connection } from './connection/connection.ts';
import { createOutput, type Output } from './output/output.ts';

/** What a verb works with. */
export interface Context {
  connection: Connection;
  client: InterpulseClient;
  out: Output;
  /** The instant at which ages are counted. */
  nowAt: string;
}

/** A command of commander, of which only the options matter here. */
interface GivenCommand {
  optsWithGlobals(): object;
}

/** The options that every command has. */
export interface GlobalOptions {
  json?: boolean;
  hub?: string;
  token?: string;
}

/** The options given before or after the verb. */
export function globalOptions(command: GivenCommand): GlobalOptions {
  return command.optsWithGlobals();
}

/**
 * Finds the hub and makes what a verb works with.
 * @throws DomainError invalid, when no hub is known.
 */
export async function openContext(command: GivenCommand): Promise<Context> {
  const given = globalOptions(command);
  const { findConnection } = await import('./connection/find-connection.ts');
  const { connect } = await import('./connection/connect.ts');
  const connection = findConnection(given);
  return {
    connection,
    client: connect(connection),
    out: createOutput(given.json ?? false),
    nowAt: new Date().toISOString(),
  };
}
