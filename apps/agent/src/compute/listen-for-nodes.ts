import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ComputeConfig } from '../config/compute-config.ts';

type Listen = NonNullable<ComputeConfig['listen']>;

/**
 * Listens for pilots on other hosts. Where any port will do, that of the last time is taken again,
 * so that pilots find an agent that restarted.
 *
 * @throws DomainError `unavailable` when the port cannot be had.
 */
export async function listenForNodes(
  folder: string,
  listen: Listen,
  onSocket: (socket: Socket) => void,
): Promise<{ address: string; server: Server }> {
  const note = join(folder, 'pilot-port');
  const known = listen.port === 0 ? await readPort(note) : listen.port;
  const server =
    (known === 0 ? null : await open(listen.host, known, onSocket).catch(keepTrying(listen))) ??
    (await open(listen.host, 0, onSocket));
  const { port } = server.address() as AddressInfo;
  if (port !== known) await writeFile(note, `${port}\n`);
  return { address: `${listen.advertise ?? nameOf(listen.host)}:${port}`, server };
}

/** A port that the configuration asks for, and that is taken, is a fault; one of before is not. */
function keepTrying(listen: Listen): (error: unknown) => null {
  return (error) => {
    if (listen.port !== 0) throw error;
    return null;
  };
}

function open(host: string, port: number, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onSocket);
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const said = `listening for pilots at ${host}:${port}: ${cause.message}`;
      const remedy = 'correct "compute.listen" in the configuration';
      reject(new DomainError('unavailable', `${said}; ${remedy}`, { cause }));
    });
    server.listen(port, host, () => resolve(server));
  });
}

/** Nodes reach this host by its name, unless it listens at one address only. */
function nameOf(host: string): string {
  return host === '0.0.0.0' || host === '::' ? hostname() : host;
}

async function readPort(note: string): Promise<number> {
  const text = await readFile(note, 'utf8').catch(() => '');
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}
