/**
 * A CA on its way in: the files that were given, what the dry run says of them, and the import of the very same. The files are read once; the passphrase is
 * kept while it is needed and forgotten with the import.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { MIGRATION_MOST_BASE64, MIGRATION_MOST_FILES } from '../../../../preload/contract/migration.ts';
import type { CallError} from '../../bridge/react.tsx';
import { callOrThrow, useBridge } from '../../bridge/react.tsx';
import { announce } from '../announce.tsx';
import { type NamedFile, readBase64 } from '../readFile.ts';
import { type Imported, type Preview, sayImported, tooMuch } from './words.ts';

/** So many are read at a time. */
const AT_ONCE = 16;

type Sent = readonly { readonly name: string; readonly base64: string }[];

export interface Migration {
  readonly files: readonly NamedFile[];
  readonly setFiles: (files: readonly NamedFile[]) => void;
  readonly passphrase: string;
  readonly setPassphrase: (passphrase: string) => void;
  readonly profileId: string;
  readonly setProfileId: (profileId: string) => void;
  /** Why the files cannot be sent. */
  readonly tooMuch: string | undefined;
  readonly preview: Preview | undefined;
  /** The dry run; `certificateSha256` names the one of several CAs. */
  readonly look: (certificateSha256?: string) => void;
  readonly looking: boolean;
  /** How many files have been read of how many. */
  readonly read: { readonly done: number; readonly of: number } | undefined;
  readonly bring: () => void;
  readonly bringing: boolean;
  readonly imported: Imported | undefined;
  readonly error: CallError | null;
  /** From the dry run back to the files. */
  readonly back: () => void;
}

export function useMigration(onDone?: (imported: Imported) => void): Migration {
  const bridge = useBridge();
  const client = useQueryClient();
  const [files, setFiles] = useState<readonly NamedFile[]>([]);
  const [passphrase, setPassphrase] = useState('');
  const [profileId, setProfileId] = useState('device');
  const [preview, setPreview] = useState<Preview>();
  const [imported, setImported] = useState<Imported>();
  const [chosen, setChosen] = useState<string>();
  const [read, setRead] = useState<Migration['read']>();
  const sent = useRef<Sent>(undefined);

  const readAll = async (): Promise<Sent> => {
    if (sent.current !== undefined) return sent.current;
    const done: { readonly name: string; readonly base64: string }[] = [];
    for (let at = 0; at < files.length; at += AT_ONCE) {
      setRead({ done: at, of: files.length });
      done.push(...(await Promise.all(files.slice(at, at + AT_ONCE).map(async ({ name, file }) => ({ name, base64: await readBase64(file) })))));
    }
    setRead(undefined);
    sent.current = done;
    return done;
  };
  const input = async (certificateSha256: string | undefined) => ({
    files: [...(await readAll())],
    profileId,
    ...(passphrase === '' ? {} : { passphrase }),
    ...(certificateSha256 === undefined ? {} : { certificateSha256 }),
  });
  const looking = useMutation<Preview, CallError, string | undefined>({
    mutationFn: async (certificateSha256) => callOrThrow(bridge, 'migration.preview', await input(certificateSha256)),
    gcTime: 0,
    onSettled: () => {
      setRead(undefined);
    },
    onSuccess: (found) => {
      setPreview(found);
      announce(`The dry run is done. ${found.recognised}`);
    },
  });
  const bringing = useMutation<Imported, CallError>({
    mutationFn: async () => callOrThrow(bridge, 'migration.import', { ...(await input(chosen)), ...(preview === undefined ? {} : { digest: preview.digest }) }),
    gcTime: 0,
    onSuccess: (done) => {
      sent.current = undefined;
      setPassphrase('');
      setImported(done);
      for (const channel of ['authorities.list', 'certificates.list', 'endpoints.list', 'status.get', 'backups.list']) void client.invalidateQueries({ queryKey: [channel] });
      announce(`${done.authority.commonName} is imported. ${sayImported(done.counts)}`);
      onDone?.(done);
    },
  });
  return {
    files,
    setFiles: (next) => {
      sent.current = undefined;
      looking.reset();
      setFiles(next);
    },
    passphrase,
    setPassphrase,
    profileId,
    setProfileId,
    tooMuch: tooMuch(
      files.map(({ file }) => file),
      { files: MIGRATION_MOST_FILES, base64: MIGRATION_MOST_BASE64 },
    ),
    preview,
    look: (certificateSha256) => {
      setChosen(certificateSha256);
      bringing.reset();
      looking.mutate(certificateSha256);
    },
    looking: looking.isPending,
    read,
    bring: () => {
      bringing.mutate();
    },
    bringing: bringing.isPending,
    imported,
    error: looking.error ?? bringing.error,
    back: () => {
      setPreview(undefined);
      setChosen(undefined);
      looking.reset();
      bringing.reset();
    },
  };
}
