/**
 * The bridge inside React: queries whose keys are the channel and its input, verbs as mutations, and events that make what they concern stale.
 * Every "no" of the CA arrives as a CallError with its problem, whichever way it took.
 */
import { type UseMutationResult, type UseQueryResult, keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, useContext, useRef } from 'react';
import type { Channel } from '../../../preload/contract/channels.ts';
import type { Input, Output } from '../../../preload/contract/contract.ts';
import type { Problem } from '../../../preload/contract/reply.ts';
import type { Bridge } from './bridge.ts';

/** The CA's "no", or the news that nobody answers. */
export class CallError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'CallError';
    this.problem = problem;
  }
}

const Context = createContext<Bridge | undefined>(undefined);

export const BridgeProvider = ({ bridge, children }: { readonly bridge: Bridge; readonly children: ReactNode }): ReactNode => <Context value={bridge}>{children}</Context>;

export function useBridge(): Bridge {
  const bridge = useContext(Context);
  if (bridge === undefined) throw new Error('there is no BridgeProvider above');
  return bridge;
}

/** Calls and throws the problem, for whatever wants promises that reject. */
export async function callOrThrow<C extends Channel>(bridge: Bridge, channel: C, input: Input<C>): Promise<Output<C>> {
  const answer = await bridge.call(channel, input);
  if (!answer.ok) throw new CallError(answer.error);
  return answer.value;
}

/** Key and function of one question. Keys are made here and nowhere else. */
export const channelQuery = <C extends Channel>(bridge: Bridge, channel: C, input: Input<C>) =>
  queryOptions<Output<C>, CallError>({ queryKey: [channel, input], queryFn: () => callOrThrow(bridge, channel, input) });

export interface ChannelOptions {
  /** False: not asked yet. */
  readonly enabled?: boolean;
  /** Keep showing the last answer while the input changes (search as you type). */
  readonly keep?: boolean;
  /** Milliseconds between questions that no event announces. */
  readonly every?: number;
}

/** Asks a channel and keeps the answer fresh. */
export function useChannel<C extends Channel>(channel: C, input: Input<C>, { enabled = true, keep = false, every }: ChannelOptions = {}): UseQueryResult<Output<C>, CallError> {
  const options = channelQuery(useBridge(), channel, input);
  return useQuery({ ...options, enabled, ...(keep ? { placeholderData: keepPreviousData } : {}), ...(every === undefined ? {} : { refetchInterval: every }) });
}

export interface VerbOptions<C extends Channel> {
  /** Questions that no event concerns. */
  readonly touches?: readonly Channel[];
  /** A password or a key goes in: it is handed on and not kept, not even as the mutation's `variables`. */
  readonly secret?: boolean;
  readonly onDone?: (value: Output<C>) => void;
}

/** A verb: `mutate(input)`. What it changed is told by events. */
export function useVerb<C extends Channel>(channel: C, { touches = [], secret = false, onDone }: VerbOptions<C> = {}): UseMutationResult<Output<C>, CallError, Input<C>> {
  const bridge = useBridge();
  const client = useQueryClient();
  const held = useRef<Input<C>>(undefined);
  const mutation = useMutation<Output<C>, CallError, Input<C>>({
    mutationKey: [channel],
    mutationFn: (input) => {
      if (!secret) return callOrThrow(bridge, channel, input);
      const taken = held.current as Input<C>;
      held.current = undefined;
      return callOrThrow(bridge, channel, taken);
    },
    // What came back may be a password: it is forgotten with the form that asked for it.
    gcTime: 0,
    onSuccess: (value) => {
      for (const touched of touches) void client.invalidateQueries({ queryKey: [touched] });
      onDone?.(value);
    },
  });
  if (!secret) return mutation;
  const mutate = (...[input, options]: Parameters<typeof mutation.mutate>): void => {
    held.current = input as Input<C>;
    mutation.mutate(...([undefined, options] as unknown as Parameters<typeof mutation.mutate>));
  };
  return { ...mutation, mutate };
}
