/** An issuing CA whose certificate a root elsewhere signs: first its key and its signing request. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { AuthorityFields } from '../../design/AuthorityFields.tsx';
import { NEW_AUTHORITY, findDraftErrors, isEc, nameWish } from '../../design/authorityDraft.ts';
import { MoreOptions } from '../../design/MoreOptions.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import type { AuthorityFormProps } from './authorityForm.ts';
import { StepFrame } from './StepFrame.tsx';

export function RequestCertificate({ onBack }: AuthorityFormProps): ReactNode {
  const [draft, setDraft] = useState(NEW_AUTHORITY);
  const [more, setMore] = useState(false);
  const [tried, setTried] = useState(false);
  const errors = findDraftErrors(draft);
  const request = useVerb('authorities.signingRequest', {
    touches: ['authorities.list', 'status.get'],
    onDone: () => {
      announce('The signing request is made');
    },
  });
  return (
    <StepFrame
      title="Name the issuing CA"
      lead="Its key is made here and never leaves. What you carry to your root is a signing request, which holds no secret."
      onSubmit={() => {
        setTried(true);
        if (Object.keys(errors).length === 0) request.mutate(nameWish(draft));
      }}
      foot={
        <>
          <Button type="submit" loading={request.isPending}>
            Make the signing request
          </Button>
          <Button variant="subtle" color="slate" onClick={onBack}>
            Back
          </Button>
        </>
      }
    >
      <AuthorityFields value={draft} onChange={setDraft} errors={tried ? errors : {}} example="Example Office Issuing CA" withYears={false} withMode={more || isEc(draft.key)} />
      {!isEc(draft.key) && <MoreOptions open={more} onChange={setMore} />}
      {request.error !== null && <ProblemNote problem={request.error.problem} />}
    </StepFrame>
  );
}
