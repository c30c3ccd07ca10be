import { describe, expect, it } from 'vitest';
import { createEvents } from '../../../../src/main/adapters/system/events.ts';

describe('events', () => {
  it('reach every listener until it ends its own subscription', () => {
    const events = createEvents(() => undefined);
    const heard: string[] = [];
    const listener = (name: string): void => void heard.push(name);
    const first = events.subscribe(listener);
    events.subscribe(listener);
    events.publish('requests.changed');
    first();
    events.publish('status.changed');
    expect(heard).toEqual(['requests.changed', 'requests.changed', 'status.changed']);
  });

  it('reach the others where one throws, and the publisher hears nothing of it', () => {
    const errors: string[] = [];
    const events = createEvents((error) => errors.push(error.message));
    const heard: unknown[] = [];
    events.subscribe(() => {
      throw new Error('broken window');
    });
    events.subscribe((_, detail) => heard.push(detail));
    events.publish('certificates.changed', { id: 'c1' });
    expect(heard).toEqual([{ id: 'c1' }]);
    expect(errors).toEqual(['broken window']);
  });
});
