import {
  DataProviderApi,
  hasArrayShape,
  hasScalarShape,
  type AttributeValues,
  type BuiltInExporter,
  type Dataset,
  type Entity,
  type ExportFormat,
  type ExportURL,
  type ProvidedEntity,
  type ValuesStoreParams,
} from '@h5web/app';
import { readEntity, type SentEntity } from './hdf5-entities.ts';
import { byteForm, toNumpyFile } from './hdf5-values.ts';

/** What H5Web knows of one HDF5 file, asked of our routes. */
export class Hdf5Api extends DataProviderApi {
  readonly #folder: string;

  constructor(datasetId: string, file: string) {
    super(file);
    this.#folder = `/api/v1/datasets/${datasetId}/hdf5`;
  }

  override async getEntity(path: string): Promise<ProvidedEntity> {
    const response = await this.#ask('entity', path);
    return readEntity(path, (await response.json()) as SentEntity) as ProvidedEntity;
  }

  override async getAttrValues(entity: Entity): Promise<AttributeValues> {
    if (entity.attributes.length === 0) return {};
    const response = await this.#ask('attributes', entity.path);
    return (await response.json()) as AttributeValues;
  }

  override async getValue(params: ValuesStoreParams, abort?: AbortSignal): Promise<unknown> {
    const { dataset, selection } = params;
    const form = byteForm(dataset.type);
    if (form === null) {
      const response = await this.#ask('value', dataset.path, { selection, format: 'json' }, abort);
      return response.json();
    }
    const array = form.view(await this.#bytes(dataset, selection, abort));
    return hasScalarShape(dataset) ? array[0] : array;
  }

  override getExportURL(
    format: ExportFormat,
    dataset: Dataset,
    selection?: string,
    builtIn?: BuiltInExporter,
  ): ExportURL | undefined {
    if (builtIn) return () => Promise.resolve(new Blob([builtIn()]));
    const form = byteForm(dataset.type);
    if (format !== 'npy' || form === null || !hasArrayShape(dataset)) return undefined;
    const shape = selectedShape(dataset.shape.dims, selection);
    return async () => toNumpyFile(await this.#bytes(dataset, selection), form, shape);
  }

  async #bytes(dataset: Dataset, selection?: string, abort?: AbortSignal): Promise<ArrayBuffer> {
    const response = await this.#ask('value', dataset.path, { selection, format: 'bin' }, abort);
    return response.arrayBuffer();
  }

  /** @throws Error with the hub's own words. */
  async #ask(
    route: 'entity' | 'attributes' | 'value',
    path: string,
    more: Record<string, string | undefined> = {},
    abort?: AbortSignal,
  ): Promise<Response> {
    const query = new URLSearchParams({ file: this.filepath, path });
    for (const [name, value] of Object.entries(more)) if (value) query.set(name, value);
    const address = `${this.#folder}/${route}?${query.toString()}`;
    const response = await fetch(address, abort ? { signal: abort } : {});
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `the hub answered ${response.status} without saying why`);
  }
}

/** The shape of a selection such as `0,:,2:5`: an index takes its axis away. */
function selectedShape(dims: number[], selection: string | undefined): number[] {
  const parts = selection?.split(',') ?? [];
  return dims.flatMap((size, axis) => {
    const part = parts[axis] ?? ':';
    if (!part.includes(':')) return [];
    const [from = '', to = ''] = part.split(':');
    return [(to === '' ? size : Number(to)) - (from === '' ? 0 : Number(from))];
  });
}
