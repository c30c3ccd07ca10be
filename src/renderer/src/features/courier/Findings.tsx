/** What the CA noticed while it took a file in or wrote one, worst first as it comes. */
import type { ReactNode } from 'react';
import { Note } from '../../design/Note.tsx';
import { SEVERITY } from '../../design/tones.ts';
import type { Findings as Found } from './types.ts';

export const Findings = ({ findings }: { readonly findings: Found }): ReactNode =>
  findings.map(({ code, severity, text }) => (
    <Note key={`${code} ${text}`} tone={SEVERITY[severity].tone}>
      <span className="sr-only">{SEVERITY[severity].word}: </span>
      {text}
    </Note>
  ));
