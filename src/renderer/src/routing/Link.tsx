/** A link to another place of the window. */
import { Anchor, type AnchorProps } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Path } from './path.ts';

export interface LinkProps extends AnchorProps {
  readonly to: Path;
  readonly children: ReactNode;
  readonly 'aria-label'?: string;
  readonly title?: string;
}

export const Link = ({ to, ...rest }: LinkProps): ReactNode => <Anchor href={`#${to}`} {...rest} />;
