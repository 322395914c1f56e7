import type { Hdf5File } from '../hdf5/hdf5-file.ts';

/** What axes of angles are called where nothing else says that they are. */
const names = ['rotation_angle', 'theta', 'omega'];

/**
 * The dataset of angles along the frames of a NeXus stack: the first of its group's `axes`, when
 * the file calls it a rotation or names it as one.
 *
 * @param stack Path of the frames, [frames, rows, columns].
 * @returns Its path, or undefined when the frames are along something else.
 */
export function rotationAxis(file: Hdf5File, stack: string): string | undefined {
  const group = stack.slice(0, stack.lastIndexOf('/'));
  if (group === '') return undefined;
  const axes = file.attribute(group, 'axes');
  const first = Array.isArray(axes) ? axes[0] : axes;
  if (typeof first !== 'string') return undefined;
  const path = `${group}/${first}`;
  if (file.kind(path) !== 'dataset') return undefined;
  const [frames] = file.dataset(stack).shape ?? [];
  const { shape } = file.dataset(path);
  if (shape?.length !== 1 || shape[0] !== frames) return undefined;
  const isSaid = file.attribute(path, 'transformation_type') === 'rotation';
  return isSaid || names.includes(first) ? path : undefined;
}
