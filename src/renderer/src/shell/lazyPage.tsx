/**
 * A page whose script is fetched when it is wanted, or before. React shows a fallback for at least 300 ms once it had to show one; a page that was
 * fetched beforehand is drawn at once, with none.
 */
import { type ComponentType, type ReactNode, lazy, useState } from 'react';

export interface LazyPage {
  readonly Page: ComponentType;
  /** Fetches its script; what goes wrong is told where the page is shown. */
  readonly preload: () => void;
}

export function lazyPage(load: () => Promise<{ readonly default: ComponentType }>): LazyPage {
  let loaded: ComponentType | undefined;
  const fetchPage = async (): Promise<{ readonly default: ComponentType }> => {
    const module = await load();
    loaded = module.default;
    return module;
  };
  const Lazy = lazy(fetchPage);
  return {
    Page: function Page(): ReactNode {
      // Decided once: another component in its place would begin anew, and what was typed into it be lost.
      const [Shown] = useState<ComponentType>(() => loaded ?? Lazy);
      return <Shown />;
    },
    preload: () => void fetchPage().catch(() => undefined),
  };
}
