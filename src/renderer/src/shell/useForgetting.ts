/** What a locked page must not keep from the pages before it: answers in memory, a note in the corner, the last words said, the title of the tab. */
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { forgetAnswers } from '../bridge/client.ts';
import { announce } from '../design/announce.tsx';

export function useForgetting(): void {
  const client = useQueryClient();
  useEffect(() => {
    forgetAnswers(client);
    notifications.clean();
    announce('The window is locked');
    document.title = 'Locked · Countersign';
  }, [client]);
}
