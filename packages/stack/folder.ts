import { StackError } from "./errors.ts";

/** SQLite's result codes, without what is in the higher bits of its extended ones. */
const SQLITE = { perm: 3, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADb: 26 };

const NO_RIGHTS =
  "cannot be read and written by this user: give this user the right to, or choose another folder";
const NO_ROOM =
  "has no room left on its disk, or in its quota: make room, or choose a folder on another disk; nothing that was kept is lost";
const DAMAGED =
  "is damaged: move it away to start anew, or put back a copy made while nothing ran on it";
const NO_FOLDER = "is no folder, or lies within what is none: choose another";

const BY_CODE: Readonly<Record<string, string>> = {
  EACCES: NO_RIGHTS,
  EPERM: NO_RIGHTS,
  EROFS: "lies on a disk that is mounted read-only: choose another folder",
  ENOSPC: NO_ROOM,
  EDQUOT: NO_ROOM,
  EFBIG: NO_ROOM,
  EEXIST: NO_FOLDER,
  ENOTDIR: NO_FOLDER,
};

const BY_SQLITE_CODE: Readonly<Record<number, string>> = {
  [SQLITE.perm]: NO_RIGHTS,
  [SQLITE.readOnly]: NO_RIGHTS,
  [SQLITE.cannotOpen]: NO_RIGHTS,
  [SQLITE.full]: NO_ROOM,
  // SQLite says so too of a full disk where it could not make its index of the log larger.
  [SQLITE.io]: "cannot be read or written: its disk is full or fails",
  [SQLITE.corrupt]: DAMAGED,
  [SQLITE.notADb]: DAMAGED,
};

/** What the folder's owner can mend, in words, where an error of the file system or of SQLite is
 * about that; nothing where it is about something else. */
export function explainFolder(dir: string, error: unknown): StackError | undefined {
  const { code = "", errcode = 0 } = error as { code?: string; errcode?: number };
  const reason = BY_CODE[code] ?? BY_SQLITE_CODE[errcode & 0xff];
  return reason === undefined
    ? undefined
    : new StackError(`the folder ${dir} ${reason}`, { cause: error, option: "dir" });
}
