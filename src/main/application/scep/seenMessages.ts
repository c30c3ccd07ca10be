/** Digests of messages that made a request, in memory and bounded: identical bytes skip the decrypt. What is forgotten is only opened again. */

export interface SeenMessages {
  requestOf(endpointId: string, messageSha256: string): string | undefined;
  remember(endpointId: string, messageSha256: string, requestId: string): void;
}

// Twice the default limit on waiting requests: those are the ones that re-send.
const REMEMBERED = 2000;

export function createSeenMessages(): SeenMessages {
  const requests = new Map<string, string>();
  return {
    requestOf: (endpointId, messageSha256) => requests.get(`${endpointId}/${messageSha256}`),
    remember: (endpointId, messageSha256, requestId) => {
      requests.set(`${endpointId}/${messageSha256}`, requestId);
      const oldest = requests.keys().next();
      if (requests.size > REMEMBERED && oldest.done !== true) requests.delete(oldest.value);
    },
  };
}
