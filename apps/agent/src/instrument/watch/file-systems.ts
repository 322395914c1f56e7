import { statfs } from 'node:fs/promises';

/** File systems by their magic numbers (Linux, `statfs(2)`); others are taken for local ones. */
const kinds: Readonly<Record<number, { name: string; isNetwork: boolean }>> = {
  0xef53: { name: 'ext4', isNetwork: false },
  0x58465342: { name: 'xfs', isNetwork: false },
  0x9123683e: { name: 'btrfs', isNetwork: false },
  0x2fc12fc1: { name: 'zfs', isNetwork: false },
  0x01021994: { name: 'tmpfs', isNetwork: false },
  0x794c7630: { name: 'overlayfs', isNetwork: false },
  0x6969: { name: 'nfs', isNetwork: true },
  0x517b: { name: 'smb', isNetwork: true },
  0xff534d42: { name: 'cifs', isNetwork: true },
  0xfe534d42: { name: 'smb3', isNetwork: true },
  0x0bd00bd0: { name: 'lustre', isNetwork: true },
  0x47504653: { name: 'gpfs', isNetwork: true },
  0x19830326: { name: 'beegfs', isNetwork: true },
  0x00c36400: { name: 'ceph', isNetwork: true },
  0xaad7aaea: { name: 'panfs', isNetwork: true },
  0x20030528: { name: 'orangefs', isNetwork: true },
  0x01161970: { name: 'gfs2', isNetwork: true },
  0x7461636f: { name: 'ocfs2', isNetwork: true },
  0x5346414f: { name: 'afs', isNetwork: true },
  0x65735546: { name: 'fuse', isNetwork: true },
  0x01021997: { name: '9p', isNetwork: true },
  0x6a656a63: { name: 'virtiofs', isNetwork: true },
};

/** What kind of file system a folder lies on. */
export interface FileSystemKind {
  name: string;
  /** Whether other machines may write there, of which the system here tells nothing. */
  isNetwork: boolean;
}

/** The kind of file system behind a number of `statfs`. */
export function fileSystemKind(type: number): FileSystemKind {
  // The numbers of some kinds come out negative.
  const magic = type < 0 ? type + 2 ** 32 : type;
  return kinds[magic] ?? { name: `type 0x${magic.toString(16)}`, isNetwork: false };
}

/** Looks what a folder lies on. @throws the system's error where there is none. */
export async function fileSystemOf(folder: string): Promise<FileSystemKind> {
  return fileSystemKind((await statfs(folder)).type);
}
