/** A QR code, drawn as one path in ink on white: scanners want it so in the dark scheme too. */
import { type ReactNode, useMemo } from 'react';
import { encode } from 'uqr';

export function QrCode({ text, label, size = 176 }: { readonly text: string; readonly label: string; readonly size?: number }): ReactNode {
  const { path, side } = useMemo(() => {
    const { data, size: modules } = encode(text, { border: 4, ecc: 'M' });
    const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { path: squares.join(''), side: modules };
  }, [text]);
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
