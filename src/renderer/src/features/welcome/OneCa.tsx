/** One CA that signs everything, itself included. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { AuthorityFields } from '../../design/AuthorityFields.tsx';
import { NEW_AUTHORITY, authorityWish, findDraftErrors, isEc } from '../../design/authorityDraft.ts';
import { MoreOptions } from '../../design/MoreOptions.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import type { AuthorityFormProps } from './authorityForm.ts';
import { StepFrame } from './StepFrame.tsx';

export function OneCa({ onMade, onBack }: AuthorityFormProps): ReactNode {
  const [draft, setDraft] = useState(NEW_AUTHORITY);
  const [more, setMore] = useState(false);
  const [tried, setTried] = useState(false);
  const errors = findDraftErrors(draft);
  const create = useVerb('authorities.create', {
    onDone: ({ commonName }) => {
      announce(`${commonName} is made`);
      onMade();
    },
  });
  return (
    <StepFrame
      title="Name your CA"
      lead="Its name is what people see when a device asks them whether to trust it. Name it after your office, not after this computer."
      onSubmit={() => {
        setTried(true);
        if (Object.keys(errors).length === 0) create.mutate(authorityWish(draft));
      }}
      foot={
        <>
          <Button type="submit" loading={create.isPending}>
            Create the CA
          </Button>
          <Button variant="subtle" color="slate" onClick={onBack}>
            Back
          </Button>
        </>
      }
    >
      <AuthorityFields value={draft} onChange={setDraft} errors={tried ? errors : {}} withMode={more || isEc(draft.key)} />
      {!isEc(draft.key) && <MoreOptions open={more} onChange={setMore} />}
      {create.error !== null && <ProblemNote problem={create.error.problem} />}
    </StepFrame>
  );
}
