/** The product's mark: a tick, and the second one that countersigns it. */
import type { ReactNode } from 'react';

export const Mark = ({ size = 28 }: { readonly size?: number }): ReactNode => (
  <svg aria-hidden="true" focusable="false" width={size} height={size} viewBox="0 0 64 64">
    <rect x="2" y="2" width="60" height="60" rx="14" fill="#2d4ea8" />
    <path d="M14 34l9 9 18-20" fill="none" stroke="#b6c6ee" strokeWidth="6" strokeLinecap="round" strokeLinejoin="round" />
    <path d="M26 38l6 6 18-20" fill="none" stroke="#fff" strokeWidth="6" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);
