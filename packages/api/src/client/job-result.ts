import { DomainError } from '@interpulse/domain/error.ts';
import { unwrap, type InterpulseClient, type Schemas } from './create-client.ts';

type Job = Schemas['Job'];

/** A file that a job left behind; small ones (up to 16 MiB) can be read through the hub. */
export class OutputFile {
  readonly name: string;
  readonly location: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly #read: () => Promise<Uint8Array<ArrayBuffer>>;

  constructor(client: InterpulseClient, jobId: string, output: Job['outputs'][number]) {
    this.name = output.name;
    this.location = output.location;
    this.sizeBytes = output.sizeBytes;
    this.sha256 = output.sha256;
    this.#read = async () => {
      const params = { path: { jobId }, query: { file: output.location } };
      const options = { params, parseAs: 'arrayBuffer' } as const;
      return new Uint8Array(await unwrap(client.GET('/api/v1/jobs/{jobId}/file', options)));
    };
  }

  /** The last name of its location. */
  get fileName(): string {
    return this.location.replace(/\/$/, '').split('/').at(-1) ?? '';
  }

  /** Its bytes, checked against its SHA-256. @throws DomainError conflict, when they differ. */
  async bytes(): Promise<Uint8Array> {
    const bytes = await this.#read();
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    const isSame = this.sha256 === null || toHex(new Uint8Array(digest)) === this.sha256;
    if (isSame) return bytes;
    const message = `${this.location} is not what its job left: its SHA-256 differs`;
    throw new DomainError('conflict', message);
  }

  /** Its text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /** Its content, read as JSON. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What a completed job left behind. */
export class JobResult {
  readonly job: Job;
  /** All output files; a pattern may have found several of one name. */
  readonly files: OutputFile[];
  /** The first file of each output, by name. */
  readonly outputs: Record<string, OutputFile>;

  constructor(client: InterpulseClient, job: Job) {
    this.job = job;
    this.files = job.outputs.map((output) => new OutputFile(client, job.id, output));
    this.outputs = Object.fromEntries(this.files.toReversed().map((file) => [file.name, file]));
  }

  /**
   * The output of that name.
   * @throws DomainError notFound, when the job has none.
   */
  output(name: string): OutputFile {
    const file = this.outputs[name];
    if (file !== undefined) return file;
    const names = Object.keys(this.outputs).join(', ') || 'none';
    throw new DomainError(
      'notFound',
      `job ${this.job.id} has no output "${name}"; it has ${names}`,
    );
  }
}
