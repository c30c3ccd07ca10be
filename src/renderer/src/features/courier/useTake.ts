/** A file from the stick on its way to the CA: read, sent, and what came of it. What a run changes is asked for anew. */
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Bridge } from '../../bridge/bridge.ts';
import { type CallError, useBridge } from '../../bridge/react.tsx';
import { readBase64 } from '../../design/readFile.ts';

/** As much as the contract takes, before base64. */
export const COURIER_MOST = 48 * 1024 * 1024;

export interface TakeOptions<T> {
  readonly onDone?: (value: T) => void;
}

export function useTake<T>(call: (bridge: Bridge, base64: string) => Promise<T>, { onDone }: TakeOptions<T> = {}): UseMutationResult<T, CallError, File> {
  const bridge = useBridge();
  const refresh = useRefresh();
  return useMutation<T, CallError, File>({
    mutationFn: async (file) => call(bridge, await readBase64(file)),
    gcTime: 0,
    onSuccess: (value) => {
      refresh();
      onDone?.(value);
    },
  });
}

/** Everything that a run of the courier may have changed. */
export function useRefresh(): () => void {
  const client = useQueryClient();
  return () => {
    for (const channel of ['courier.status', 'status.get', 'authorities.list', 'endpoints.list', 'certificates.list', 'requests.list', 'crls.get']) void client.invalidateQueries({ queryKey: [channel] });
  };
}
