/** Files that the admin gave, as the CA takes them: read when they are sent and not before, and said no to in words where a stick was pulled out. */
import { CallError } from '../bridge/react.tsx';

/** A file with its place in the folder that it came from: `newcerts/01.pem`. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

/** Rejects with a CallError where the file cannot be read any more. */
export function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      // `data:…;base64,` stands before it; of an empty file nothing more.
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.onerror = () => {
      reject(new CallError({ code: 'file-unreadable', message: `${file.name} could not be read.`, hint: 'Is the stick still in, and the file still in its place? Choose it again.' }));
    };
    reader.readAsDataURL(file);
  });
}

/** How many bytes in base64. */
export const base64Length = (size: number): number => Math.ceil(size / 3) * 4;

/** Everything that was dropped, folders with what is in them. Names keep the folders' parts, without that of a single folder around all. */
export async function filesOfDrop(data: DataTransfer): Promise<readonly NamedFile[]> {
  // The list is emptied as soon as the event is over: what is in it is taken out first.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...data.files].map((file) => ({ name: file.name, file }));
  return withoutCommonFolder((await Promise.all(entries.map((entry) => filesUnder(entry, '')))).flat());
}

/** Of an input for files or for a folder. */
export const filesOfInput = (files: Iterable<File>): readonly NamedFile[] => withoutCommonFolder([...files].map((file) => ({ name: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file })));

async function filesUnder(entry: FileSystemEntry, folder: string): Promise<readonly NamedFile[]> {
  const name = `${folder}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ name, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  for (;;) {
    // It tells at most a hundred at a time.
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return found;
    for (const each of some) found.push(...(await filesUnder(each, `${name}/`)));
  }
}

/** A folder that holds everything says nothing: `demoCA/index.txt` is `index.txt`. */
export function withoutCommonFolder<T extends { readonly name: string }>(files: readonly T[]): readonly T[] {
  const head = files[0]?.name.split('/')[0];
  if (head === undefined || !files.every(({ name }) => name.startsWith(`${head}/`))) return files;
  return withoutCommonFolder(files.map((file) => ({ ...file, name: file.name.slice(head.length + 1) })));
}
