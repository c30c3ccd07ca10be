/** A root and the issuing CA beneath it. The root may be there already, where the second half failed or the window was closed between them. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type CallError, callOrThrow, useBridge } from '../../bridge/react.tsx';
import type { Bridge } from '../../bridge/bridge.ts';
import { announce } from '../../design/announce.tsx';
import { AuthorityFields } from '../../design/AuthorityFields.tsx';
import { type AuthorityDraft, NEW_AUTHORITY, authorityWish, findDraftErrors, isEc } from '../../design/authorityDraft.ts';
import { MoreOptions } from '../../design/MoreOptions.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import type { Authority, AuthorityFormProps } from './authorityForm.ts';
import { StepFrame } from './StepFrame.tsx';
import styles from './welcome.module.css';

const ROOT_YEARS = 20;
const DEFAULT_PATH = '/scep';

/** The first authority brings the endpoint /scep with it; devices enrol with the issuing CA, so it is moved there. */
async function makeHierarchy(bridge: Bridge, root: Authority | undefined, rootDraft: AuthorityDraft, issuing: AuthorityDraft): Promise<void> {
  const parent = root ?? (await callOrThrow(bridge, 'authorities.create', authorityWish(rootDraft)));
  const child = await callOrThrow(bridge, 'authorities.create', authorityWish(issuing, parent.id));
  const { items } = await callOrThrow(bridge, 'endpoints.list', { limit: 500 });
  const endpoint = items.find(({ path }) => path === DEFAULT_PATH);
  if (endpoint !== undefined) await callOrThrow(bridge, 'endpoints.save', { id: endpoint.id, version: endpoint.version, authorityId: child.id });
}

export function Hierarchy({ root, onMade, onBack }: AuthorityFormProps & { readonly root: Authority | undefined }): ReactNode {
  const bridge = useBridge();
  const [rootDraft, setRootDraft] = useState<AuthorityDraft>({ ...NEW_AUTHORITY, years: ROOT_YEARS });
  const [issuing, setIssuing] = useState(NEW_AUTHORITY);
  const [more, setMore] = useState(false);
  const [tried, setTried] = useState(false);
  const rootErrors = root === undefined ? findDraftErrors(rootDraft) : {};
  const found = findDraftErrors(issuing);
  const errors = root === undefined && found.commonName === undefined && issuing.commonName.trim() === rootDraft.commonName.trim() ? { ...found, commonName: 'Give it another name than the root: devices tell CAs apart by it.' } : found;
  const make = useMutation<void, CallError>({
    mutationFn: () => makeHierarchy(bridge, root, rootDraft, issuing),
    onSuccess: () => {
      announce('Both CAs are made');
      onMade();
    },
  });
  return (
    <StepFrame
      title="Name the two CAs"
      lead="Devices are told to trust the root. It signs the issuing CA once, and the issuing CA signs the devices."
      onSubmit={() => {
        setTried(true);
        if (Object.keys(rootErrors).length + Object.keys(errors).length === 0) make.mutate();
      }}
      foot={
        <>
          <Button type="submit" loading={make.isPending}>
            {root === undefined ? 'Create both' : 'Create the issuing CA'}
          </Button>
          {root === undefined && (
            <Button variant="subtle" color="slate" onClick={onBack}>
              Back
            </Button>
          )}
        </>
      }
    >
      <section aria-labelledby="root-title">
        <h2 id="root-title" className={styles.part}>
          Root
        </h2>
        {root === undefined ? (
          <AuthorityFields
            value={rootDraft}
            onChange={(next) => {
              // Most offices are one organization: what is typed for the root stands for both until the second is changed.
              setIssuing((draft) => ({
                ...draft,
                organization: draft.organization === rootDraft.organization ? next.organization : draft.organization,
                country: draft.country === rootDraft.country ? next.country : draft.country,
              }));
              setRootDraft(next);
            }}
            errors={tried ? rootErrors : {}}
            example="Example Office Root CA"
            withMode={false}
          />
        ) : (
          <Note tone="good" title={root.commonName}>
            The root is made. What is missing is the issuing CA beneath it.
          </Note>
        )}
      </section>
      <section aria-labelledby="issuing-title">
        <h2 id="issuing-title" className={styles.part}>
          Issuing CA
        </h2>
        <AuthorityFields value={issuing} onChange={setIssuing} errors={tried ? errors : {}} example="Example Office Issuing CA" withMode={more || isEc(issuing.key)} />
      </section>
      {!isEc(issuing.key) && <MoreOptions open={more} onChange={setMore} />}
      {make.error !== null && <ProblemNote problem={make.error.problem} />}
    </StepFrame>
  );
}
