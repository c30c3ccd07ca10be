/**
 * Where a first run stands: from what is real (vault, authorities) and from what the path says, so that a reload, or a week, lands where it was left.
 */
export const STEPS = ['kind', 'keys', 'authority', 'network', 'endpoint', 'device'] as const;
export type Step = (typeof STEPS)[number];

/** The last two make no authority here: a backup brings its own, and a listener's comes by courier. */
export const KINDS = ['one', 'hierarchy', 'offline', 'import', 'restore', 'listener'] as const;
export type Kind = (typeof KINDS)[number];

export interface Standing {
  readonly vault: 'empty' | 'locked' | 'open';
  readonly authorities: readonly { readonly id: string; readonly parentId: string | null; readonly awaits: boolean }[];
}

/** What the path says: `?kind=offline&step=keys`. Anything else there is as good as nothing. */
export interface Wish {
  readonly kind: Kind | undefined;
  readonly step: Step | undefined;
}

export const readWish = (params: URLSearchParams): Wish => ({
  kind: KINDS.find((kind) => kind === params.get('kind')),
  step: STEPS.find((step) => step === params.get('step')),
});

/** An authority waits for its certificate from elsewhere: that is what kind it is, whatever the path says. */
export function kindOf({ vault, authorities }: Standing, { kind }: Wish): Kind | undefined {
  if (authorities.length > 0 && authorities.every(({ awaits }) => awaits)) return 'offline';
  // A backup is restored where nothing is yet.
  return kind === 'restore' && vault !== 'empty' ? undefined : kind;
}

/** Whether some authority can issue, so that devices have somebody to enrol with. */
export const isEstablished = ({ authorities }: Standing, kind: Kind | undefined): boolean => {
  const ready = authorities.filter(({ awaits }) => !awaits);
  // A root whose issuing CA is still to be made.
  if (kind === 'hierarchy' && ready.length === 1 && ready[0]?.parentId === null) return false;
  return ready.length > 0;
};

/** The last step that can be taken now. */
export function furthestStep(standing: Standing, wish: Wish): Step {
  const kind = kindOf(standing, wish);
  if (standing.vault === 'locked') return 'keys';
  if (standing.vault === 'empty') return kind === undefined ? 'kind' : 'keys';
  if (isEstablished(standing, kind)) return 'device';
  return kind === undefined ? 'kind' : 'authority';
}

/** The step to show: the one of the path as far as it can be taken, else the first that is not done. */
export function currentStep(standing: Standing, wish: Wish): Step {
  const furthest = furthestStep(standing, wish);
  const inOrder = (step: Step): number => STEPS.indexOf(step);
  if (standing.vault === 'locked') return 'keys';
  if (wish.step !== undefined && inOrder(wish.step) <= inOrder(furthest) && isOpen(standing, wish, wish.step)) return wish.step;
  return furthest === 'device' ? 'network' : furthest;
}

/** Whether a step may be gone back to: what was made is not made again. */
export function isOpen(standing: Standing, wish: Wish, step: Step): boolean {
  if (STEPS.indexOf(step) > STEPS.indexOf(furthestStep(standing, wish))) return false;
  return step !== 'kind' || standing.authorities.length === 0;
}
