/** A CA that exists already, with what it issued: its files, the dry run, and the import. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { DryRun } from '../../design/migration/DryRun.tsx';
import { MigrationSource } from '../../design/migration/MigrationSource.tsx';
import { useMigration } from '../../design/migration/useMigration.ts';
import { Working } from '../../design/migration/Working.tsx';
import { sayImported } from '../../design/migration/words.ts';
import { ProblemNote } from '../../design/Note.tsx';
import type { AuthorityFormProps } from './authorityForm.ts';
import { StepFrame } from './StepFrame.tsx';

export function ImportCa({ onMade, onBack }: AuthorityFormProps): ReactNode {
  const migration = useMigration(({ counts, findings }) => {
    onMade([{ code: 'imported', severity: 'info', text: sayImported(counts) }, ...findings]);
  });
  const { preview, error, looking, bringing } = migration;
  const problem = error !== null && <ProblemNote problem={error.problem} />;
  if (preview !== undefined) {
    return (
      <StepFrame
        title="This would come in"
        lead="Nothing has been stored yet. What stays out is named with its reason."
        onSubmit={migration.bring}
        foot={
          <>
            <Button type="submit" loading={bringing} disabled={!preview.ready || looking}>
              Import the CA
            </Button>
            <Button variant="subtle" color="slate" disabled={bringing} onClick={migration.back}>
              Back to the files
            </Button>
          </>
        }
      >
        <DryRun preview={preview} migration={migration} />
        {problem}
        <Working migration={migration} />
      </StepFrame>
    );
  }
  return (
    <StepFrame
      title="Bring the CA that you have"
      lead="Its key is put into the vault and encrypted there. Delete the files afterwards, or lock them away: whoever has them is your CA."
      onSubmit={() => {
        migration.look();
      }}
      foot={
        <>
          <Button type="submit" loading={looking} disabled={migration.files.length === 0 || migration.tooMuch !== undefined}>
            Try it out first
          </Button>
          <Button variant="subtle" color="slate" onClick={onBack}>
            Back
          </Button>
        </>
      }
    >
      <MigrationSource migration={migration} />
      {problem}
      <Working migration={migration} />
    </StepFrame>
  );
}
