/** The status as the CA last told it: asked at the start, after every event, and at intervals while it does not answer. */
import { useEffect, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import type { Answer, Bridge } from '../../bridge/bridge.ts';

export type Status = Output<'status.get'>;

const RETRY = 3_000;

/** Undefined until the first answer. */
export function useStatus(bridge: Bridge): Answer<Status> | undefined {
  const [answer, setAnswer] = useState<Answer<Status>>();
  useEffect(() => {
    let current = true;
    let asked = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      const turn = ++asked;
      const next = await bridge.call('status.get', {});
      // A slow answer must not overwrite the one to a later question.
      if (!current || turn !== asked) return;
      setAnswer(next);
      if (!next.ok && next.error.code === 'unreachable') timer = setTimeout(() => void ask(), RETRY);
    };
    void ask();
    const unsubscribe = bridge.subscribe(() => void ask());
    return () => {
      current = false;
      clearTimeout(timer);
      unsubscribe();
    };
  }, [bridge]);
  return answer;
}
