/** Prints its children and nothing else of the window, then calls `onDone`. */
import { type ReactNode, useEffect } from 'react';
import { createPortal } from 'react-dom';

export function PrintSheet({ children, onDone }: { readonly children: ReactNode; readonly onDone: () => void }): ReactNode {
  useEffect(() => {
    window.addEventListener('afterprint', onDone, { once: true });
    window.print();
    return () => {
      window.removeEventListener('afterprint', onDone);
    };
  }, [onDone]);
  return createPortal(<div className="print-only">{children}</div>, document.body);
}
