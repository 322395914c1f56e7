import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The HDF5 library itself, compiled to WebAssembly; its calls are synchronous. */
export type Hdf5Library = typeof import('h5wasm/node');

let loading: Promise<Hdf5Library> | undefined;

/**
 * Loads the HDF5 library once per thread (some 100 ms), so that programs which only may need HDF5
 * start fast. It reads and writes the real file system directly.
 *
 * Two settings come before anything else: errors must throw (without it, data whose compression
 * filter is missing read as garbage, silently), and the filters that detectors use
 * (bitshuffle-LZ4, LZ4, lzf, blosc, zstd, ...) must be on the plugin path.
 */
export function loadHdf5(): Promise<Hdf5Library> {
  loading ??= prepare();
  return loading;
}

async function prepare(): Promise<Hdf5Library> {
  const library = await import('h5wasm/node');
  const module = await library.ready;
  module.activate_throwing_error_handler();
  const plugins = fileURLToPath(import.meta.resolve('h5wasm-plugins'));
  module.insert_plugin_search_path(join(dirname(plugins), 'plugins'), 0);
  return library;
}
