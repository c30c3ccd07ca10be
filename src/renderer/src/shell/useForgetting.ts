/** What a locked page must not keep from the pages before it: answers in memory, the last words said, the title of the tab. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { forgetAnswers } from '../bridge/client.ts';
import { announce } from '../design/announce.tsx';

export function useForgetting(): void {
  const client = useQueryClient();
  useEffect(() => {
    forgetAnswers(client);
    announce('The window is locked');
    document.title = 'Locked · Countersign';
  }, [client]);
}
