// Saves a file that the page has created.

/** Milliseconds until the browser has certainly begun to read it. */
const READ = 60_000;

/** Has the browser save it. */
export function saveAs(name: string, content: BlobPart | BlobPart[], type: string): void {
  const parts = Array.isArray(content) ? content : [content];
  const url = URL.createObjectURL(new Blob(parts, { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), READ);
}
