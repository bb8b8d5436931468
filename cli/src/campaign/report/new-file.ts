// A file that is made and written piece by piece: readable by its owner only, and never over one that is there.

import { once } from "node:events";
import { createWriteStream, rmSync } from "node:fs";
import { finished } from "node:stream/promises";

export interface NewFile {
  /** Waits while the disk is slow; rejects where it is full. */
  write(text: string | Uint8Array): Promise<void>;
  /** Resolves when everything is written. */
  close(): Promise<void>;
  /** Removes it: what it was written for has failed. A second attempt would be refused because of it. */
  discard(): Promise<void>;
}

/** Makes it; rejects if that cannot be done. */
export const newFile = async (file: string): Promise<NewFile> => {
  const out = createWriteStream(file, { flags: "wx", mode: 0o600 });
  const over = finished(out);
  // A write may fail while no caller waits: the next call rejects with the error.
  over.catch(() => {});
  await once(out, "open");
  return {
    write: async (text) => {
      if (out.errored) throw out.errored;
      if (!out.write(text)) await once(out, "drain");
    },
    close: async () => {
      out.end();
      await over;
    },
    discard: async () => {
      out.destroy();
      await over.catch(() => {});
      rmSync(file, { force: true });
    },
  };
};
