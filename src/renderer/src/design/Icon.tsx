/** Line icons on a 20 by 20 grid. They stand beside words and are hidden from assistive technology; an icon alone is a defect. */
import type { ReactNode } from 'react';

const PATHS = {
  inbox: 'M3 11.5 5 4h10l2 7.5v4a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM3 11.5h4l1 2h4l1-2h4',
  certificate: 'M4 3h12v9H4zM7 6h6M7 9h3M12.5 12v5.5L10.75 16 9 17.5V12',
  key: 'M7 13.5a3.5 3.5 0 1 1 3.2-4.9h6.8v3h-2v2h-2.5v-2h-2.3A3.5 3.5 0 0 1 7 13.5zM6.6 10h.1',
  authority: 'M10 2.5 3.5 5v4.5c0 4 2.8 6.8 6.5 8 3.7-1.2 6.5-4 6.5-8V5zM7 10l2.2 2.2L13.2 8',
  endpoint: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2.2 2 3 4.400 3 7s-.8 5-3 7c-2.200-2-3-4.400-3-7s.8-5 3-7z',
  overview: 'M3 16.500h14M5 14V9.500M10 14V4M15 14V7',
  messages: 'M3 6h11M11 3l3 3-3 3M17 14H6M9 11l-3 3 3 3',
  audit: 'M5 2.500h7l3.500 3.500v11.500H5zM12 2.500V6h3.500M7.500 9.500h5.500M7.500 12.500h5.500M7.500 15h3',
  settings: 'M3 5.500h8M15 5.500h2M13 7.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM3 14.500h2M9 14.500h8M7 16.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  check: 'm4 10.500 4 4 8-9',
  doubleCheck: 'm2.500 10.500 3.500 3.500 7-8M8.500 13l1 1 8-8.500',
  cross: 'm5 5 10 10M15 5 5 15',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.500 2',
  warning: 'M10 3 2.500 16.500h15zM10 8v4M10 14.300v.1',
  danger: 'M7 2.500h6L17.500 7v6L13 17.500H7L2.500 13V7zM10 6v5M10 13.700v.1',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9v4.500M10 6.500v.1',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  unlock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 5.700-1.300',
  copy: 'M7 7h9v9H7zM4 12.500V4h8.500',
  search: 'M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4',
  plus: 'M10 4v12M4 10h12',
  download: 'M10 3v9.500M6 9l4 4 4-4M3.500 16.500h13',
  print: 'M6 7V3h8v4M4 14V7h12v7h-2M6 11.500h8V17H6z',
  qr: 'M3 3h5.500v5.500H3zM11.500 3H17v5.500h-5.500zM3 11.500h5.500V17H3zM11.500 11.500h2v2h-2zM15 15h2v2h-2zM15 11.500h2M11.500 17v-1',
  eye: 'M2 10s3-5.500 8-5.500S18 10 18 10s-3 5.500-8 5.500S2 10 2 10zM10 12.300a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600z',
  right: 'm7.500 4.500 5.500 5.500-5.500 5.500',
  left: 'm12.500 4.500-5.500 5.500 5.500 5.500',
  down: 'm4.500 7.500 5.500 5.500 5.500-5.500',
  refresh: 'M16 10a6 6 0 1 1-1.800-4.300L16 7.500M16 3.500v4h-4',
  undo: 'M4 8h8a4 4 0 0 1 0 8H8M4 8l3.500-3.500M4 8l3.500 3.500',
  stop: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM5.200 5.200l9.600 9.600',
  pause: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8.200 7.500v5M11.800 7.500v5',
  device: 'M4 4h12v8.500H4zM7.500 16.500h5M10 12.500v4',
  sun: 'M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100',
  moon: 'M16.500 11.500A6.800 6.800 0 0 1 8.500 3.500a6.800 6.800 0 1 0 8 8z',
  help: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8 8a2 2 0 1 1 2.700 1.900c-.5.200-.7.600-.7 1.100v.4M10 13.700v.1',
  more: 'M5 10h.1M10 10h.1M15 10h.1',
  link: 'M8.500 11.500a3 3 0 0 0 4.200 0l2.600-2.600a3 3 0 0 0-4.200-4.200l-.8.8M11.500 8.500a3 3 0 0 0-4.200 0l-2.600 2.600a3 3 0 0 0 4.200 4.200l.8-.8',
  match: 'M3 4h5v5H3zM12 11h5v5h-5zM8 6.500h4.500v4.500',
  stick: 'M7 2.500h6V8H7zM5.500 8h9v7.500a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2zM9 5h.1M11 5h.1',
  speak: 'M3 8v4h3l4 3.500v-11L6 8zM13 7.500a3.500 3.500 0 0 1 0 5M15 5a7 7 0 0 1 0 10',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode => (
  <svg aria-hidden="true" focusable="false" width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth={1.6} strokeLinecap="round" strokeLinejoin="round">
    <path d={PATHS[name]} />
  </svg>
);
