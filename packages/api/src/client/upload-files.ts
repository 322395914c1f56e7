import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { unwrap, type InterpulseClient, type Schemas } from './create-client.ts';
import type { JobOptions } from './submission.ts';

/** Sends local files into a collection, each content once. */
export class UploadFiles {
  readonly #client: InterpulseClient;
  readonly #folder: string | undefined;
  #sites: Promise<Schemas['Site'][]> | null = null;
  readonly #sent = new Map<string, Promise<string>>();

  /** Without a folder (`collection:/path`) they go to the work space of a site. */
  constructor(client: InterpulseClient, folder: string | undefined) {
    this.#client = client;
    this.#folder = folder?.replace(/\/+$/, '');
  }

  /**
   * The locations of a job's local files, which are there when this resolves.
   * @throws DomainError exhausted for files that must be moved instead.
   */
  async send({ files = {}, site }: JobOptions): Promise<Record<string, string>> {
    const entries = Object.entries(files);
    if (entries.length === 0) return {};
    const folder = this.#folder ?? (await this.#chooseFolder(site));
    const locations = entries.map(async ([input, file]) => {
      const { name, bytes } = file instanceof Uint8Array ? { name: input, bytes: file } : file;
      return [input, await this.#sendOnce(folder, name, bytes)] as const;
    });
    return Object.fromEntries(await Promise.all(locations));
  }

  async #chooseFolder(wish: Schemas['JobRequest']['site']): Promise<string> {
    this.#sites ??= this.#listSites();
    const items = await this.#sites;
    const able = items.filter((site) => site.scratchCollection !== null && site.status === 'up');
    const names = typeof wish === 'string' ? [wish] : Array.isArray(wish) ? wish : [];
    const site = able.find(({ name }) => names.includes(name)) ?? able[0];
    if (site !== undefined) return `${site.scratchCollection}:/uploads`;
    const hint = 'name a folder of a collection in `uploads`';
    throw new DomainError('unavailable', `no site is up that could take local files; ${hint}`);
  }

  async #listSites(): Promise<Schemas['Site'][]> {
    return (await unwrap(this.#client.GET('/api/v1/sites', {}))).items;
  }

  async #sendOnce(folder: string, name: string, bytes: Uint8Array): Promise<string> {
    if (bytes.length > limits.sessionFileBytes) {
      const hint = 'put it into a collection and give its location';
      throw new DomainError('exhausted', `${name}: ${bytes.length} bytes are too many; ${hint}`);
    }
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
    const key = [...new Uint8Array(digest).subarray(0, 16)]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    const location = `${folder}/${key}/${name}`;
    const known = this.#sent.get(location);
    if (known !== undefined) return known;
    const sent = this.#put(location, bytes);
    this.#sent.set(location, sent);
    // What failed is sent again by who comes next.
    sent.catch(() => this.#sent.delete(location));
    return sent;
  }

  async #put(location: string, bytes: Uint8Array): Promise<string> {
    const options = {
      params: { query: { location } },
      // The document calls bytes a string.
      body: bytes as unknown as string,
      bodySerializer: (body: unknown) => body as never,
      headers: { 'content-type': 'application/octet-stream' },
    };
    return (await unwrap(this.#client.PUT('/api/v1/file', options))).location;
  }
}
