import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The folder that `up` uses unless told otherwise. */
export const defaultDataFolder = 'interpulse-data';

const addressSchema = z.strictObject({ url: z.url(), pid: z.int() });

/** A hub that `up` runs on this machine. */
export interface LocalHub {
  url: string;
  /** The process id of `up`. */
  pid: number;
  token: string | undefined;
}

/** Where `up` writes the hub's address. */
const addressFile = (dataFolder: string) => join(dataFolder, 'address.json');

/** Where the hub of a data folder keeps its own files. */
export const hubFolder = (dataFolder: string): string => join(dataFolder, 'hub');

/** The administrator's token of a data folder; undefined when it cannot be read. */
export function readAdminToken(dataFolder: string): string | undefined {
  try {
    return readFileSync(join(hubFolder(dataFolder), 'admin-token'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The hub of a data folder, as far as it is written there; it may have ended since. */
export function readLocalHub(dataFolder: string): LocalHub | undefined {
  try {
    const address = addressSchema.parse(JSON.parse(readFileSync(addressFile(dataFolder), 'utf8')));
    return { ...address, token: readAdminToken(dataFolder) };
  } catch {
    return undefined;
  }
}

/** Lets other commands find the hub of a data folder. */
export function writeLocalAddress(dataFolder: string, url: string): void {
  const address = { url, pid: process.pid };
  writeFileSync(addressFile(dataFolder), `${JSON.stringify(address)}\n`, { mode: 0o600 });
}

/** Forgets the address when the hub has ended, unless another process wrote it. */
export function removeLocalAddress(dataFolder: string): void {
  if (readLocalHub(dataFolder)?.pid !== process.pid) return;
  rmSync(addressFile(dataFolder), { force: true });
}
