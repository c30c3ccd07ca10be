/** How far a CA may reach, as an admin writes it down: how many CAs below it, and trees of names, a line each. */
import type { Input, Output } from '../../../../preload/contract/contract.ts';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { fieldProblem } from '../../design/fieldProblem.ts';

type Wish = Pick<Input<'authorities.create'>, 'pathLength' | 'nameConstraints'>;
type Limits = Pick<Output<'authorities.get'>, 'pathLength' | 'nameConstraints'>;

export interface LimitsDraft {
  /** `default` is what the kind of CA has by itself. */
  readonly below: 'default' | 'none' | 'number';
  readonly count: number | undefined;
  readonly permitted: string;
  readonly excluded: string;
}

export type LimitsErrors = { readonly [Name in 'count' | 'permitted' | 'excluded']?: string };

export const NO_LIMITS: LimitsDraft = { below: 'default', count: 1, permitted: '', excluded: '' };

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const KINDS = /^(DNS|IP|email|URI|DirName):\S/;

function lineError(text: string): string | undefined {
  const wrong = linesOf(text).find((line) => !KINDS.test(line));
  return wrong === undefined ? undefined : `“${wrong}” says no kind: write DNS:, IP:, email:, URI: or DirName: before it.`;
}

/** What cannot be sent as it stands. Whether a tree is one is the CA's to say. */
export function findLimitErrors({ below, count, permitted, excluded }: LimitsDraft): LimitsErrors {
  const wrongPermitted = lineError(permitted);
  const wrongExcluded = lineError(excluded);
  return {
    ...(below === 'number' && (count === undefined || !Number.isInteger(count) || count < 0 || count > 10) ? { count: 'Between 0 and 10.' } : {}),
    ...(wrongPermitted === undefined ? {} : { permitted: wrongPermitted }),
    ...(wrongExcluded === undefined ? {} : { excluded: wrongExcluded }),
  };
}

/** Where a "no" of the CA belongs: `nameConstraints.excluded.0: …`. */
export function limitProblem(problem: Problem | undefined): LimitsErrors | undefined {
  const refused = fieldProblem(problem, ['pathLength', 'nameConstraints']);
  if (refused === undefined) return undefined;
  if (refused.pathLength !== undefined) return { count: refused.pathLength };
  return { [problem?.message.startsWith('nameConstraints.excluded') === true ? 'excluded' : 'permitted']: refused.nameConstraints };
}

export function limitsWish({ below, count, permitted, excluded }: LimitsDraft): Wish {
  const trees = { permitted: [...linesOf(permitted)], excluded: [...linesOf(excluded)] };
  return {
    ...(below === 'default' ? {} : { pathLength: below === 'none' || count === undefined ? null : count }),
    ...(trees.permitted.length + trees.excluded.length === 0 ? {} : { nameConstraints: trees }),
  };
}

/** `None: it signs devices only`, `Two, one under the other`. */
export const sayPathLength = (pathLength: Limits['pathLength']): string => (pathLength === null ? 'As many as it likes' : pathLength === 0 ? 'None: it signs devices only' : pathLength === 1 ? 'One level' : `${pathLength} levels, one under the other`);
