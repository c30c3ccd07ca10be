/** What was issued: the list, and one certificate at `/certificates/<id>` (or `/certificates/serial/<hex>`, as the audit log names it). */
import { Activity, type ReactNode, useEffect, useRef } from 'react';
import { usePlace } from '../../routing/path.ts';
import { CertificateBySerial } from './CertificateBySerial.tsx';
import { CertificateList } from './CertificateList.tsx';
import { CertificateView } from './CertificateView.tsx';

export default function CertificatesPage(): ReactNode {
  const { segments } = usePlace();
  const [, id, serial] = segments;
  const list = useRef<HTMLDivElement>(null);
  const opened = useRef(id);
  useEffect(() => {
    const came = opened.current !== undefined && id === undefined;
    opened.current = id;
    // Back from a certificate: the row that was opened is where one was.
    if (came) requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[role=row][tabindex="0"]')?.focus());
  }, [id]);
  return (
    <>
      {/* The list stays as it was, rows, place and all, while a certificate is looked at. */}
      <Activity mode={id === undefined ? 'visible' : 'hidden'}>
        <CertificateList ref={list} />
      </Activity>
      {id !== undefined && (id === 'serial' && serial !== undefined ? <CertificateBySerial serial={serial} /> : <CertificateView key={id} id={id} />)}
    </>
  );
}
