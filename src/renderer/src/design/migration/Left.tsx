/** What stays out, or is taken otherwise than the files say: a handful of reasons, with their places behind a fold. */
import type { ReactNode } from 'react';
import { countThings } from '../count.ts';
import styles from './migration.module.css';
import { type LeftOut, groupLeft, sayPlace } from './words.ts';

export function Left({ left, total }: { readonly left: readonly LeftOut[]; readonly total: number }): ReactNode {
  if (left.length === 0) return null;
  return (
    <section className={styles.card} aria-label="Left out, and why">
      <h2>Left out, and why</h2>
      <ul className={styles.groups}>
        {groupLeft(left).map(({ code, title, items }) =>
          items.length === 1 && items[0] !== undefined ? (
            <li key={code} className={styles.single}>
              {items[0].text} <span className="muted">{sayPlace(items[0])}</span>
            </li>
          ) : (
            <li key={code}>
              <details>
                <summary>
                  <span className={styles.number}>{items.length.toLocaleString('en')}</span> {title}
                </summary>
                {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
                <div className={styles.places} tabIndex={0} role="group" aria-label={`Places: ${title}`}>
                  <ul>
                    {items.map((item, index) => (
                      // The same place may be named twice.
                      <li key={index}>
                        <span className="mono">{sayPlace(item)}</span> {item.text}
                      </li>
                    ))}
                  </ul>
                </div>
              </details>
            </li>
          ),
        )}
      </ul>
      {total > left.length && (
        <p className="muted">
          These are the first {left.length.toLocaleString('en')} of {countThings(total, 'remark')}. The counts above hold for all of them.
        </p>
      )}
    </section>
  );
}
