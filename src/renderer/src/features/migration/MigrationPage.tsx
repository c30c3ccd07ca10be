/** Another product's CA comes in, with what it issued and revoked: its files, a dry run, the import, and what is next. */
import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { useAction } from '../../actions/registry.ts';
import { useChannel } from '../../bridge/react.tsx';
import { Icon } from '../../design/Icon.tsx';
import { DryRun } from '../../design/migration/DryRun.tsx';
import { ImportedNotes } from '../../design/migration/Imported.tsx';
import { MigrationSource } from '../../design/migration/MigrationSource.tsx';
import { type Migration, useMigration } from '../../design/migration/useMigration.ts';
import { Working } from '../../design/migration/Working.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { PageHeader } from '../../design/Page.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate, pathTo } from '../../routing/path.ts';
import styles from './migrationPage.module.css';

export default function MigrationPage(): ReactNode {
  const migration = useMigration();
  const status = useChannel('status.get', {});
  const body = useRef<HTMLDivElement>(null);
  const stage = migration.imported !== undefined ? 'done' : migration.preview !== undefined ? 'dry-run' : 'files';
  const before = useRef(stage);
  useEffect(() => {
    if (before.current === stage) return;
    before.current = stage;
    // What had the focus is gone with the stage before.
    body.current?.scrollTo({ top: 0 });
    body.current?.focus();
  }, [stage]);
  useAction('app.back', () => {
    if (stage === 'dry-run') migration.back();
    else navigate('/authorities');
  });
  return (
    <>
      <div className={styles.crumb}>
        <Link to="/authorities">
          <Icon name="left" size={14} /> Authorities
        </Link>
      </div>
      <PageHeader
        title={stage === 'done' ? 'The CA is imported' : stage === 'dry-run' ? 'This would come in' : 'Bring in another CA'}
        subtitle={
          stage === 'files'
            ? 'With its key and the certificates that it issued, so that its devices go on renewing and its CRL goes on. A dry run shows first what comes.'
            : stage === 'dry-run'
              ? 'Nothing has been stored yet.'
              : 'Delete the files that it came from, or lock them away: whoever has them is this CA.'
        }
      />
      <div className={styles.page} ref={body} tabIndex={-1}>
        <div className={styles.body}>
          {status.data?.state === 'locked' && stage !== 'done' && (
            <Note tone="warning" title="The vault is locked">
              The dry run works; for the import, unlock the vault from the bar at the top of the window.
            </Note>
          )}
          <Stage migration={migration} />
        </div>
      </div>
    </>
  );
}

function Stage({ migration }: { readonly migration: Migration }): ReactNode {
  const { preview, imported, looking, bringing, error } = migration;
  if (imported !== undefined) {
    return (
      <>
        <ImportedNotes imported={imported} />
        <div className={styles.end}>
          <Button
            variant="default"
            onClick={() => {
              navigate('/endpoints?new=1');
            }}
          >
            Make an endpoint for it
          </Button>
          <Button
            onClick={() => {
              navigate(pathTo(['authorities', imported.authority.id]));
            }}
          >
            Open the authority
          </Button>
        </div>
      </>
    );
  }
  const problem = error !== null && <ProblemNote problem={error.problem} />;
  if (preview !== undefined) {
    return (
      <>
        <DryRun preview={preview} migration={migration} />
        {problem}
        <Working migration={migration} />
        <div className={styles.end}>
          <Button variant="default" disabled={bringing} onClick={migration.back}>
            Back to the files
          </Button>
          <Button loading={bringing} disabled={!preview.ready || looking} onClick={migration.bring}>
            Import the CA
          </Button>
        </div>
      </>
    );
  }
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        migration.look();
      }}
    >
      <MigrationSource migration={migration} />
      {problem}
      <Working migration={migration} />
      <div className={styles.end}>
        <Button
          variant="default"
          onClick={() => {
            navigate('/authorities');
          }}
        >
          Cancel
        </Button>
        <Button type="submit" loading={looking} disabled={migration.files.length === 0 || migration.tooMuch !== undefined}>
          Try it out first
        </Button>
      </div>
    </form>
  );
}
