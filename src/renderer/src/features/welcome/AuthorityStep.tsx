/** The authority itself, in the ways in which one can come about; once it is there, what it is. */
import type { ReactNode } from 'react';
import { type Authority, type AuthorityFormProps, type Findings, awaits } from './authorityForm.ts';
import { AuthorityMade } from './AuthorityMade.tsx';
import { CarryRequest } from './CarryRequest.tsx';
import { Hierarchy } from './Hierarchy.tsx';
import { ImportCa } from './ImportCa.tsx';
import { OneCa } from './OneCa.tsx';
import { RequestCertificate } from './RequestCertificate.tsx';
import type { Kind } from './steps.ts';
import { ToCourier } from './ToCourier.tsx';

export interface AuthorityStepProps extends AuthorityFormProps {
  readonly kind: Kind | undefined;
  readonly authorities: readonly Authority[];
  readonly established: boolean;
  readonly findings: Findings;
  readonly onDone: () => void;
}

export function AuthorityStep({ kind, authorities, established, findings, onMade, onBack, onDone }: AuthorityStepProps): ReactNode {
  if (established) return <AuthorityMade authorities={authorities} imported={kind === 'import'} findings={findings} onDone={onDone} />;
  const awaiting = authorities.find(awaits);
  const form = { onMade, onBack };
  if (awaiting !== undefined) return <CarryRequest authority={awaiting} onMade={onMade} />;
  switch (kind) {
    case 'hierarchy':
      return <Hierarchy root={authorities.find(({ parentId }) => parentId === null)} {...form} />;
    case 'offline':
      return <RequestCertificate {...form} />;
    case 'import':
      return <ImportCa {...form} />;
    case 'listener':
      return <ToCourier onBack={onBack} />;
    case 'one':
    case 'restore':
    case undefined:
      return <OneCa {...form} />;
  }
}
